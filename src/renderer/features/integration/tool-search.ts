import type { Tool } from '../../../shared/contract/tools.ts'
import type { Verdict } from './tool-filter.ts'

export type Shown = 'all' | 'exposed' | 'hidden'

/** A tool with all that a search reads in one string, made once a list: 10,000 are searched on every key. */
export interface SearchableTool {
  tool: Tool
  text: string
}

export function searchable(tools: readonly Tool[]): SearchableTool[] {
  return tools.map((tool) => ({ tool, text: `${tool.name}\n${tool.title ?? ''}\n${tool.description}`.toLowerCase() }))
}

/** The tools that hold every word of `query` and are in the wanted state, in the order they came. */
export function searchTools(
  tools: readonly SearchableTool[],
  query: string,
  shown: Shown,
  verdict: (tool: string) => Verdict,
): Tool[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return tools
    .filter(
      ({ tool, text }) =>
        words.every((word) => text.includes(word)) &&
        (shown === 'all' || (verdict(tool.name).state === 'allowed') === (shown === 'exposed')),
    )
    .map(({ tool }) => tool)
}
