import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { app, clipboard, ipcMain, session } from 'electron'
import { DEFAULT_WORKSPACE } from '../../shared/contract/workspaces.ts'
import type { App } from '../app.ts'
import { DataDir } from '../base/data-dir.ts'
import type { Logger } from '../base/log.ts'
import { LogoFiles } from '../logos/logo-files.ts'
import { serveConsole } from './app-protocol.ts'
import { ConsoleWindow } from './console-window.ts'
import { IpcDoor } from './ipc-door.ts'
import { lockDownContents, lockDownSession } from './lockdown.ts'
import { setApplicationMenu } from './menu.ts'
import { desktopHasTray } from './desktop-has-tray.ts'
import { trayState } from './tray-state.ts'
import { GatewayTray } from './tray.ts'
import { WindowBounds } from './window-bounds.ts'

interface DesktopOptions {
  core: App
  /** The folder of the build, with preload/ and renderer/ in it. */
  outDir: string
  iconsDir: string
  dataDir: string
  /** Started at login: no window until somebody asks for it. */
  hidden: boolean
  log: Logger
}

/** A burst of changes is one for the tray. */
const TRAY_PAUSE_MS = 1_000

/** Everything the person sees of a running core: window, menu, tray. Ends the core when the person quits. */
export class Desktop {
  readonly #options: DesktopOptions
  readonly #door: IpcDoor
  readonly #window: ConsoleWindow
  readonly #tray: GatewayTray
  readonly #ending = new AbortController()
  #closing: Promise<void> | undefined
  #quitting = false
  #toldThatItRuns = false

  constructor(options: DesktopOptions) {
    const { core, outDir, iconsDir, dataDir, hidden, log } = options
    this.#options = options
    lockDownSession(session.defaultSession)
    lockDownContents(app)
    serveConsole(session.defaultSession, join(outDir, 'renderer'), new LogoFiles(DataDir.at(dataDir).logosDir))
    this.#door = new IpcDoor({ ipc: ipcMain, router: core.router, log })
    this.#window = new ConsoleWindow({
      preload: join(outDir, 'preload', 'index.cjs'),
      icon: join(iconsDir, 'gatehouse-256.png'),
      bounds: new WindowBounds(join(dataDir, 'window.json')),
      onOpened: (window) => this.#door.admit(window.webContents),
      onClosed: () => this.#windowClosed(),
    })
    const openConsole = () => this.#window.show()
    const copyMcpUrl = () => void clipboard.writeText(core.urls.mcp_url)
    const quit = () => app.quit()
    setApplicationMenu({ copyMcpUrl, quit })
    const openIntegration = (name: string) => this.#window.show(`/integrations/${encodeURIComponent(name)}/overview`)
    this.#tray = new GatewayTray({ icon: join(iconsDir, trayIcon()), openConsole, openIntegration, copyMcpUrl, quit })
    this.#keepTrayInStep().catch((error: unknown) => log.error({ err: error }, 'the tray does not follow any more'))

    app.on('second-instance', openConsole)
    app.on('activate', openConsole)
    // Without a listener Electron quits with the last window; the gateway serves agents on.
    app.on('window-all-closed', () => undefined)
    app.on('before-quit', () => (this.#quitting = true))
    app.on('will-quit', (event) => {
      event.preventDefault()
      void this.#quit()
    })
    if (!hidden) openConsole()
  }

  async #quit(): Promise<void> {
    this.#closing ??= this.#close()
    await this.#closing
    app.exit(0)
  }

  async #close(): Promise<void> {
    const { core, log } = this.#options
    this.#ending.abort()
    this.#tray.destroy()
    this.#door.close()
    await core.close().catch((error: unknown) => log.error({ err: error }, 'the core did not close in order'))
  }

  /** The console's own operations tell what the tray shows; it follows their events. */
  async #keepTrayInStep(): Promise<void> {
    const { signal } = this.#ending
    const client = createRouterClient(this.#options.core.router, {
      context: { workspace: DEFAULT_WORKSPACE, actor: 'window' },
    })
    const show = async () => {
      const { items } = await client.integrations.list()
      if (!signal.aborted) this.#tray.show(trayState(items))
    }
    const events = await client.system.stream(undefined, { signal })
    await show()
    let pause: NodeJS.Timeout | undefined
    for await (const { type } of events) {
      if (!['integration_changed', 'integration_removed', 'resync'].includes(type)) continue
      pause ??= setTimeout(() => {
        pause = undefined
        show().catch(() => undefined)
      }, TRAY_PAUSE_MS)
    }
    clearTimeout(pause)
  }

  #windowClosed(): void {
    if (!this.#quitting && !this.#options.core.settings.values.keep_in_tray) app.quit()
    else void this.#sayThatItRuns()
  }

  /** Where no tray shows that the gateway runs on, the terminal says it, once. */
  async #sayThatItRuns(): Promise<void> {
    if (this.#quitting || this.#toldThatItRuns || (await desktopHasTray())) return
    this.#toldThatItRuns = true
    process.stdout.write(
      'The gateway keeps running without its window. Start Gatehouse again to reopen the console; Ctrl+Q there quits.\n',
    )
  }
}

/** macOS recolours a template image for its menu bar. */
const trayIcon = () => (process.platform === 'darwin' ? 'trayTemplate.png' : 'tray.png')
