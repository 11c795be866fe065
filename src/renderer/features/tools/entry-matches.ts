import { compileToolFilter, isPattern } from '../../../shared/tool-filter.ts'
import { countWords } from '../../ui/words.ts'

/** Which of the known names entries stand for. */
export interface EntryMatches {
  /** How many names one entry matches. */
  count: (entry: string) => number
  /** How many names at least one of them matches. */
  countAll: (entries: readonly string[]) => number
  /** Entries that match no name: a typing error, or a tool that is gone. */
  unmatched: (entries: readonly string[]) => string[]
}

/** A pattern is counted again at each key that is typed after it; more than these are not in anybody's lists for long. */
const KEPT = 1_000

/** Counts over one list of names, which may hold 10,000; what was counted for a pattern is kept. */
export function countMatches(names: readonly string[]): EntryMatches {
  const known = new Set(names)
  const counts = new Map<string, number>()
  const countAll = (entries: readonly string[]): number => {
    if (entries.length === 0) return 0
    const { stateOf } = compileToolFilter(entries, [])
    return names.reduce((count, name) => count + (stateOf(name) === 'allowed' ? 1 : 0), 0)
  }
  const count = (entry: string): number => {
    if (!isPattern(entry)) return known.has(entry) ? 1 : 0
    const counted = counts.get(entry)
    if (counted !== undefined) return counted
    const fresh = countAll([entry])
    if (counts.size >= KEPT) counts.clear()
    counts.set(entry, fresh)
    return fresh
  }
  return { count, countAll, unmatched: (entries) => entries.filter((entry) => count(entry) === 0) }
}

/** What is being typed, in words: "create_* matches 14 tools", "3 entries match 20 tools". */
export function typedWords(entries: readonly string[], matches: EntryMatches): string {
  const [only] = entries
  if (only === undefined) return ''
  const count = matches.countAll(entries)
  const tools = count === 0 ? 'no tool' : countWords(count, 'tool')
  return entries.length === 1
    ? `${only} matches ${tools}`
    : `${countWords(entries.length, 'entry', 'entries')} match ${tools}`
}
