import type { PreviewTool } from '../../../../shared/contract/openapi.ts'
import type { RestTool } from '../../../../shared/contract/rest.ts'
import { isReading } from '../../../../shared/http-methods.ts'
import { definitionOf, tokensOf } from '../../tool-definition.ts'

/** A tool as a preview shows it. */
export function previewOf(tool: RestTool): PreviewTool {
  const definition = definitionOf(tool)
  return {
    ...tool,
    input_schema: definition.inputSchema,
    reads: isReading(tool.method),
    tokens: tokensOf(definition),
    warnings: [],
  }
}

/** The operation of a preview as the tool that would be stored. */
export function asTool({ input_schema: _, reads: __, tokens: ___, warnings: ____, ...tool }: PreviewTool): RestTool {
  return tool
}
