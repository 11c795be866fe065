import { BrowserWindow, screen, type WebPreferences } from 'electron'
import { CONSOLE_URL } from './app-protocol.ts'
import type { WindowBounds } from './window-bounds.ts'

/** The isolation of the page from Electron; all other switches stay at Electron's defaults. */
const webPreferences = (preload: string): WebPreferences => ({
  preload,
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webviewTag: false,
  spellcheck: false,
  navigateOnDragDrop: false,
})

interface ConsoleWindowOptions {
  preload: string
  icon: string
  bounds: WindowBounds
  onOpened: (window: BrowserWindow) => void
  onClosed: () => void
}

/** The one window. Closing it ends the page and its memory, not the gateway; `show` makes a new one. */
export class ConsoleWindow {
  readonly #options: ConsoleWindowOptions
  #window: BrowserWindow | undefined

  constructor(options: ConsoleWindowOptions) {
    this.#options = options
  }

  /** Opens the window, or brings it to the front; with `route` at that place of the console. */
  show(route?: string): void {
    if (!this.#window) this.#open(route)
    else {
      if (route !== undefined) this.#load(this.#window, route)
      if (this.#window.isMinimized()) this.#window.restore()
      this.#window.show()
      this.#window.focus()
    }
  }

  #open(route: string | undefined): void {
    const { maximized, ...place } = this.#options.bounds.restore(
      screen.getAllDisplays().map((display) => display.workArea),
    )
    const window = new BrowserWindow({
      ...place,
      title: 'Gatehouse',
      icon: this.#options.icon,
      show: false,
      webPreferences: webPreferences(this.#options.preload),
    })
    this.#window = window
    this.#options.onOpened(window)
    window.once('ready-to-show', () => {
      if (maximized) window.maximize()
      window.show()
    })
    window.on('close', () => this.#options.bounds.save(window.getNormalBounds(), window.isMaximized()))
    window.once('closed', () => {
      this.#window = undefined
      this.#options.onClosed()
    })
    // The page crashed or was ended by the system: the core is well, so a fresh page is all it takes.
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit') window.webContents.reload()
    })
    this.#load(window, route)
  }

  /** Routes live in the fragment, so a page that is there stays and only goes to another place. */
  #load(window: BrowserWindow, route: string | undefined): void {
    // A failed load shows in the window; the promise says the same.
    window.loadURL(route === undefined ? CONSOLE_URL : `${CONSOLE_URL}#${route}`).catch(() => undefined)
  }
}
