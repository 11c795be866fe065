import { matchScore, queryWords } from './match.ts'

export type EntryKind =
  'Command' | 'Integration' | 'Tool' | 'Agent' | 'Settings' | 'Workspace' | 'Notifications' | 'Incidents'

/** One thing that the palette can do. */
export interface PaletteEntry {
  /** Stays the same between starts: the recent ones are kept by it. */
  id: string
  kind: EntryKind
  label: string
  /** An identifier beside the label: a slug, a tool's name. Found by it as well. */
  code?: string
  keys?: string
  run: () => void
}

export const MAX_RESULTS = 50
/** What is recent comes before what matches a little better, not before what matches much better. */
const RECENT_BONUS = 12

/**
 * The entries for what was typed, best first. Without a query: the recent ones, then everything in its order except for
 * tools, of which there may be thousands.
 */
export function searchEntries(
  entries: readonly PaletteEntry[],
  query: string,
  recent: readonly string[],
): readonly PaletteEntry[] {
  const words = queryWords(query)
  if (words.length === 0) return withoutQuery(entries, recent)
  const scored: { entry: PaletteEntry; score: number }[] = []
  for (const entry of entries) {
    const text = `${entry.label} ${entry.code ?? ''}`.toLowerCase()
    const score = matchScore(words, text)
    if (score === undefined) continue
    const place = recent.indexOf(entry.id)
    scored.push({ entry, score: place < 0 ? score : score + RECENT_BONUS * (1 - place / recent.length) })
  }
  return scored
    .sort((one, other) => other.score - one.score)
    .slice(0, MAX_RESULTS)
    .map(({ entry }) => entry)
}

function withoutQuery(entries: readonly PaletteEntry[], recent: readonly string[]): PaletteEntry[] {
  const places = new Map(recent.map((id, place) => [id, place]))
  const placeOf = ({ id }: PaletteEntry): number => places.get(id) ?? recent.length
  return entries
    .filter(({ id, kind }) => kind !== 'Tool' || places.has(id))
    .sort((one, other) => placeOf(one) - placeOf(other))
    .slice(0, MAX_RESULTS)
}
