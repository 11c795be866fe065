import { countWords } from '../../ui/words.ts'
import { compileFilter, type Filter, type Verdict } from './tool-filter.ts'

interface WeighedTool {
  name: string
  tokens: number
}

const nothing: ReadonlySet<string> = new Set()

/** What a filter makes of a list of tools; made once a filter, for lists of 10,000. */
export interface FilterEffect {
  verdictOf: (tool: string) => Verdict
  /** How many tools agents see. */
  exposed: number
  /** About what those cost in an agent's context. */
  tokens: number
}

export interface EffectChange {
  gained: number
  lost: number
  tokens: number
}

/** Compiles the filter and runs it over the list. `held`: tools that agents do not get although the filter lets them. */
export function effectOf(
  filter: Filter,
  tools: readonly WeighedTool[],
  held: ReadonlySet<string> = nothing,
): FilterEffect {
  const judge = compileFilter(filter)
  const verdicts = new Map<string, Verdict>()
  let exposed = 0
  let tokens = 0
  for (const tool of tools) {
    const filtered = judge(tool.name)
    const isHeld = filtered.state === 'allowed' && held.has(tool.name)
    const verdict: Verdict = isHeld ? { state: 'held', by: undefined } : filtered
    verdicts.set(tool.name, verdict)
    if (verdict.state !== 'allowed') continue
    exposed += 1
    tokens += tool.tokens
  }
  return { verdictOf: (tool) => verdicts.get(tool) ?? judge(tool), exposed, tokens }
}

/** How many tools agents gain and lose from `before` to `after`, and what that costs them. */
export function changeBetween(before: FilterEffect, after: FilterEffect, tools: readonly WeighedTool[]): EffectChange {
  let gained = 0
  let lost = 0
  for (const { name } of tools) {
    const was = before.verdictOf(name).state === 'allowed'
    const is = after.verdictOf(name).state === 'allowed'
    if (!was && is) gained += 1
    if (was && !is) lost += 1
  }
  return { gained, lost, tokens: after.tokens - before.tokens }
}

/** "+2 tools, -1 tool for agents; about +300 tokens". */
export function changeWords({ gained, lost, tokens }: EffectChange): string {
  if (gained === 0 && lost === 0) return 'No tool changes for agents'
  const parts = [
    ...(gained > 0 ? [`+${countWords(gained, 'tool')}`] : []),
    ...(lost > 0 ? [`-${countWords(lost, 'tool')}`] : []),
  ]
  const sign = tokens > 0 ? '+' : tokens < 0 ? '-' : ''
  return `${parts.join(', ')} for agents; about ${sign}${countWords(Math.abs(tokens), 'token')}`
}
