import type { App, Session, WebContents } from 'electron'
import { isConsole } from './app-protocol.ts'

/**
 * Threat: text that servers and tools wrote runs as script in the console after all. Then the page must not be able to
 * leave its origin, open windows, embed others, or ask for devices; the port to the core is all it has.
 */
export function lockDownSession(session: Session): void {
  // Electron's default grants every permission.
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === CLIPBOARD_WRITE))
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === CLIPBOARD_WRITE && isConsole(origin),
  )
  session.setDevicePermissionHandler(() => false)
  // What the console made itself may be saved: Electron asks the person where to. Nothing is fetched.
  session.on('will-download', (event, item) => {
    if (!isOwnFile(item.getURL())) event.preventDefault()
  })
}

/** A blob has the origin of the page that made it. */
function isOwnFile(url: string): boolean {
  return url.startsWith(BLOB) && isConsole(url.slice(BLOB.length))
}

const BLOB = 'blob:'

/** The one permission the console has: its Copy buttons. It writes only, after a click, and reads nothing. */
const CLIPBOARD_WRITE = 'clipboard-sanitized-write'

/**
 * Holds for every page of the app, also for ones that should never come to be. What would be a new window is handed to
 * `openLink` where the console asked for it: the links of integrations and incidents, whose host the console shows before.
 */
export function lockDownContents(app: App, openLink: (url: string) => void): void {
  app.on('web-contents-created', (_event, contents) => {
    denyNavigation(contents)
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      if (isConsole(contents.getURL())) openLink(url)
      return { action: 'deny' }
    })
  })
}

function denyNavigation(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!isConsole(event.url)) event.preventDefault()
  })
  contents.on('will-frame-navigate', (event) => {
    if (!isConsole(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => {
    if (!isConsole(event.url)) event.preventDefault()
  })
}
