import type { Profile } from '../../../shared/contract/profiles.ts'
import type { ToolSummary } from '../../../shared/contract/tools.ts'
import { compileToolFilter } from '../../../shared/tool-filter.ts'

export type ProfileRules = Pick<Profile, 'integrations' | 'enabled_tools' | 'disabled_tools'>

export interface ToolsSeen {
  count: number
  /** About what their definitions cost in an agent's context. */
  tokens: number
}

/** What an agent with this profile sees of the tools that the gateway serves; without one, all of them. */
export function toolsSeen(served: readonly ToolSummary[], rules: ProfileRules | undefined): ToolsSeen {
  const seen = rules ? served.filter(isSeenBy(rules)) : served
  return { count: seen.length, tokens: seen.reduce((sum, { tokens }) => sum + tokens, 0) }
}

function isSeenBy({ integrations, enabled_tools, disabled_tools }: ProfileRules): (tool: ToolSummary) => boolean {
  const chosen = integrations && new Set(integrations)
  const filter = compileToolFilter(enabled_tools, disabled_tools)
  return ({ integration, gateway_name }) =>
    (chosen === null || chosen.has(integration)) && filter.stateOf(gateway_name) === 'allowed'
}
