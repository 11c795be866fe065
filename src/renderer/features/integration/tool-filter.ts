import type { ToolState } from '../../../shared/contract/tools.ts'

/** The two lists of an integration: an allow list (empty: every tool), then a block list. */
export interface Filter {
  enabled: readonly string[]
  disabled: readonly string[]
}

/** What the filter says about a tool, and the entry that decided. */
export interface Verdict {
  state: ToolState
  by: string | undefined
}

export type Choice = 'default' | 'allow' | 'block'

/** The gateway's rule (contract.md, tool filter), compiled once for a list that may hold 10,000 tools. */
export function compileFilter({ enabled, disabled }: Filter): (tool: string) => Verdict {
  const allowedBy = compilePatterns(enabled)
  const blockedBy = compilePatterns(disabled)
  return (tool) => {
    const allow = enabled.length === 0 ? undefined : allowedBy(tool)
    if (enabled.length > 0 && allow === undefined) return { state: 'not_in_enabled_tools', by: undefined }
    const block = blockedBy(tool)
    return block === undefined ? { state: 'allowed', by: allow } : { state: 'in_disabled_tools', by: block }
  }
}

/** What a person chose for exactly one tool; patterns are not a choice about one. Compiled once for a list. */
export function compileChoices({ enabled, disabled }: Filter): (tool: string) => Choice {
  const allowed = new Set(enabled)
  const blocked = new Set(disabled)
  return (tool) => (blocked.has(tool) ? 'block' : allowed.has(tool) ? 'allow' : 'default')
}

/** The filter after a choice for these tools: their names move between the lists, patterns stay. */
export function withChoice(filter: Filter, tools: readonly string[], choice: Choice): Filter {
  const chosen = new Set(tools)
  const enabled = filter.enabled.filter((entry) => !chosen.has(entry))
  const disabled = filter.disabled.filter((entry) => !chosen.has(entry))
  if (choice === 'allow') return { enabled: [...enabled, ...tools], disabled }
  if (choice === 'block') return { enabled, disabled: [...disabled, ...tools] }
  return { enabled, disabled }
}

/** Entries that match none of these tools: a typing error, or a tool that is gone. */
export function unmatchedEntries(entries: readonly string[], tools: readonly string[]): string[] {
  const names = new Set(tools)
  return entries.filter((entry) =>
    entry.includes('*') ? !tools.some((tool) => matchesGlob(entry, tool)) : !names.has(entry),
  )
}

/** How many tools agents gain and lose from `before` to `after`. */
export function compareFilters(
  before: Filter,
  after: Filter,
  tools: readonly string[],
): { gained: number; lost: number } {
  const was = compileFilter(before)
  const is = compileFilter(after)
  let gained = 0
  let lost = 0
  for (const tool of tools) {
    const shown = was(tool).state === 'allowed'
    const shows = is(tool).state === 'allowed'
    if (!shown && shows) gained += 1
    if (shown && !shows) lost += 1
  }
  return { gained, lost }
}

export function sameFilter(one: Filter, other: Filter): boolean {
  return sameEntries(one.enabled, other.enabled) && sameEntries(one.disabled, other.disabled)
}

/** Entries as a person types them: one a line or separated by commas, each once. */
export function readEntries(text: string): string[] {
  return [...new Set(text.split(/[\n,]/).map((entry) => entry.trim()))].filter(Boolean)
}

function sameEntries(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && new Set([...one, ...other]).size === new Set(one).size
}

function compilePatterns(entries: readonly string[]): (tool: string) => string | undefined {
  const exact = new Set(entries.filter((entry) => !entry.includes('*')))
  const globs = entries.filter((entry) => entry.includes('*'))
  return (tool) => (exact.has(tool) ? tool : globs.find((glob) => matchesGlob(glob, tool)))
}

/** The literal parts of a pattern must follow each other; never a RegExp, which input could make exponential. */
function matchesGlob(pattern: string, text: string): boolean {
  const parts = pattern.split('*')
  const first = parts[0] ?? ''
  const last = parts.at(-1) ?? ''
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false
  const end = text.length - last.length
  let from = first.length
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, from)
    if (found < 0 || found + part.length > end) return false
    from = found + part.length
  }
  return true
}
