import type { OpenApiPreview } from '../../../../shared/contract/openapi.ts'
import type { RestTool } from '../../../../shared/contract/rest.ts'
import { exportedOAuth } from './exported-oauth.ts'
import { operationOfTool } from './export-operation.ts'
import type { ExportedApi } from './exported-api.ts'
import { EXTENSION, type DocumentExtension } from './own-extension.ts'
import { asTool } from '../mapping/preview-tool.ts'
import { SharedSchemas } from './shared-schemas.ts'
import type { SpecDocument } from '../reading/spec-document.ts'
import { toolPatch } from './tool-patch.ts'

/** What a path item of OpenAPI 3.1 has operations for (4.8.9.1). */
const METHODS = new Set(['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'])
const VERSION = '1.0.0'

type Operations = Record<string, Record<string, unknown>>

/** An operation of the document and the tool that it stands for. */
interface Exported {
  tool: RestTool
  path: string
  operation: Record<string, unknown>
}

/**
 * An integration as an OpenAPI 3.1 document for any reader. Then it is read by our own import: what comes back otherwise
 * than it is goes to `x-gatehouse`, so that importing the document loses nothing, whatever OpenAPI has no word for.
 */
export function exportDocument(
  api: ExportedApi,
  leftOut: readonly string[],
  readBack: (document: SpecDocument) => OpenApiPreview,
): Record<string, unknown> {
  const told = api.tools.filter(({ method }) => METHODS.has(method))
  const schemas = new SharedSchemas(told)
  const exported = placed(told, schemas)
  const document: Record<string, unknown> = {
    openapi: '3.1.0',
    info: {
      title: api.display_name === '' ? api.name : api.display_name,
      version: VERSION,
      ...(api.description !== '' && { description: api.description }),
    },
    servers: [{ url: api.rest.base_url }],
    ...securityOf(api),
    paths: pathsOf(exported),
    ...componentsOf(api, schemas),
  }
  const preview = readBack(asSpec(document))
  const lost = addExtensions(exported, schemas, preview)
  const others = [...api.tools.filter(({ method }) => !METHODS.has(method)), ...lost]
  return { ...document, [EXTENSION]: extensionOf(api, others, leftOut, preview) }
}

/** A path and a method stand for one operation, so a second one gets a fragment, which no request has. */
function placed(tools: readonly RestTool[], schemas: SharedSchemas): Exported[] {
  const taken = new Set<string>()
  return tools.map((tool) => {
    const operation = operationOfTool(tool, (schema, scope) => schemas.moved(tool, schema, scope))
    const [bare = ''] = tool.path.split('?', 1)
    const isTaken = taken.has(`${tool.method} ${bare}`)
    const path = isTaken ? `${bare}#${tool.name}` : bare
    taken.add(`${tool.method} ${path}`)
    return { tool, path, operation }
  })
}

function pathsOf(exported: readonly Exported[]): Operations {
  const paths = new Map<string, Record<string, unknown>>()
  for (const { tool, path, operation } of exported) {
    const item = paths.get(path) ?? {}
    item[tool.method.toLowerCase()] = operation
    paths.set(path, item)
  }
  return Object.fromEntries(paths)
}

/** Adds to each operation what reading it back does not tell. Gives the tools of which nothing was read back. */
function addExtensions(exported: readonly Exported[], schemas: SharedSchemas, preview: OpenApiPreview): RestTool[] {
  const read = new Map(preview.tools.map((tool) => [placeOf(tool.operation ?? tool), tool]))
  return exported.flatMap(({ tool, path, operation }) => {
    const found = read.get(placeOf({ method: tool.method, path }))
    if (found === undefined) return [tool]
    const patch = toolPatch(asTool(found), tool, {
      request: schemas.renamed(tool, 'request'),
      answer: schemas.renamed(tool, 'answer'),
    })
    if (patch !== undefined) operation[EXTENSION] = patch
    return []
  })
}

function extensionOf(
  api: ExportedApi,
  tools: readonly RestTool[],
  leftOut: readonly string[],
  { auth: read }: OpenApiPreview,
): DocumentExtension {
  const { auth_type, auth_header_prefix, auth, rest } = api
  const { headers, timeout_s, max_concurrency, retries, max_answer_kib } = rest
  const isTold =
    JSON.stringify([read.auth_type, read.auth_header_prefix, read.auth]) ===
    JSON.stringify([auth_type, auth_header_prefix, auth])
  return {
    version: 1,
    connection: { headers, timeout_s, max_concurrency, retries, max_answer_kib },
    ...(!isTold && { auth: { auth_type, auth_header_prefix, auth } }),
    ...(tools.length > 0 && { tools: [...tools] }),
    ...(leftOut.length > 0 && { left_out: [...leftOut] }),
  }
}

function securityOf({ auth_type, auth }: ExportedApi): Record<string, unknown> {
  if (auth_type === 'none') return {}
  return { security: [{ [auth_type]: auth_type === 'oauth2' ? (auth.oauth?.scopes ?? []) : [] }] }
}

function componentsOf(api: ExportedApi, { schemas }: SharedSchemas): Record<string, unknown> {
  const scheme = schemeOf(api)
  const components = {
    ...(Object.keys(schemas).length > 0 && { schemas }),
    ...(scheme && { securitySchemes: { [api.auth_type]: scheme } }),
  }
  return Object.keys(components).length > 0 ? { components } : {}
}

function schemeOf({ auth_type, auth_header_prefix: prefix, auth }: ExportedApi): Record<string, unknown> | undefined {
  switch (auth_type) {
    case 'none':
      return undefined
    case 'oauth2':
      return exportedOAuth(auth.oauth)
    case 'basic':
      return { type: 'http', scheme: 'basic' }
    case 'api_key':
      return { type: 'apiKey', in: auth.in ?? 'header', name: auth.header_name ?? 'X-API-Key' }
    case 'bearer': {
      const name = auth.header_name ?? 'Authorization'
      if (name.toLowerCase() === 'authorization' && prefix === 'Bearer') return { type: 'http', scheme: 'bearer' }
      // Another header or prefix than `Bearer`: the whole value is the key then.
      return { type: 'apiKey', in: 'header', name }
    }
  }
}

function placeOf({ method, path }: { method: string; path: string }): string {
  return `${method} ${path}`
}

function asSpec(root: Record<string, unknown>): SpecDocument {
  return { root, format: 'openapi-3.1', formatName: 'OpenAPI 3.1.0', files: new Map(), path: '', warnings: [] }
}
