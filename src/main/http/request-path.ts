import type { IncomingMessage } from 'node:http'

/** The path as it was sent, without the query. Never decoded here: each door decodes what it takes apart. */
export function pathOf(request: IncomingMessage): string {
  const { url = '/' } = request
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
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
