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

  /** Opens the window, or brings it to the front. */
  show(): void {
    if (!this.#window) this.#open()
    else {
      if (this.#window.isMinimized()) this.#window.restore()
      this.#window.show()
      this.#window.focus()
    }
  }

  #open(): void {
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
    // A failed load shows in the window; the promise says the same.
    window.loadURL(CONSOLE_URL).catch(() => undefined)
  }
}
