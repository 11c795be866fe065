import { isLoopbackAddress } from '../base/public-address.ts'
import { safeFetch } from '../base/safe-fetch.ts'
import { imageTypeOf } from './image-type.ts'

const MAX_BYTES = 256 * 1024
const TIMEOUT_MS = 5_000
const ACCEPT = 'image/svg+xml, image/webp, image/png, image/*;q=0.8'

/** Gets a logo from where an admin said that it is: https, or http on this machine. Throws with the reason. */
export async function fetchLogo(address: string, signal: AbortSignal): Promise<Buffer> {
  const url = new URL(address)
  const privateOrigin = isLoopback(url.hostname) ? url.origin : undefined
  const bytes = await safeFetch(url, {
    maxBytes: MAX_BYTES,
    timeoutMs: TIMEOUT_MS,
    accept: ACCEPT,
    privateOrigin,
    signal,
  })
  if (imageTypeOf(bytes) !== undefined) return bytes
  throw new Error(`${url.host} sends no PNG, JPEG, WebP, GIF, ICO or SVG of a logo's size.`)
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || isLoopbackAddress(hostname.replace(/^\[|\]$/g, ''))
}
