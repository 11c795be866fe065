/** The transports of a server at a URL. */
export type UrlTransport = 'sse' | 'http'

/**
 * What an address tells of its transport: `…/sse` is the old one's, `…/mcp`, also further up, the new one's. Any other
 * tells nothing.
 */
export function transportOfUrl(url: URL): UrlTransport | undefined {
  const segments = url.pathname.toLowerCase().split('/').filter(Boolean)
  if (segments.at(-1) === 'sse') return 'sse'
  return segments.includes('mcp') ? 'http' : undefined
}

const WORDS: Readonly<Record<string, UrlTransport>> = {
  sse: 'sse',
  'sse-only': 'sse',
  'sse-first': 'sse',
  http: 'http',
  'http-only': 'http',
  'http-first': 'http',
  'streamable-http': 'http',
  streamable_http: 'http',
  streamablehttp: 'http',
}

/** What a configuration or a command line calls it; undefined for another word. */
export function transportOfWord(word: string | undefined): UrlTransport | undefined {
  const key = word?.toLowerCase() ?? ''
  return Object.hasOwn(WORDS, key) ? WORDS[key] : undefined
}
