import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'

/**
 * What a model reads of a tool, and what decides how it is called. Everything else (`_meta`, icons, vendor keys) may
 * change freely: servers put dates and counters there.
 */
const PINNED: ReadonlySet<string> = new Set([
  'name',
  'title',
  'description',
  'inputSchema',
  'outputSchema',
  'annotations',
])

/** The pinned members of a definition in the one spelling that all equal ones share. `text`: the definition's JSON text. */
export function pinnedDefinition(text: string): string {
  return canonicalJson(text, PINNED)
}

/** SHA-256 of the pinned members, in hex: two definitions with the same one mean the same. */
export function fingerprint(text: string): string {
  return createHash('sha256').update(pinnedDefinition(text)).digest('hex')
}
