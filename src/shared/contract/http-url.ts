import { z } from 'zod'

/** An address of a server: http(s), without credentials in it (they belong to the vault). */
export const HttpUrl = z
  .url({ protocol: /^https?$/, error: 'Enter a full URL, for example https://example.com/mcp.' })
  .max(2048, 'Use at most 2048 characters.')
  .refine(hasNoUserInfo, 'Leave user name and password out of the URL; store them as credentials.')

function hasNoUserInfo(value: string): boolean {
  return !/^https?:\/\/[^/?#]*@/i.test(value)
}
