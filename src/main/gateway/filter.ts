import type { ToolState } from '../../shared/contract/tools.ts'

/** A compiled tool filter: what it says about the upstream's own name of a tool. */
export type ToolFilter = (tool: string) => ToolState

/**
 * `enabled_tools` is an allowlist (empty: every tool), then `disabled_tools` blocks, so a tool in both is blocked.
 * `*` in an entry stands for any run of characters. Compiled once for each catalog build.
 */
export function compileToolFilter(enabledTools: readonly string[], disabledTools: readonly string[]): ToolFilter {
  const enabled = compilePatterns(enabledTools)
  const disabled = compilePatterns(disabledTools)
  const allowsAll = enabledTools.length === 0
  return (tool) => {
    if (!allowsAll && !enabled(tool)) return 'not_in_enabled_tools'
    return disabled(tool) ? 'in_disabled_tools' : 'allowed'
  }
}

function compilePatterns(patterns: readonly string[]): (tool: string) => boolean {
  const exact = new Set<string>()
  const globs: string[][] = []
  for (const pattern of patterns) {
    if (pattern.includes('*')) globs.push(pattern.split('*'))
    else exact.add(pattern)
  }
  return (tool) => exact.has(tool) || globs.some((parts) => matchesGlob(parts, tool))
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
