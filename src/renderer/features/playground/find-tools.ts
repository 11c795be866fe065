import type { ToolSummary } from '../../../shared/contract/tools.ts'

/** A tool with all that a search reads, made once a list: 10,000 are searched at each key. */
export interface FindableTool {
  tool: ToolSummary
  name: string
  text: string
}

export function findable(tools: readonly ToolSummary[]): FindableTool[] {
  return tools.map((tool) => {
    const name = tool.gateway_name.toLowerCase()
    return { tool, name, text: `${name}\n${tool.name}\n${tool.title ?? ''}\n${tool.description}`.toLowerCase() }
  })
}

/** The tools that hold every word, first those whose own name begins with the query, then those that hold all in their name. */
export function findTools(tools: readonly FindableTool[], query: string): ToolSummary[] {
  const whole = query.trim().toLowerCase()
  const words = whole.split(/\s+/).filter(Boolean)
  if (words.length === 0) return tools.map(({ tool }) => tool)
  const groups: [ToolSummary[], ToolSummary[], ToolSummary[]] = [[], [], []]
  for (const { tool, name, text } of tools) {
    if (!words.every((word) => text.includes(word))) continue
    const begins = name.startsWith(whole) || tool.name.toLowerCase().startsWith(whole)
    groups[begins ? 0 : words.every((word) => name.includes(word)) ? 1 : 2].push(tool)
  }
  return groups.flat()
}
