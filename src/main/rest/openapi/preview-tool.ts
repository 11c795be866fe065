import type { PreviewTool } from '../../../shared/contract/openapi.ts'
import type { RestTool } from '../../../shared/contract/rest.ts'
import { definitionOf, inputSchemaOf, isReading, tokensOf } from '../tool-definition.ts'

/** A tool as a preview shows it. */
export function previewOf(tool: RestTool): PreviewTool {
  return {
    ...tool,
    input_schema: inputSchemaOf(tool),
    reads: isReading(tool.method),
    tokens: tokensOf(definitionOf(tool)),
    warnings: [],
  }
}

/** The operation of a preview as the tool that would be stored. */
export function asTool({ input_schema: _, reads: __, tokens: ___, warnings: ____, ...tool }: PreviewTool): RestTool {
  return tool
}
