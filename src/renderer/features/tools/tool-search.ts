import type { ToolChange, ToolFlag, ToolState } from '../../../shared/contract/tools.ts'
import { isOfKind, type ToolKind } from './tool-kinds.ts'

/** Which tools of a list are shown: by what agents see of them, or by what the server says about them. */
export type Shown = 'all' | 'exposed' | 'hidden' | 'unapproved' | 'flagged' | ToolKind

interface DescribedTool {
  title: string | null
  description: string
  annotations: Readonly<Record<string, unknown>>
  state?: ToolState
  /** Known in the list of one integration alone; in others the state tells. */
  change?: ToolChange | null
  flags?: readonly ToolFlag[]
}

/** A tool with all that a search reads in one string, made once a list: 10,000 are searched on every key. */
export interface SearchableTool<Tool> {
  tool: Tool
  text: string
}

/** `nameOf` is the name by which a person looks for it. */
export function searchable<Tool extends DescribedTool>(
  tools: readonly Tool[],
  nameOf: (tool: Tool) => string,
): SearchableTool<Tool>[] {
  return tools.map((tool) => ({
    tool,
    text: `${nameOf(tool)}\n${tool.title ?? ''}\n${tool.description}`.toLowerCase(),
  }))
}

/** The tools that hold every word of `query` and are to be shown, in the order they came. */
export function searchTools<Tool extends DescribedTool>(
  tools: readonly SearchableTool<Tool>[],
  query: string,
  shown: Shown,
  isExposed: (tool: Tool) => boolean,
): Tool[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const found: Tool[] = []
  for (const { tool, text } of tools) {
    if (words.every((word) => text.includes(word)) && isShown(tool, shown, isExposed)) found.push(tool)
  }
  return found
}

/** Whether a tool belongs to what is shown. */
export function isShown<Tool extends DescribedTool>(
  tool: Tool,
  shown: Shown,
  isExposed: (tool: Tool) => boolean,
): boolean {
  switch (shown) {
    case 'all':
      return true
    case 'exposed':
      return isExposed(tool)
    case 'hidden':
      return !isExposed(tool)
    case 'unapproved':
      return tool.state === 'held' || (tool.change ?? null) !== null
    case 'flagged':
      return (tool.flags ?? []).length > 0
    case 'read_only':
    case 'destructive':
    case 'open_world':
    case 'none':
      return isOfKind(tool.annotations, shown)
  }
}
