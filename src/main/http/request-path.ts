import type { IncomingMessage } from 'node:http'

/** The path as it was sent, without the query. Never decoded here: each door decodes what it takes apart. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/'
}

export function isUnder(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`)
}

/** The first value of a parameter of the query; null when it is not there. */
export function queryOf(request: IncomingMessage, name: string): string | null {
  const { url = '/' } = request
  const start = url.indexOf('?')
  return start === -1 ? null : new URLSearchParams(url.slice(start + 1)).get(name)
}
