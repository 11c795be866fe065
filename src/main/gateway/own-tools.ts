import type { DiscoveryMode } from '../../shared/contract/agents.ts'
import { CALL_TOOL_DEFINITION } from './call-tool.ts'
import { DISCOVER_TOOLS_DEFINITION } from './discover.ts'
import { ListBytes } from './list-bytes.ts'
import type { View } from './view.ts'

/** The gateway's own tools that stand before those of the integrations. */
export const LISTED_IN_FULL: readonly Buffer[] = [DISCOVER_TOOLS_DEFINITION]

/** The whole list in lazy mode: it never changes. */
const LAZY_LIST = new ListBytes([DISCOVER_TOOLS_DEFINITION, CALL_TOOL_DEFINITION])

/** The tools that an agent gets. The endpoint of one integration has no lazy mode. */
export function listOf(view: View, slug: string | undefined, mode: DiscoveryMode): ListBytes {
  return mode === 'lazy' && slug === undefined ? LAZY_LIST : view.tools
}
