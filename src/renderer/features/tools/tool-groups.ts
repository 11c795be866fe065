import type { ToolSummary } from '../../../shared/contract/tools.ts'
import { searchable, type SearchableTool, searchTools, type Shown } from './tool-search.ts'

/** The tools of one integration, in the order the server gave them. */
export interface ToolGroup {
  integration: string
  title: string
  tools: readonly SearchableTool<ToolSummary>[]
  exposed: number
  /** About what the exposed ones cost in an agent's context. */
  tokens: number
}

export const isExposed = ({ state }: ToolSummary): boolean => state === 'allowed'

/** Every tool under its integration, integrations by the name that people give them; made once a list. */
export function groupTools(tools: readonly ToolSummary[], titles: Readonly<Record<string, string>>): ToolGroup[] {
  const byIntegration = new Map<string, ToolSummary[]>()
  for (const tool of tools) {
    const own = byIntegration.get(tool.integration)
    if (own) own.push(tool)
    else byIntegration.set(tool.integration, [tool])
  }
  return [...byIntegration]
    .map(([integration, own]): ToolGroup => {
      const title = titles[integration] ?? integration
      const exposed = own.filter(isExposed)
      return {
        integration,
        title,
        tools: searchable(own, ({ gateway_name, name }) => `${gateway_name}\n${name}\n${title}`),
        exposed: exposed.length,
        tokens: exposed.reduce((sum, { tokens }) => sum + tokens, 0),
      }
    })
    .sort((one, other) => one.title.localeCompare(other.title, 'en', { numeric: true, sensitivity: 'base' }))
}

export interface FoundGroup {
  group: ToolGroup
  found: readonly ToolSummary[]
}

/** What a search finds, by group; groups of which nothing is found are left out. */
export function searchGroups(groups: readonly ToolGroup[], query: string, shown: Shown): FoundGroup[] {
  return groups
    .map((group) => ({ group, found: searchTools(group.tools, query, shown, isExposed) }))
    .filter(({ found }) => found.length > 0)
}
