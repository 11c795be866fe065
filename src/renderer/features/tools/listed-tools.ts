import type { DiscoveryMode } from '../../../shared/contract/agents.ts'
import type { ToolSummary } from '../../../shared/contract/tools.ts'
import { isExposed } from './tool-groups.ts'

/** One line of what an agent gets from `tools/list`. */
export interface ListedTool {
  name: string
  /** Undefined for the gateway's own: nobody can leave those out. */
  tokens: number | undefined
}

export interface Listed {
  tools: readonly ListedTool[]
  /** About what the definitions of integrations cost. */
  tokens: number
  /** How many more can be called without being listed. */
  callable: number
}

const own = (name: string): ListedTool => ({ name, tokens: undefined })

/** What `tools/list` holds for an agent that sees these tools: all of them, or in lazy mode only the way to them. */
export function listedTools(tools: readonly ToolSummary[], mode: DiscoveryMode): Listed {
  const seen = tools.filter(isExposed)
  if (mode === 'lazy') return { tools: [own('discover_tools'), own('call_tool')], tokens: 0, callable: seen.length }
  return {
    tools: [own('discover_tools'), ...seen.map(({ gateway_name: name, tokens }) => ({ name, tokens }))],
    tokens: seen.reduce((sum, { tokens }) => sum + tokens, 0),
    callable: 0,
  }
}
