import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'

/**
 * What a model reads of a tool, and what decides how it is called. Everything else (`_meta`, icons, vendor keys) may
 * change freely: servers put dates and counters there. What a person wants to read first comes first.
 */
export const PINNED: ReadonlySet<string> = new Set([
  'name',
  'title',
  'description',
  'inputSchema',
  'outputSchema',
  'annotations',
])

/**
 * SHA-256 of the pinned members in the one spelling that all equal ones share, in hex: two definitions with the same one
 * mean the same. `text`: the definition's JSON text.
 */
export function fingerprint(text: string): string {
  return createHash('sha256').update(canonicalJson(text, PINNED)).digest('hex')
}
