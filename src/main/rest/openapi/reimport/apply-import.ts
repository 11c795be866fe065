import type { ErrorDetail } from '../../../../shared/contract/errors.ts'
import type { RestTool } from '../../../../shared/contract/rest.ts'
import { MAX_REST_TOOLS } from '../../../../shared/contract/words.ts'
import { AppError } from '../../../base/app-error.ts'
import { diffImport, type ImportSides } from './diff-import.ts'
import { matchOperations } from './match-operations.ts'
import { asTool } from '../mapping/preview-tool.ts'

/** What was chosen of a diff: names of tools, from its lists. */
export interface ImportChoice {
  add: readonly string[]
  change: readonly string[]
  remove: readonly string[]
}

/**
 * The integration's tools after a re-import. What was not chosen stays as it is, and counts as the admin's own from then on:
 * the newer document is what the next one is compared with.
 */
export function applyImport(sides: ImportSides, choice: ImportChoice): RestTool[] {
  const diff = diffImport(sides)
  const addable = new Map([...diff.added, ...diff.available].map((tool) => [tool.name, asTool(tool)]))
  const changed = new Map(diff.changed.map(({ tool, after }) => [tool, after]))
  const removable = new Set([...diff.removed, ...diff.deprecated].map(({ tool }) => tool))
  requireKnown([
    { list: 'add', names: choice.add, known: addable, not: 'no new operation of this document' },
    { list: 'change', names: choice.change, known: changed, not: 'no tool that this document changes' },
    { list: 'remove', names: choice.remove, known: removable, not: 'no tool whose operation is gone or deprecated' },
  ])
  const [added, accepted, removed] = [new Set(choice.add), new Set(choice.change), new Set(choice.remove)]
  const found = matchOperations(sides.mine, sides.next)
  const kept = sides.mine
    .filter(({ name }) => !removed.has(name))
    .map((tool) => {
      // Where its operation is now, taken over or not: that is how the next import finds it.
      const operation = found.get(tool)?.operation ?? tool.operation
      const after = (accepted.has(tool.name) ? changed.get(tool.name) : undefined) ?? tool
      return operation === undefined ? after : { ...after, operation }
    })
  const tools = [...kept, ...[...addable].flatMap(([name, tool]) => (added.has(name) ? [tool] : []))]
  if (tools.length > MAX_REST_TOOLS) {
    const message = `That makes ${tools.length.toLocaleString('en')} tools; an integration has at most ${MAX_REST_TOOLS.toLocaleString('en')}. Choose fewer.`
    throw new AppError('invalid_input', { message, details: [{ path: 'add', message }] })
  }
  return tools
}

interface NamedList {
  list: keyof ImportChoice
  names: readonly string[]
  known: { has(name: string): boolean }
  not: string
}

/** A name that is in no list means that something has changed since somebody looked. */
function requireKnown(lists: readonly NamedList[]): void {
  const details = lists.flatMap(({ list, names, known, not }) =>
    names.flatMap((name, index): ErrorDetail[] =>
      known.has(name) ? [] : [{ path: `${list}.${index}`, message: `${name} is ${not}. Check for changes again.` }],
    ),
  )
  const [first] = details
  if (first !== undefined) throw new AppError('invalid_input', { message: first.message, details })
}
