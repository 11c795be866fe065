import { z } from 'zod'
import { AuthSettings, AuthType, RestChanges, RestConnectionDraft, Slug } from './integrations.ts'
import { operation } from './operation.ts'
import { NewRestSource, RestSource, RestTool, SpecFiles } from './rest.ts'

/** Something in a document that was left out, changed or guessed. */
export const ImportWarning = z.object({
  /** For a person: what is wrong, and what was done about it. */
  message: z.string(),
  /** JSON Pointer (RFC 6901) into the document; empty: all of it. */
  pointer: z.string(),
  /** `GET /invoices/{id}`; null: it is not about one operation. */
  operation: z.string().nullable(),
})
export type ImportWarning = z.infer<typeof ImportWarning>

/** An operation of a document as the tool that it would be. */
export const PreviewTool = RestTool.extend({
  /** What an agent sees of its arguments: JSON Schema 2020-12. */
  input_schema: z.record(z.string(), z.unknown()),
  /** It only reads (GET, HEAD, OPTIONS, QUERY), so it starts selected. */
  reads: z.boolean(),
  /** About what its definition costs in an agent's context: a quarter of its bytes. */
  tokens: z.int().nonnegative(),
  /** Of this operation alone. */
  warnings: z.array(z.string()),
})
export type PreviewTool = z.infer<typeof PreviewTool>

/** An address of the API that the document names, with the defaults of its variables filled in. */
export const PreviewServer = z.object({
  /** Empty: the document names none. Without a host: below the address that the document came from. */
  url: z.string(),
  /** As it stands in the document: `https://{region}.example.com`. */
  template: z.string(),
  description: z.string(),
  variables: z.array(
    z.object({ name: z.string(), default: z.string(), enum: z.array(z.string()), description: z.string() }),
  ),
})
export type PreviewServer = z.infer<typeof PreviewServer>

/** A security scheme as the form would have it. */
export const PreviewAuth = z.object({
  /** Of the scheme in the document. */
  name: z.string(),
  auth_type: AuthType,
  auth_header_prefix: z.string(),
  auth: AuthSettings,
  description: z.string(),
})
export type PreviewAuth = z.infer<typeof PreviewAuth>

export const OpenApiPreview = z.object({
  title: z.string(),
  /** Of the API: `info.version`. */
  version: z.string(),
  description: z.string(),
  /** `OpenAPI 3.1.0`, `Swagger 2.0`. */
  format: z.string(),
  /** The first server, ready to use. Empty: enter it. */
  base_url: z.string(),
  servers: z.array(PreviewServer),
  /** The scheme that most operations ask for. */
  auth: PreviewAuth,
  /** All that can be used, that one included. */
  auth_options: z.array(PreviewAuth),
  tools: z.array(PreviewTool),
  /** Of a document that Gatehouse exported: how its API was reached. */
  connection: RestChanges.pick({
    headers: true,
    timeout_s: true,
    max_concurrency: true,
    retries: true,
    max_answer_kib: true,
  }).optional(),
  /** Operations in the document, those that could not be used included. */
  operation_count: z.int().nonnegative(),
  warnings: z.array(ImportWarning),
})
export type OpenApiPreview = z.infer<typeof OpenApiPreview>

/** A document to read: its text, or where it is. Exactly one of `spec` and `url`. */
const documentInput = {
  /** The text: JSON or YAML, at most 32 MiB. */
  spec: z.string().optional(),
  url: z
    .url({ protocol: /^https?$/, error: 'Enter a full URL, for example https://example.com/openapi.json.' })
    .max(2048)
    .optional(),
  /** What it refers to, by path beside it. Nothing else is ever fetched or read. */
  files: SpecFiles.optional(),
}

/** What became of one operation since the last import. `tool`: the name of the tool that the integration has. */
const Fate = z.object({ tool: z.string(), operation: z.string() })

export const FieldChange = z.object({
  /** Which part of the tool, for a person: `description`, `parameters.limit.schema.maximum`. */
  path: z.string(),
  /** As JSON text, or null where it was not there. */
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** It was edited by hand, so that it stays as it is. */
  kept: z.boolean(),
})
export type FieldChange = z.infer<typeof FieldChange>

export const ImportDiff = z.object({
  source: RestSource.pick({ kind: true, name: true, url: true, sha256: true, format: true }),
  /** Operations that the integration has no tool for and that the former document did not have. */
  added: z.array(PreviewTool),
  changed: z.array(Fate.extend({ fields: z.array(FieldChange), after: RestTool })),
  /** Tools whose operation is gone. */
  removed: z.array(Fate),
  /** Tools whose operation is deprecated now and was not before. */
  deprecated: z.array(Fate),
  /** Operations that were there before and were not chosen. */
  available: z.array(PreviewTool),
  unchanged: z.int().nonnegative(),
  /** Who is hit by what is changed or removed. */
  profiles: z.array(z.object({ name: z.string(), tools: z.array(z.string()) })),
  /** Calls of the last seven days. */
  calls: z.array(z.object({ tool: z.string(), count: z.int(), last_at: z.iso.datetime() })),
  warnings: z.array(ImportWarning),
})
export type ImportDiff = z.infer<typeof ImportDiff>

/** What a tool under construction looks like to an agent, and the request that these arguments make. Nothing is sent. */
export const RestToolPreview = z.object({
  /** `name`, `title`, `description`, `inputSchema`, `outputSchema`, `annotations` (MCP 2025-11-25, Tool). */
  tool: z.record(z.string(), z.unknown()),
  tokens: z.int().nonnegative(),
  /** Null: the arguments do not fit, `problems` say why. Credentials are masked. */
  request: z
    .object({
      method: z.string(),
      url: z.string(),
      headers: z.array(z.tuple([z.string(), z.string()])),
      /** As text; of a binary body what it is and its size. */
      body: z.string().nullable(),
    })
    .nullable(),
  problems: z.array(z.object({ path: z.string(), message: z.string() })),
})
export type RestToolPreview = z.infer<typeof RestToolPreview>

/** How one try went. */
export const RestTry = z.object({
  request: RestToolPreview.shape.request,
  /** Null: no answer came, and `result` says why. */
  response: z
    .object({
      status: z.int(),
      headers: z.array(z.tuple([z.string(), z.string()])),
      duration_ms: z.number(),
      bytes: z.int().nonnegative(),
    })
    .nullable(),
  /** The MCP result that an agent would get. */
  result: z.looseObject({}),
})
export type RestTry = z.infer<typeof RestTry>

/** A tool that is not stored, and what it is tried with. */
export const ToolDraft = z.strictObject({
  /** The connection, with credentials where it is tried; with `name`, secrets left out come from that integration. */
  connection: RestConnectionDraft,
  tool: RestTool,
  arguments: z.record(z.string(), z.unknown()).default({}),
})
export type ToolDraft = z.output<typeof ToolDraft>

/** A document to be read before anything is stored. */
export const PreviewInput = z.strictObject({
  ...documentInput,
  /** `url` is fetched with the credentials of this connection, where it has the same origin as its base URL. */
  connection: RestConnectionDraft.optional(),
})
export type PreviewInput = z.output<typeof PreviewInput>

/** A preview, and what is to be given with `rest.source`. `document`: the text that was fetched; null where it was given. */
export const DocumentPreview = OpenApiPreview.extend({
  source: NewRestSource.omit({ files: true }).extend({ document: z.string().nullable() }),
})
export type DocumentPreview = z.infer<typeof DocumentPreview>

/** A newer document for an integration. Neither `spec` nor `url`: from where it came last. */
export const CheckInput = z.strictObject({ name: Slug, ...documentInput })
export type CheckInput = z.output<typeof CheckInput>

export const ApplyInput = z.strictObject({
  name: Slug,
  ...documentInput,
  /** `source.sha256` of what was checked. */
  sha256: z.string(),
  /** Names of tools, from the lists of the check. */
  add: z.array(z.string()).max(20_000).default([]),
  change: z.array(z.string()).max(20_000).default([]),
  remove: z.array(z.string()).max(20_000).default([]),
})
export type ApplyInput = z.output<typeof ApplyInput>

export const openapi = {
  preview: operation
    .route({
      method: 'POST',
      path: '/openapi/preview',
      summary: 'What importing an OpenAPI or Swagger document would give; writes nothing',
    })
    .input(PreviewInput)
    .output(DocumentPreview),
  preview_tool: operation
    .route({
      method: 'POST',
      path: '/rest/preview',
      summary: 'A tool as an agent sees it, and the request that these arguments make; sends nothing',
    })
    .input(ToolDraft)
    .output(RestToolPreview),
  try_tool: operation
    .route({ method: 'POST', path: '/rest/try', summary: 'Call a tool that is not stored, against the real API' })
    .input(ToolDraft)
    .output(RestTry),
  check: operation
    .route({
      method: 'POST',
      path: '/integrations/{name}/openapi/check',
      summary: 'What a newer document changes, field by field: from where it came last, or one that is given',
    })
    .input(CheckInput)
    .output(ImportDiff),
  apply: operation
    .route({
      method: 'POST',
      path: '/integrations/{name}/openapi/apply',
      successStatus: 204,
      summary: 'Take over what was checked; edits by hand, names and filters stay',
    })
    .input(ApplyInput)
    .output(z.void()),
  export: operation
    .route({
      method: 'GET',
      path: '/integrations/{name}/openapi',
      summary: 'A REST integration as an OpenAPI 3.1 document, without secrets; it imports again as it is',
    })
    .input(z.strictObject({ name: Slug }))
    .output(z.record(z.string(), z.unknown())),
}
