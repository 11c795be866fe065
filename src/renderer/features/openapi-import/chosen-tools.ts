import type { PreviewTool } from '../../../shared/contract/openapi.ts'
import type { RestTool } from '../../../shared/contract/rest.ts'

/** What a person wrote over what the document says, by the name that the document gave. */
export interface ToolEdit {
  name?: string
  description?: string
}
export type ToolEdits = ReadonlyMap<string, ToolEdit>

/** `GET /invoices/{id}`: what an operation is called wherever it is spoken of. */
export function operationWords({ method, path, operation }: Pick<RestTool, 'method' | 'path' | 'operation'>): string {
  return `${operation?.method ?? method} ${operation?.path ?? path}`
}

/** What starts selected: an agent that only reads breaks nothing. What is deprecated is not what somebody begins with. */
export function startsSelected({ reads, operation }: PreviewTool): boolean {
  return reads && !operation?.deprecated
}

export function nameOfTool(tool: PreviewTool, edits: ToolEdits): string {
  return edits.get(tool.name)?.name ?? tool.name
}

export function descriptionOfTool(tool: PreviewTool, edits: ToolEdits): string {
  return edits.get(tool.name)?.description ?? tool.description
}

/** What is as the document has it is no edit: it follows the document at the next import. */
export function withEdit(edits: ToolEdits, tool: PreviewTool, edit: ToolEdit): ToolEdits {
  const merged = { ...edits.get(tool.name), ...edit }
  const kept: ToolEdit = {
    ...(merged.name !== undefined && merged.name !== tool.name ? { name: merged.name } : {}),
    ...(merged.description !== undefined && merged.description !== tool.description
      ? { description: merged.description }
      : {}),
  }
  const next = new Map(edits)
  if (Object.keys(kept).length > 0) next.set(tool.name, kept)
  else next.delete(tool.name)
  return next
}

/** About what the definition costs in a context, with what was written over it. */
export function tokensOf(tool: PreviewTool, edits: ToolEdits): number {
  const edit = edits.get(tool.name)
  if (!edit) return tool.tokens
  const more = (edit.description?.length ?? tool.description.length) - tool.description.length
  return Math.max(1, tool.tokens + Math.round((more + (edit.name?.length ?? tool.name.length) - tool.name.length) / 4))
}

export interface Totals {
  count: number
  reading: number
  writing: number
  tokens: number
}

export function totalsOf(tools: readonly PreviewTool[], edits: ToolEdits): Totals {
  const totals: Totals = { count: tools.length, reading: 0, writing: 0, tokens: 0 }
  for (const tool of tools) {
    if (tool.reads) totals.reading += 1
    else totals.writing += 1
    totals.tokens += tokensOf(tool, edits)
  }
  return totals
}

/** The tool as it is stored: without what only the preview tells. */
export function toRestTool(tool: PreviewTool, edits: ToolEdits, baseUrl?: string): RestTool {
  const { input_schema: _schema, reads: _reads, tokens: _tokens, warnings: _warnings, ...stored } = tool
  return {
    ...stored,
    name: nameOfTool(tool, edits),
    description: descriptionOfTool(tool, edits),
    ...(baseUrl === undefined || stored.base_url !== undefined ? {} : { base_url: baseUrl }),
  }
}

/** Servers of their own that some of these tools have: the credentials do not go there by themselves. */
export function foreignOrigins(tools: readonly Pick<RestTool, 'base_url'>[], baseUrl: string): string[] {
  const home = URL.parse(baseUrl)?.origin
  const origins = tools.flatMap(({ base_url: url }) => URL.parse(url ?? '')?.origin ?? [])
  return [...new Set(origins)].filter((origin) => origin !== home)
}
