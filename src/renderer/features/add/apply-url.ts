import { looksSecret } from '../../../shared/secret-names.ts'
import type { PastedServer } from './paste.ts'
import { transportOfUrl, type UrlTransport } from './transport-of-url.ts'

/** How the address is spoken to: what was said, else what the address tells, else what is usual where it was found. */
interface TransportFacts {
  said?: UrlTransport | undefined
  usual?: UrlTransport
}

/** Puts an address into a server. Credentials in it move to where they are kept sealed: a URL is stored in the clear. */
export function applyUrl(
  server: PastedServer,
  text: string,
  { said, usual = 'sse' }: TransportFacts = {},
): PastedServer {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol)) throw new Error('Enter a full URL, for example https://example.com/mcp.')
  const notes = [...server.notes]
  let result: PastedServer = { ...server, transport: said ?? transportOfUrl(url) ?? usual, server_url: text }
  if (url.username || url.password) {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    url.username = ''
    url.password = ''
    result = {
      ...result,
      server_url: url.href,
      auth_type: 'bearer',
      auth_header_prefix: 'Basic',
      token: btoa(String.fromCharCode(...new TextEncoder().encode(pair))),
    }
    notes.push('The user name and password of the URL are now the token, with the prefix Basic.')
  }
  if ([...url.searchParams].some(([name, value]) => looksSecret(name, value))) {
    notes.push('The URL seems to hold a secret. A URL is stored in the clear; prefer a token if the server takes one.')
  }
  return { ...result, notes }
}
