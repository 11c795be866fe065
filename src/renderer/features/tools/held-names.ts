import type { Tool } from '../../../shared/contract/tools.ts'

/** The tools that agents do not get before they are approved, whatever a filter says. */
export function heldNames(tools: readonly Pick<Tool, 'name' | 'change'>[]): ReadonlySet<string> {
  return new Set(tools.filter(({ change }) => change?.held === true).map(({ name }) => name))
}
