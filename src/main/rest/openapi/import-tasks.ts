import type { ImportWarning, OpenApiPreview } from '../../../shared/contract/openapi.ts'
import type { RestTool } from '../../../shared/contract/rest.ts'
import { AppError } from '../../base/app-error.ts'
import { applyImport, type ImportChoice } from './reimport/apply-import.ts'
import { diffImport, type ImportSides, type ToolsDiff } from './reimport/diff-import.ts'
import { exportDocument } from './export/export-document.ts'
import type { ExportedApi } from './export/exported-api.ts'
import { mapDocument } from './mapping/map-document.ts'
import { readDocument } from './reading/spec-document.ts'

/** Eight times the largest of the real documents. */
const MAX_RESULT_BYTES = 200 * 1024 * 1024

/** A document as it came: its text, and the files that it may refer to. */
export interface DocumentText {
  text: string
  files?: Readonly<Record<string, string>> | undefined
}

/** What is compared: the document of the last import (null: there is none), a newer one, and the tools as they are. */
export interface ImportTask {
  former: DocumentText | null
  newer: DocumentText
  tools: readonly RestTool[]
}

export interface Comparison extends ToolsDiff {
  format: string
  warnings: ImportWarning[]
}

/**
 * All that reads or makes a whole document, for the thread that does such work: seconds and hundreds of megabytes for the
 * largest. What goes in and comes out can be sent to a thread.
 */
export const importTasks = {
  preview: (document: DocumentText): OpenApiPreview => sendable(previewOf(document)),
  compare: (task: ImportTask): Comparison => {
    const { sides, preview, warnings } = sidesOf(task)
    return { ...diffImport(sides), format: preview.format, warnings: [...warnings, ...preview.warnings] }
  },
  apply: (task: ImportTask & { choice: ImportChoice }): RestTool[] => applyImport(sidesOf(task).sides, task.choice),
  /** As JSON text. */
  export: ({ api, leftOut }: { api: ExportedApi; leftOut: readonly string[] }): string =>
    JSON.stringify(exportDocument(api, leftOut, mapDocument)),
}

function previewOf({ text, files }: DocumentText): OpenApiPreview {
  return mapDocument(readDocument(text, files))
}

/** Definitions that many tools share are one in this thread and written out for each on the way to whoever asked. */
function sendable(preview: OpenApiPreview): OpenApiPreview {
  const bytes = preview.tools.reduce((sum, { tokens }) => sum + tokens * 4, 0)
  if (bytes <= MAX_RESULT_BYTES) return preview
  const size = Math.round(bytes / 1024 / 1024).toLocaleString('en')
  throw new AppError('too_large', {
    message: `The tools of this document would take ${size} MiB. Give a smaller one: split it by tags or paths.`,
  })
}

function sidesOf({ former, newer, tools }: ImportTask) {
  const preview = importTasks.preview(newer)
  const warnings: ImportWarning[] = []
  const sides: ImportSides = { base: former && readFormer(former, warnings), next: preview.tools, mine: tools }
  return { sides, preview, warnings }
}

/** It was read once; if it cannot be any more, the newer one can be compared with the tools alone. */
function readFormer(former: DocumentText, warnings: ImportWarning[]): RestTool[] | null {
  try {
    return previewOf(former).tools
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const message = `The document of the last import cannot be read any more, so edits by hand are not told from changes: ${error.message}`
    warnings.push({ message, pointer: '', operation: null })
    return null
  }
}
