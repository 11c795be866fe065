import { z } from 'zod'

/** An address of a server: http(s), without credentials in it (they belong to the vault). */
export const HttpUrl = z
  .url({ protocol: /^https?$/, error: 'Enter a full URL, for example https://example.com/mcp.' })
  .max(2048, 'Use at most 2048 characters.')
  .refine(hasNoUserInfo, 'Leave user name and password out of the URL; store them as credentials.')

export function hasNoUserInfo(value: string): boolean {
  // As addresses are read (WHATWG URL): `https:///user:password@host/` and `https:\user:password@host` have them as well.
  const read = value.replace(/[\t\n\r]/g, '').replace(/^[\p{Cc}\s]+/u, '')
  return !/^https?:[/\\]*[^/\\?#]*@/i.test(read)
}
