import { createHash } from 'node:crypto'

const LONGEST = 64
const KEPT_BEFORE_HASH = 55
const HASH_DIGITS = 8

/**
 * The name of an integration's tool or prompt in the gateway: always `^[A-Za-z0-9_-]{1,64}$`, since model APIs accept no other, and
 * stable whatever else exists: it depends on the two names alone. Names that cleaning changed or that are too long
 * get a hash of the original, so that `a.b` and `a_b` stay apart. A slug has no underscore, so no integration can
 * take a name of another. Never parsed back: the catalog has a Map.
 */
export function nameInGateway(slug: string, name: string): string {
  const original = `${slug}__${name}`
  const cleaned = original.replace(/[^A-Za-z0-9_-]/gu, '_')
  if (cleaned === original && cleaned.length <= LONGEST) return cleaned
  const hash = createHash('sha256').update(original).digest('hex').slice(0, HASH_DIGITS)
  return `${cleaned.slice(0, KEPT_BEFORE_HASH)}_${hash}`
}
