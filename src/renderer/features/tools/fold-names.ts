import { isPattern } from '../../../shared/tool-filter.ts'

/** One pattern in the place of many names. */
export interface Fold {
  pattern: string
  names: readonly string[]
}

/** Fewer names are still read one by one. */
const FOLD_FROM = 20
/** A pattern that replaces fewer makes a list no clearer. */
const LEAST_NAMES = 10
/** Names break into words here. Deeper than this a pattern says little. */
const BREAKS = /[_\-./:]/g
const DEEPEST = 6

/**
 * Patterns that say exactly what the single names of a list say about these tools: no pattern matches a tool that the list
 * does not name. Names of no known tool stay names.
 */
export function proposeFolds(entries: readonly string[], tools: readonly string[]): Fold[] {
  const named = new Set(entries.filter((entry) => !isPattern(entry)))
  const singles = tools.filter((tool) => named.has(tool))
  if (singles.length < FOLD_FROM) return []
  const begins = foldsBy(singles, tools, named, beginningsOf, (part) => `${part}*`)
  const folded = new Set(begins.flatMap(({ names }) => names))
  const rest = singles.filter((name) => !folded.has(name))
  return [...begins, ...foldsBy(rest, tools, named, endingsOf, (part) => `*${part}`)]
}

/** The list with each fold's pattern in the place of its names. */
export function applyFolds(entries: readonly string[], folds: readonly Fold[]): string[] {
  const folded = new Set(folds.flatMap(({ names }) => names))
  return [...new Set([...entries.filter((entry) => !folded.has(entry)), ...folds.map(({ pattern }) => pattern)])]
}

/** The parts that only named tools have, those with the most names first; none covers what another has covered. */
function foldsBy(
  singles: readonly string[],
  tools: readonly string[],
  named: ReadonlySet<string>,
  partsOf: (name: string) => string[],
  patternOf: (part: string) => string,
): Fold[] {
  const spoiled = new Set(tools.filter((tool) => !named.has(tool)).flatMap(partsOf))
  const byPart = new Map<string, string[]>()
  for (const name of singles) {
    for (const part of partsOf(name)) {
      if (spoiled.has(part)) continue
      const names = byPart.get(part)
      if (names) names.push(name)
      else byPart.set(part, [name])
    }
  }
  const taken = new Set<string>()
  const folds: Fold[] = []
  // Of two that cover the same, the longer one says more about which tools are meant.
  const byWorth = [...byPart].sort(([one, a], [other, b]) => b.length - a.length || other.length - one.length)
  for (const [part, names] of byWorth) {
    if (names.length < LEAST_NAMES) break
    const free = names.filter((name) => !taken.has(name))
    if (free.length < LEAST_NAMES) continue
    for (const name of free) taken.add(name)
    folds.push({ pattern: patternOf(part), names: free })
  }
  return folds
}

/** `github_create_issue` begins with nothing, `github_` and `github_create_`. A part with `*` would be another pattern. */
function beginningsOf(name: string): string[] {
  const breaks = [...name.matchAll(BREAKS)].slice(0, DEEPEST)
  return ['', ...breaks.map(({ index }) => name.slice(0, index + 1))].filter((part) => !isPattern(part))
}

function endingsOf(name: string): string[] {
  const breaks = [...name.matchAll(BREAKS)].slice(-DEEPEST)
  return breaks.map(({ index }) => name.slice(index)).filter((part) => !isPattern(part))
}
