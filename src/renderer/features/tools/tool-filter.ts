import type { ToolState } from '../../../shared/contract/tools.ts'
import { compileToolFilter } from '../../../shared/tool-filter.ts'

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

/** What the gateway does with each tool, and why; compiled once for a list. */
export function compileFilter({ enabled, disabled }: Filter): (tool: string) => Verdict {
  const filter = compileToolFilter(enabled, disabled)
  return (tool) => ({ state: filter.stateOf(tool), by: filter.entryFor(tool) })
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
