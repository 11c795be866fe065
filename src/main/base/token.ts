import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

const TOKEN_BYTES = 32

/** A new token: 256 random bits. The prefix lets secret scanners and people recognise it. */
export function newToken(prefix: string): string {
  return `${prefix}${randomBytes(TOKEN_BYTES).toString('base64url')}`
}

/** What is stored: a plain hash is enough for 256 random bits, nothing can be guessed from it. */
export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}

/** The same as text, to look a token up by: in a table of hashes nothing can be learned from how long it takes. */
export function tokenKey(token: string): string {
  return hash('sha256', token, 'hex')
}

export function sameHash(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
