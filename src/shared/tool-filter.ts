import type { ToolState } from './contract/tools.ts'

/** A compiled tool filter: what it says about the upstream's own name of a tool, and the entry that decided. */
export interface ToolFilter {
  stateOf: (tool: string) => ToolState
  /** Undefined where no entry decided: the tool is allowed by default, or no entry allows it. */
  entryFor: (tool: string) => string | undefined
}

/**
 * `enabled_tools` is an allowlist (empty: every tool), then `disabled_tools` blocks, so a tool in both is blocked.
 * `*` in an entry stands for any run of characters. Compiled once for a list that may hold 10,000 tools.
 */
export function compileToolFilter(enabledTools: readonly string[], disabledTools: readonly string[]): ToolFilter {
  const enabled = compileEntries(enabledTools)
  const disabled = compileEntries(disabledTools)
  const allowsAll = enabledTools.length === 0
  const stateOf = (tool: string): ToolState => {
    if (!allowsAll && enabled(tool) === undefined) return 'not_in_enabled_tools'
    return disabled(tool) === undefined ? 'allowed' : 'in_disabled_tools'
  }
  return {
    stateOf,
    entryFor: (tool) => {
      const state = stateOf(tool)
      if (state === 'not_in_enabled_tools') return undefined
      return state === 'allowed' ? enabled(tool) : disabled(tool)
    },
  }
}

/** Whether an entry stands for more than the one tool that it spells. */
export function isPattern(entry: string): boolean {
  return entry.includes('*')
}

function compileEntries(entries: readonly string[]): (tool: string) => string | undefined {
  const exact = new Set<string>()
  const globs: { entry: string; parts: string[] }[] = []
  for (const entry of entries) {
    if (isPattern(entry)) globs.push({ entry, parts: entry.split('*') })
    else exact.add(entry)
  }
  return (tool) => (exact.has(tool) ? tool : globs.find(({ parts }) => matchesGlob(parts, tool))?.entry)
}

/** The literal parts of a pattern must follow each other; never a RegExp, which input could make exponential. */
function matchesGlob(parts: readonly string[], text: string): boolean {
  const first = parts[0] ?? ''
  const last = parts.at(-1) ?? ''
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false
  const end = text.length - last.length
  let from = first.length
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, from)
    if (found === -1 || found + part.length > end) return false
    from = found + part.length
  }
  return true
}
