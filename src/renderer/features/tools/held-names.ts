import type { OnDefinitionChange } from '../../../shared/contract/integrations.ts'
import type { Tool } from '../../../shared/contract/tools.ts'

/** The tools that agents do not get before they are approved, whatever a filter says. */
export function heldNames(
  policy: OnDefinitionChange,
  tools: readonly Pick<Tool, 'name' | 'change'>[],
): ReadonlySet<string> {
  return new Set(policy === 'hold' ? tools.filter(({ change }) => change !== null).map(({ name }) => name) : [])
}
