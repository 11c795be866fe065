import { join } from 'node:path'
import { app, clipboard, ipcMain, session, type Tray } from 'electron'
import type { App } from '../app.ts'
import type { Logger } from '../base/log.ts'
import { serveConsole } from './app-protocol.ts'
import { ConsoleWindow } from './console-window.ts'
import { IpcDoor } from './ipc-door.ts'
import { lockDownContents, lockDownSession } from './lockdown.ts'
import { setApplicationMenu } from './menu.ts'
import { createTray, desktopHasTray } from './tray.ts'
import { WindowBounds } from './window-bounds.ts'

interface DesktopOptions {
  core: App
  /** The folder of the build, with preload/ and renderer/ in it. */
  outDir: string
  iconsDir: string
  dataDir: string
  log: Logger
}

/** Everything the person sees of a running core: window, menu, tray. Ends the core when the person quits. */
export class Desktop {
  readonly #options: DesktopOptions
  readonly #door: IpcDoor
  readonly #window: ConsoleWindow
  readonly #tray: Tray
  #closing: Promise<void> | undefined
  #quitting = false
  #toldThatItRuns = false

  constructor(options: DesktopOptions) {
    const { core, outDir, iconsDir, dataDir, log } = options
    this.#options = options
    lockDownSession(session.defaultSession)
    lockDownContents(app)
    serveConsole(session.defaultSession, join(outDir, 'renderer'))
    this.#door = new IpcDoor({ ipc: ipcMain, router: core.router, log })
    this.#window = new ConsoleWindow({
      preload: join(outDir, 'preload', 'index.cjs'),
      icon: join(iconsDir, 'gatehouse-256.png'),
      bounds: new WindowBounds(join(dataDir, 'window.json')),
      onOpened: (window) => this.#door.admit(window.webContents),
      onClosed: () => void this.#sayThatItRuns(),
    })
    const openConsole = () => this.#window.show()
    const copyMcpUrl = () => void clipboard.writeText(core.urls.mcp_url)
    const quit = () => app.quit()
    setApplicationMenu({ copyMcpUrl, quit })
    this.#tray = createTray({ icon: join(iconsDir, trayIcon()), openConsole, copyMcpUrl, quit })

    app.on('second-instance', openConsole)
    app.on('activate', openConsole)
    // Without a listener Electron quits with the last window; the gateway serves agents on.
    app.on('window-all-closed', () => undefined)
    app.on('before-quit', () => (this.#quitting = true))
    app.on('will-quit', (event) => {
      event.preventDefault()
      void this.#quit()
    })
    openConsole()
  }

  async #quit(): Promise<void> {
    this.#closing ??= this.#close()
    await this.#closing
    app.exit(0)
  }

  async #close(): Promise<void> {
    const { core, log } = this.#options
    this.#tray.destroy()
    this.#door.close()
    await core.close().catch((error: unknown) => log.error({ err: error }, 'the core did not close in order'))
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
