import type { PreviewTool } from '../../../shared/contract/openapi.ts'
import { nameOfTool, type ToolEdits } from './chosen-tools.ts'

/** Which operations are listed, beside what is searched for. */
export type Listed = 'all' | 'selected' | 'unselected' | 'reading' | 'warnings' | 'deprecated' | 'names'

export interface OperationQuery {
  q: string
  /** Empty: all. */
  tag: string
  /** Empty: all. */
  method: string
  listed: Listed
}

export const allOperations: OperationQuery = { q: '', tag: '', method: '', listed: 'all' }

/** Operations without a tag; no tag can be called so. */
export const NO_TAG = ''

export interface SearchableOperation {
  tool: PreviewTool
  text: string
}

/** Each operation with all that a search reads in one string, made once a document: a thousand are searched on every key. */
export function searchableOperations(tools: readonly PreviewTool[], edits: ToolEdits): SearchableOperation[] {
  return tools.map((tool) => ({
    tool,
    text: [
      tool.method,
      tool.operation?.path ?? tool.path,
      tool.operation?.id ?? '',
      nameOfTool(tool, edits),
      tool.title ?? '',
      tool.description,
      ...(tool.operation?.tags ?? []),
    ]
      .join('\n')
      .toLowerCase(),
  }))
}

/** What decides whether an operation is listed, apart from itself. */
export interface ListState {
  selected: ReadonlySet<string>
  /** Names that are wrong or taken. */
  problems: ReadonlyMap<string, string>
}

/** The operations that hold every word and pass every filter, in the order of the document. */
export function findOperations(
  operations: readonly SearchableOperation[],
  query: OperationQuery,
  state: ListState,
): PreviewTool[] {
  const words = query.q.toLowerCase().split(/\s+/).filter(Boolean)
  const found: PreviewTool[] = []
  for (const { tool, text } of operations) {
    if (query.method !== '' && tool.method !== query.method) continue
    if (query.tag !== '' && !tool.operation?.tags.includes(query.tag)) continue
    if (!isListed(tool, query.listed, state)) continue
    if (words.every((word) => text.includes(word))) found.push(tool)
  }
  return found
}

function isListed(tool: PreviewTool, listed: Listed, { selected, problems }: ListState): boolean {
  switch (listed) {
    case 'all':
      return true
    case 'selected':
      return selected.has(tool.name)
    case 'unselected':
      return !selected.has(tool.name)
    case 'reading':
      return tool.reads
    case 'warnings':
      return tool.warnings.length > 0
    case 'deprecated':
      return tool.operation?.deprecated ?? false
    case 'names':
      return problems.has(tool.name)
  }
}

export interface TagGroup {
  tag: string
  tools: PreviewTool[]
}

/** Each operation once: below the tag that is asked for, else below its first. Those without one come last. */
export function groupByTag(tools: readonly PreviewTool[], tag: string): TagGroup[] {
  const groups = new Map<string, PreviewTool[]>()
  for (const tool of tools) {
    const own = tag === '' ? (tool.operation?.tags[0] ?? NO_TAG) : tag
    const group = groups.get(own)
    if (group) group.push(tool)
    else groups.set(own, [tool])
  }
  const ordered = [...groups].map(([own, members]) => ({ tag: own, tools: members }))
  return [...ordered.filter((group) => group.tag !== NO_TAG), ...ordered.filter((group) => group.tag === NO_TAG)]
}

/** How many operations each tag has, in the order in which a document has them. */
export function countTags(tools: readonly PreviewTool[]): { value: string; count: number }[] {
  return countAll(tools.flatMap(({ operation }) => operation?.tags ?? []))
}

const METHOD_ORDER = ['GET', 'HEAD', 'QUERY', 'POST', 'PUT', 'PATCH', 'DELETE']

export function countMethods(tools: readonly PreviewTool[]): { value: string; count: number }[] {
  const counts = countAll(tools.map(({ method }) => method))
  const known = METHOD_ORDER.flatMap((method) => counts.find(({ value }) => value === method) ?? [])
  return [...known, ...counts.filter(({ value }) => !METHOD_ORDER.includes(value))]
}

function countAll(values: readonly string[]): { value: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].map(([value, count]) => ({ value, count }))
}
