import { RestTool, type RestToolInput } from '../../../../src/shared/contract/rest.ts'
import type { PreviewTool } from '../../../../src/shared/contract/openapi.ts'

type Given = Partial<RestToolInput> & { name: string }

/** A tool with what a test says about it. */
export function restTool(given: Given): RestTool {
  return RestTool.parse({ method: 'GET', path: '/', ...given })
}

/** A tool of an operation of a document, which is where the tool says unless `operation` does. */
export function imported(given: Given): RestTool {
  const { method = 'GET', path = '/', name } = given
  return restTool({ operation: { method, path, id: name }, ...given })
}

/** The same as a preview has it. */
export function previewed(tool: RestTool): PreviewTool {
  return { ...tool, input_schema: { type: 'object' }, reads: tool.method === 'GET', tokens: 1, warnings: [] }
}
