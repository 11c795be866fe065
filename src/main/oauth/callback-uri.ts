import { randomBytes } from 'node:crypto'
import type { OAuthClient } from './records.ts'

const CALLBACK_PATH = '/oauth/callback'
/** Digits and small letters: nobody who hands a link on writes them differently. */
const OWN_SEGMENT = /^[0-9a-f]{32}$/

/** On a port of this machine (RFC 8252, 7.3). An IP literal, as names may resolve to something else (8.3). */
export function loopbackUri(port: number): string {
  return `http://127.0.0.1:${port}${CALLBACK_PATH}`
}

/** By a link that the system hands to the desktop application (RFC 8252, 7.1). */
export const LINK_URI = `gatehouse:/${CALLBACK_PATH}`

/**
 * A redirect URI that no other client has, below the plain one. Threat: a server that stands between us and the
 * authorization server of another integration, sends the browser there with that one's client, and is brought the code by
 * us (RFC 9700, 4.4). The browser comes back where that client is registered, which is another path than was agreed.
 */
export function ownUri(plain: string): string {
  return `${plain}/${randomBytes(16).toString('hex')}`
}

/** Where a browser comes back to that is sent away as this client: `plain`, or what it was registered with below that. */
export function uriOf({ redirectUris }: Pick<OAuthClient, 'redirectUris'>, plain: string): string {
  return redirectUris.find((uri) => isAt(uri, plain)) ?? plain
}

/** Whether it is the plain redirect URI, or one of a client below it. */
export function isAt(uri: string, plain: string): boolean {
  return uri === plain || (uri.startsWith(`${plain}/`) && OWN_SEGMENT.test(uri.slice(plain.length + 1)))
}

/** What is listened on: the same for all clients below it. */
export function plainOf(uri: string): string {
  return uri.replace(/\/[0-9a-f]{32}$/, '')
}

/** Whether browsers may come back to this path of ours. */
export function isCallbackPath(path: string): boolean {
  return isAt(path, CALLBACK_PATH)
}

/** Whether it is a link by which browsers come back. `gatehouse:oauth/callback` has no host, and is another address. */
export function isCallbackLink(url: URL): boolean {
  return url.host === 'oauth' && isAt(withoutQuery(url), LINK_URI)
}

/** A link is handed over by the system, which may end its path with a slash. */
export function withoutQuery({ protocol, host, pathname }: URL): string {
  const path = protocol === 'gatehouse:' ? pathname.replace(/\/$/, '') : pathname
  return `${protocol}//${host}${path}`
}
