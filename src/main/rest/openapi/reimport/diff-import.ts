import type { ImportDiff, PreviewTool } from '../../../../shared/contract/openapi.ts'
import type { RestTool } from '../../../../shared/contract/rest.ts'
import { freeToolName } from './free-tool-name.ts'
import { matchOperations, operationLabel } from './match-operations.ts'
import { mergeTool } from './merge-tool.ts'
import { asTool } from '../mapping/preview-tool.ts'

/** The tools of the former document (null: there is none), those of the newer one, and those that the integration has. */
export interface ImportSides {
  base: readonly RestTool[] | null
  next: readonly PreviewTool[]
  mine: readonly RestTool[]
}

/** What an import changes, as far as the two documents and the tools tell. */
export type ToolsDiff = Pick<ImportDiff, 'added' | 'changed' | 'removed' | 'deprecated' | 'available' | 'unchanged'>

/**
 * What a newer document changes in the tools of an integration. Three-way: what a tool has and the former document had
 * not was put there by hand and stays. Tools made by hand, of no operation, are none of a document's business.
 */
export function diffImport({ base, next, mine }: ImportSides): ToolsDiff {
  const diff: ToolsDiff = { added: [], changed: [], removed: [], deprecated: [], available: [], unchanged: 0 }
  const imported = mine.filter(({ operation }) => operation !== undefined)
  const former = matchOperations(imported, base ?? [])
  const found = matchOperations(imported, next)
  for (const tool of imported) {
    const operation = found.get(tool)
    if (operation === undefined) {
      // What the former document did not have either came from another one, which this one says nothing about.
      if (base === null || former.has(tool)) diff.removed.push(fateOf(tool))
      continue
    }
    if (operation.operation?.deprecated === true && tool.operation?.deprecated === false) {
      diff.deprecated.push(fateOf(tool))
    }
    const { tool: after, fields } = mergeTool({ base: former.get(tool), mine: tool, next: asTool(operation) })
    if (fields.length === 0) diff.unchanged++
    else diff.changed.push({ ...fateOf(tool), fields, after })
  }
  addNew(diff, { base, next, mine }, new Set(found.values()))
  return diff
}

/** Operations without a tool, under names that no tool has. */
function addNew(diff: ToolsDiff, { base, next, mine }: ImportSides, matched: ReadonlySet<PreviewTool>): void {
  const missing = next.filter((tool) => !matched.has(tool))
  const known = base === null ? undefined : matchOperations(missing, base)
  const taken = new Set(mine.map(({ name }) => name))
  for (const operation of missing) {
    const name = freeToolName(operation.name, taken)
    taken.add(name)
    const tool = { ...operation, name }
    if (known === undefined || known.has(operation)) diff.available.push(tool)
    else diff.added.push(tool)
  }
}

function fateOf(tool: RestTool): { tool: string; operation: string } {
  return { tool: tool.name, operation: operationLabel(tool) }
}
