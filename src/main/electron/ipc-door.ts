import { RPCHandler } from '@orpc/server/message-port'
import { MessageChannelMain, type IpcMain, type IpcMainEvent, type MessagePortMain, type WebContents } from 'electron'
import { DEFAULT_WORKSPACE } from '../../shared/contract/words.ts'
import type { ApiContext } from '../api/implementer.ts'
import type { ApiRouter } from '../api/router.ts'
import type { Logger } from '../base/log.ts'
import { isConsole } from './app-protocol.ts'

/**
 * The window's door to the core: one MessagePort for each page load, handed over when the page asks for it.
 *
 * Threat: another frame or page gets hold of the port, which needs no token. So the asking frame must be the main frame
 * of the console's own window and still be showing the console; a new port closes the one before it.
 */
export class IpcDoor {
  readonly #ipc: IpcMain
  readonly #handler: RPCHandler<ApiContext>
  readonly #log: Logger
  readonly #admitted = new Set<WebContents>()
  readonly #ports = new Map<WebContents, MessagePortMain>()

  constructor(options: { ipc: IpcMain; router: ApiRouter; log: Logger }) {
    this.#ipc = options.ipc
    this.#log = options.log
    this.#handler = new RPCHandler(options.router, {
      // Same header as on HTTP, so that the console's client is one for both hosts.
      rootInterceptors: [
        (call) => {
          const asked = call.request.headers['gatehouse-workspace']
          return call.next({
            ...call,
            context: { actor: 'window', workspace: typeof asked === 'string' ? asked : DEFAULT_WORKSPACE },
          })
        },
      ],
    })
    this.#ipc.on('port', this.#onPortAsked)
  }

  /** Lets a window ask for ports until it is gone. */
  admit(contents: WebContents): void {
    this.#admitted.add(contents)
    contents.once('destroyed', () => {
      this.#admitted.delete(contents)
      this.#closePort(contents)
    })
    contents.on('render-process-gone', () => this.#closePort(contents))
  }

  close(): void {
    this.#ipc.off('port', this.#onPortAsked)
    for (const contents of [...this.#ports.keys()]) this.#closePort(contents)
  }

  readonly #onPortAsked = ({ sender, senderFrame }: IpcMainEvent): void => {
    // senderFrame is null when the frame has navigated away since it asked.
    if (
      !this.#admitted.has(sender) ||
      !senderFrame ||
      senderFrame !== sender.mainFrame ||
      !isConsole(senderFrame.url)
    ) {
      this.#log.warn({ url: senderFrame?.url ?? null }, 'a page that is not the console asked for a port')
      return
    }
    this.#closePort(sender)
    const { port1, port2 } = new MessageChannelMain()
    this.#ports.set(sender, port1)
    port1.once('close', () => {
      if (this.#ports.get(sender) === port1) this.#ports.delete(sender)
    })
    this.#handler.upgrade(port1, { context: { actor: 'window', workspace: DEFAULT_WORKSPACE } })
    port1.start()
    senderFrame.postMessage('port', null, [port2])
  }

  #closePort(contents: WebContents): void {
    this.#ports.get(contents)?.close()
    this.#ports.delete(contents)
  }
}
