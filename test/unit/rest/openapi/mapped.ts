import { mapDocument } from '../../../../src/main/rest/openapi/mapping/map-document.ts'
import { readDocument } from '../../../../src/main/rest/openapi/reading/spec-document.ts'
import { OpenApiPreview, type PreviewTool } from '../../../../src/shared/contract/openapi.ts'

type Json = Record<string, unknown>

/** The preview of a document, which fits the contract whatever the document is like. */
export function mapped(document: Json, files: Record<string, unknown> = {}, path?: string): OpenApiPreview {
  const text = JSON.stringify(document)
  const texts = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, JSON.stringify(file)]))
  const preview = mapDocument(readDocument(text, path === undefined ? texts : { ...texts, [path]: text }))
  return OpenApiPreview.parse(JSON.parse(JSON.stringify(preview)))
}

export const openApi = (paths: unknown, rest: Json = {}): Json => ({
  openapi: '3.0.3',
  info: { title: 'T', version: '1' },
  paths,
  ...rest,
})

export const swagger = (paths: unknown, rest: Json = {}): Json => ({
  swagger: '2.0',
  info: { title: 'T', version: '1' },
  paths,
  ...rest,
})

/** The one tool of a document with one operation. */
export function onlyTool(document: Json, files?: Record<string, unknown>): PreviewTool {
  const { tools, warnings } = mapped(document, files)
  const [tool] = tools
  if (tool === undefined || tools.length > 1) throw new Error(`${tools.length} tools: ${JSON.stringify(warnings)}`)
  return tool
}

/** What becomes of a schema in a body of version `openapi`. */
export function bodySchema(schema: unknown, components: Json = {}, openapi = '3.0.3'): Json {
  const requestBody = { required: true, content: { 'application/json': { schema: { type: 'array', items: schema } } } }
  const document = openApi({ '/x': { post: { requestBody } } }, { openapi, components: { schemas: components } })
  const { body, $defs } = onlyTool(document)
  const { items = {} } = body?.schema as { items?: Json }
  return $defs === undefined ? items : { ...items, $defs }
}

/** What becomes of the schema of a query parameter of Swagger 2.0, with the warnings about it. */
export function warningsOf(document: Json): string[] {
  return mapped(document).warnings.map(({ pointer, message }) => `${pointer} ${message}`)
}
