import { DynamicLink } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { type ConsoleLink, UnreachableError, WORKSPACE_HEADER } from './host.ts'
import { raceSignal } from './race-signal.ts'

/** What preload exposes: `connect` makes main post a fresh port to this page. */
export interface WindowBridge {
  connect: () => void
}

const PORT_TIMEOUT_MS = 5_000

/**
 * The window's way to the core: one MessagePort, asked for when the first call needs it and again after it closes. A call
 * on a closed port would wait for ever, so each call is raced against the close of its own port.
 */
export function windowLink(bridge: WindowBridge, workspace: () => string): ConsoleLink {
  let current: Promise<ConsoleLink> | undefined

  const ask = async (): Promise<ConsoleLink> => {
    const port = await nextPort(bridge)
    const closed = new AbortController()
    port.addEventListener('close', () => {
      current = undefined
      closed.abort(new UnreachableError('The gateway closed the connection.'))
    })
    const link = new RPCLink({ port, headers: () => ({ [WORKSPACE_HEADER]: workspace() }) })
    port.start()
    return {
      call: (path, input, options) => raceSignal(link.call(path, input, options), closed.signal),
    }
  }

  return new DynamicLink(async () => {
    current ??= ask()
    try {
      return await current
    } catch (cause) {
      current = undefined
      throw cause
    }
  })
}

function nextPort(bridge: WindowBridge): Promise<MessagePort> {
  return new Promise((resolve, reject) => {
    const listener = (event: MessageEvent): void => {
      // Any frame may post a message to us; only our own preload script shares our window object.
      if (event.source !== window || event.data !== 'gatehouse:port') return
      const port = event.ports[0]
      if (!port) return
      finish()
      resolve(port)
    }
    const timer = setTimeout(() => {
      finish()
      reject(new UnreachableError('The gateway did not open a connection to this window.'))
    }, PORT_TIMEOUT_MS)
    const finish = (): void => {
      clearTimeout(timer)
      window.removeEventListener('message', listener)
    }
    window.addEventListener('message', listener)
    bridge.connect()
  })
}
