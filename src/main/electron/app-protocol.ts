import { protocol, type Session } from 'electron'
import { consoleHeaders, readConsoleFile } from '../console-files.ts'
import type { LogoFiles } from '../logos/logo-files.ts'
import { readServedLogo } from '../logos/served-logo.ts'

/** A scheme of its own instead of file://, whose pages may read any file of the user. */
const SCHEME = 'app'
const HOST = 'console'
export const CONSOLE_URL = `${SCHEME}://${HOST}/`

/** Has to be called before Electron is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the built console, and nothing outside its folder, at `app://console/`, with the logos below it. */
export function serveConsole(session: Session, consoleDir: string, logos: LogoFiles): void {
  session.protocol.handle(SCHEME, async (request) => {
    const { host, pathname } = new URL(request.url)
    const isOurs = request.method === 'GET' && host === HOST
    const file = isOurs
      ? ((await readServedLogo(logos, pathname)) ?? (await readConsoleFile(consoleDir, pathname)))
      : undefined
    if (!file) return new Response('Not found', { status: 404, headers: consoleHeaders })
    return new Response(file.body, { headers: file.headers })
  })
}

/** Compared as strings: the URL class knows no origin for schemes that are not the web's. */
export function isConsole(url: string): boolean {
  return url.startsWith(CONSOLE_URL)
}
