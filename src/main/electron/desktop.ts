import { join } from 'node:path'
import { app, clipboard, ipcMain, session, shell } from 'electron'
import type { ChangeEvent } from '../../shared/contract/events.ts'
import type { Integration } from '../../shared/contract/integrations.ts'
import type { ApiRouter } from '../api/router.ts'
import type { App } from '../app.ts'
import { DataDir } from '../base/data-dir.ts'
import type { Logger } from '../base/log.ts'
import { LogoFiles } from '../logos/logo-files.ts'
import { serveConsole } from './app-protocol.ts'
import { ConsoleWindow } from './console-window.ts'
import { DeepLinks } from './deep-links.ts'
import { IpcDoor } from './ipc-door.ts'
import { lockDownContents, lockDownSession } from './lockdown.ts'
import { setApplicationMenu } from './menu.ts'
import { showNotification } from './notification.ts'
import { openInBrowser } from './open-browser.ts'
import { desktopHasTray } from './desktop-has-tray.ts'
import { SignInNotices, type Notice } from './sign-in-notices.ts'
import type { StartInbox } from './start-inbox.ts'
import { trayState } from './tray-state.ts'
import { GatewayTray } from './tray.ts'
import { WindowBounds } from './window-bounds.ts'
import { WorkspaceEvents } from './workspace-events.ts'

interface DesktopOptions {
  core: App
  router: ApiRouter
  /** The folder of the build, with preload/ and renderer/ in it. */
  outDir: string
  iconsDir: string
  dataDir: string
  /** Started at login: no window until somebody asks for it. */
  hidden: boolean
  /** What starts of the application ask of this one. */
  inbox: StartInbox
  /** Makes the system hand links to this data folder. */
  claimLinks: () => void
  log: Logger
}

/** An integration, as the desktop names it outside the window. */
interface Place {
  workspace: string
  name: string
}

/** A burst of changes is one for the tray. */
const TRAY_PAUSE_MS = 1_000
const TRAY_EVENTS: ReadonlySet<ChangeEvent['type']> = new Set([
  'integration_changed',
  'integration_removed',
  'workspace_removed',
  'resync',
])

/** Everything the person sees of a running core: window, menu, tray, messages. Ends the core when the person quits. */
export class Desktop {
  readonly #options: DesktopOptions
  readonly #door: IpcDoor
  readonly #window: ConsoleWindow
  readonly #tray: GatewayTray
  readonly #events: WorkspaceEvents
  /** Every workspace is known from then on. */
  readonly #heard: Promise<void>
  readonly #notices: SignInNotices
  #trayPause: NodeJS.Timeout | undefined
  #closing: Promise<void> | undefined
  #quitting = false
  #toldThatItRuns = false

  constructor(options: DesktopOptions) {
    const { core, router, outDir, iconsDir, dataDir, hidden, inbox, log } = options
    this.#options = options
    lockDownSession(session.defaultSession)
    lockDownContents(app, (url) => void this.#openLink(url))
    serveConsole(session.defaultSession, join(outDir, 'renderer'), new LogoFiles(DataDir.at(dataDir).logosDir))
    this.#door = new IpcDoor({ ipc: ipcMain, router, log })
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
    const openIntegration = (place: Place) => this.#show(place)
    this.#tray = new GatewayTray({ icon: join(iconsDir, trayIcon()), openConsole, openIntegration, copyMcpUrl, quit })
    this.#notices = new SignInNotices({
      show: (notice) => this.#notify(notice),
      titleOf: (place) => this.#titleOf(place),
    })
    this.#events = new WorkspaceEvents({
      router,
      hear: (workspace, event) => this.#hear(workspace, event),
      log,
    })
    this.#heard = this.#events.start()
    this.#heard
      .then(() => this.#refreshTray())
      .catch((error: unknown) => log.error({ err: error }, 'the desktop does not hear what happens'))
    const links = new DeepLinks({
      core,
      workspaceWith: (name, workspace) => this.#workspaceWith(name, workspace),
      show: (place) => this.#show(place),
      tell: (message) => void this.#notify({ title: 'Gatehouse', body: message }),
      log,
    })

    app.on('activate', openConsole)
    // Without a listener Electron quits with the last window; the gateway serves agents on.
    app.on('window-all-closed', () => undefined)
    app.on('before-quit', () => (this.#quitting = true))
    app.on('will-quit', (event) => {
      event.preventDefault()
      void this.#quit()
    })
    if (!hidden) openConsole()
    inbox.deliverTo((link) => (link === undefined ? openConsole() : void links.follow(link)))
  }

  /** The console has shown the host before. */
  async #openLink(url: string): Promise<void> {
    try {
      await openInBrowser(url, (address) => shell.openExternal(address))
    } catch (error) {
      this.#options.log.warn({ err: error }, 'a link of the console was not opened')
    }
  }

  async #quit(): Promise<void> {
    this.#closing ??= this.#close()
    await this.#closing
    app.exit(0)
  }

  async #close(): Promise<void> {
    const { core, log } = this.#options
    clearTimeout(this.#trayPause)
    this.#events.close()
    this.#notices.close()
    this.#tray.destroy()
    this.#door.close()
    await core.close().catch((error: unknown) => log.error({ err: error }, 'the core did not close in order'))
  }

  #hear(workspace: string, event: ChangeEvent): void {
    if (event.type === 'authorization_needed') this.#notices.needed(workspace, event)
    else if (event.type === 'integration_changed') this.#integrationChanged(workspace, event.integration)
    else if (event.type === 'integration_removed') this.#notices.removed(workspace, event.name)
    if (!TRAY_EVENTS.has(event.type) || this.#closing) return
    this.#trayPause ??= setTimeout(() => {
      this.#trayPause = undefined
      this.#refreshTray().catch(() => undefined)
    }, TRAY_PAUSE_MS)
  }

  #integrationChanged(workspace: string, integration: Integration): void {
    this.#notices.changed(workspace, integration)
    // Whoever opens the browser, a command for example, it comes back here.
    if (integration.oauth?.waiting) this.#options.claimLinks()
  }

  async #refreshTray(): Promise<void> {
    const state = trayState(await this.#events.integrations())
    if (!this.#closing) this.#tray.show(state)
  }

  async #titleOf({ workspace, name }: Place): Promise<string> {
    const items = (await this.#events.integrations()).get(workspace) ?? []
    const title = items.find((item) => item.name === name)?.display_name ?? ''
    return title === '' ? name : title
  }

  async #workspaceWith(name: string, wanted: string | undefined): Promise<string | undefined> {
    await this.#heard
    const found = [...(await this.#events.integrations())].find(
      ([workspace, items]) =>
        (wanted === undefined || workspace === wanted) && items.some((item) => item.name === name),
    )
    return found?.[0]
  }

  /** The workspace is named, because the console may be showing another one. */
  #show(place?: Place): void {
    if (!place) this.#window.show()
    else {
      const { workspace, name } = place
      this.#window.show(`/integrations/${encodeURIComponent(name)}/overview?workspace=${encodeURIComponent(workspace)}`)
    }
  }

  #notify(notice: Notice): { close(): void } {
    const icon = join(this.#options.iconsDir, 'gatehouse-256.png')
    return showNotification(notice, icon, () => this.#show(notice.integration))
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
