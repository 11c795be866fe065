import type { PreviewTool } from '../../../shared/contract/openapi.ts'
import type { NewRestSource, RestTool } from '../../../shared/contract/rest.ts'
import { operationWords, startsSelected, type ToolEdits } from './chosen-tools.ts'
import { allOperations, type OperationQuery } from './operation-list.ts'
import type { ServerPick } from './server-choice.tsx'
import { editsForTaken } from './tool-names.ts'
import type { Preview, SpecSource } from './use-preview.ts'

/** All that the steps of an import work on. It outlives each of them. */
export interface ImportState {
  source: SpecSource
  preview: Preview
  /** Operations that can be chosen: those that the integration has already are left out. */
  tools: readonly PreviewTool[]
  /** Names that the document gives. */
  selected: ReadonlySet<string>
  edits: ToolEdits
  query: OperationQuery
  closedTags: ReadonlySet<string>
  server: ServerPick
  /** The name of the security scheme that the form follows. */
  scheme: string
  /** Into an integration: the tools are called at the server that the document names, where that is another. */
  ownServer: boolean
}

/** What an integration has already, where more is imported into one. */
export interface Existing {
  /** Names of its tools. */
  names: ReadonlySet<string>
  /** `GET /invoices`, as the document has them. */
  operations: ReadonlySet<string>
}

export function existingOf(tools: readonly RestTool[]): Existing {
  return {
    names: new Set(tools.map(({ name }) => name)),
    operations: new Set(tools.filter(({ operation }) => operation).map(operationWords)),
  }
}

export function startImport(source: SpecSource, preview: Preview, existing: Existing): ImportState {
  const tools = preview.tools.filter((tool) => !existing.operations.has(operationWords(tool)))
  return {
    source,
    preview,
    tools,
    selected: new Set(tools.filter(startsSelected).map(({ name }) => name)),
    edits: editsForTaken(tools, existing.names),
    query: allOperations,
    closedTags: new Set(),
    server: { index: 0, values: {} },
    scheme: preview.auth.name,
    ownServer: true,
  }
}

export function chosenTools({ tools, selected }: Pick<ImportState, 'tools' | 'selected'>): PreviewTool[] {
  return tools.filter(({ name }) => selected.has(name))
}

/** What is remembered with the tools: the text itself, and where it came from. */
export function sourceOf({ source, preview }: Pick<ImportState, 'source' | 'preview'>): NewRestSource {
  const { document, ...facts } = preview.source
  const { text, files, name } = {
    text: source.kind === 'url' ? (document ?? '') : source.text,
    files: source.kind === 'file' ? source.files : {},
    name: source.kind === 'file' ? source.name : facts.name,
  }
  return {
    ...facts,
    kind: source.kind,
    ...(name === undefined ? {} : { name }),
    document: text,
    ...(Object.keys(files).length > 0 ? { files } : {}),
  }
}
