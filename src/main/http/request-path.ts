import type { IncomingMessage } from 'node:http'

/** The path as it was sent, without the query. Never decoded here: each door decodes what it takes apart. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/'
}

export function isUnder(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`)
}
