import { z } from 'zod'

/** Where an argument goes in the request. `body`: a top-level field of a JSON or form body. */
export const ParameterPlace = z.enum(['path', 'query', 'header', 'cookie', 'body'])
export type ParameterPlace = z.infer<typeof ParameterPlace>

/**
 * How a value is written (OpenAPI 3.2, 4.8.12.3 Style Values; `tabDelimited` is Swagger 2.0's `tsv`). Defaults: `form` in
 * queries and cookies, `simple` in paths and headers. In a form body it is the style of the field's encoding.
 */
export const ParameterStyle = z.enum([
  'matrix',
  'label',
  'simple',
  'form',
  'spaceDelimited',
  'pipeDelimited',
  'tabDelimited',
  'deepObject',
  'cookie',
])
export type ParameterStyle = z.infer<typeof ParameterStyle>

/** JSON Schema 2020-12. References in it lead to the tool's `$defs` (`#/$defs/Name`). */
export const JsonSchema = z.union([z.boolean(), z.record(z.string(), z.unknown())])
export type JsonSchema = z.infer<typeof JsonSchema>

/** What an agent calls an argument. Model APIs take no other names for properties. */
export const ArgumentName = z.string().regex(/^[a-zA-Z0-9_.-]{1,64}$/, 'Use 1 to 64 letters, digits, _, . or -.')

export const RestParameter = z.strictObject({
  /** As the API knows it. */
  name: z.string().min(1, 'Enter a name.').max(256),
  /** As the agent knows it. Left out: `name`. Unique in the tool. */
  argument: ArgumentName.optional(),
  in: ParameterPlace,
  /** A path parameter always is. */
  required: z.boolean().default(false),
  description: z.string().max(20_000).default(''),
  schema: JsonSchema.default({}),
  style: ParameterStyle.optional(),
  /** Default: true with `form`, `cookie` and `deepObject`, else false. */
  explode: z.boolean().optional(),
  /** Leaves `:/?#[]@!$&'()*+,;=` as they are (RFC 3986, 2.2), in queries and form bodies. */
  allow_reserved: z.boolean().optional(),
  /** The value is written in this media type, in place of a style: `application/json`. Of a field of a multipart body: its type. */
  content_type: z.string().max(256).optional(),
  /** Sent with every call and not shown to agents. */
  constant: z.json().optional(),
})
export type RestParameter = z.output<typeof RestParameter>

/** `schema` where the body is one value, which is the argument `body`; without it the body is made of the parameters in it. */
const RestBody = z.strictObject({
  content_type: z.string().min(1).max(256),
  required: z.boolean().default(false),
  description: z.string().max(20_000).default(''),
  schema: JsonSchema.optional(),
})
export type RestBody = z.output<typeof RestBody>

const Method = z.string().regex(/^(?!CONNECT$|TRACE$)[A-Z][A-Z-]{0,19}$/, 'Use a method such as GET or POST.')

/** One request of an API as a tool. */
export const RestTool = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'Use 1 to 64 letters, digits, _ or -.'),
  title: z.string().max(256).optional(),
  description: z.string().max(50_000).default(''),
  method: Method,
  /** Below `base_url`, with `{name}` where a path parameter goes. It may have a fixed query. */
  path: z
    .string()
    .max(2048)
    .regex(/^\//, 'A path begins with /.')
    .regex(/^[^#\s\\]*$/, 'A path has no spaces, # or \\.'),
  /** Another server than the integration's, as some operations of an API have. */
  base_url: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .optional(),
  parameters: z.array(RestParameter).max(1000).default([]),
  body: RestBody.nullable().default(null),
  /** What schemas in it refer to. */
  $defs: z.record(z.string(), JsonSchema).optional(),
  /** Of the answer, where it is a JSON object: `outputSchema` of the tool. */
  output_schema: z.record(z.string(), z.unknown()).optional(),
  /** `readOnlyHint`, `destructiveHint`, `idempotentHint`, `openWorldHint` (MCP 2025-11-25, ToolAnnotations). Left out: by method. */
  annotations: z.record(z.string(), z.boolean()).optional(),
  /** JSONPath (RFC 9535) of what an agent gets of a JSON answer; several make an object. Left out: all of it. */
  projection: z.union([z.string().max(2000), z.record(z.string(), z.string().max(2000))]).optional(),
  /** Which operation of the imported document it is: finds it again at the next import. */
  operation: z
    .strictObject({
      /** Path and method as the document has them. */
      path: z.string().max(4096),
      method: Method,
      id: z.string().max(1024).optional(),
      tags: z.array(z.string().max(256)).max(100).default([]),
      deprecated: z.boolean().default(false),
    })
    .optional(),
})
export type RestTool = z.output<typeof RestTool>
/** As it may be given: with everything left out that has a default. */
export type RestToolInput = z.input<typeof RestTool>

/** A document with the files that it refers to, by their path beside it (`common/Error.json`). */
export const SpecFiles = z
  .record(z.string().min(1).max(1024), z.string())
  .refine((files) => Object.keys(files).length <= 2000, {
    message: 'Drop at most 2,000 files together.',
  })

const sourceFacts = {
  kind: z.enum(['file', 'url', 'text']),
  /** Of the file. */
  name: z.string().max(1024).optional(),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .optional(),
}

/** What tools were imported from, on its way in: kept, to be compared with at the next import. */
export const NewRestSource = z.strictObject({ ...sourceFacts, document: z.string(), files: SpecFiles.optional() })
export type NewRestSource = z.output<typeof NewRestSource>

export const RestSource = z.object({
  ...sourceFacts,
  /** Of the document's text. */
  sha256: z.string(),
  /** `OpenAPI 3.1.0`, `Swagger 2.0`. */
  format: z.string(),
  imported_at: z.iso.datetime(),
})
export type RestSource = z.infer<typeof RestSource>

const Pem = z
  .string()
  .max(100_000)
  .regex(/-----BEGIN [A-Z ]+-----/, 'Paste a certificate in PEM form (-----BEGIN …).')

/** How a REST API is reached, without its address and headers. */
export const restConnection = {
  /** For one attempt. */
  timeout_s: z.int().min(1).max(600).default(60),
  /** Requests at a time, over all agents; others wait. */
  max_concurrency: z.int().min(1).max(256).default(16),
  /** Further attempts after 429 and 503 and after a connection that failed. Only idempotent methods (RFC 9110, 9.2.2). */
  retries: z.int().min(0).max(5).default(2),
  /** An answer is cut above this, head and tail. */
  max_answer_kib: z
    .int()
    .min(1)
    .max(128 * 1024)
    .default(256),
  /** Authorities that are trusted for this API, beside those of the system. */
  ca: Pem.optional(),
  /** Shown to the API (mutual TLS). Its key is `credentials.tls_key`. */
  client_certificate: Pem.optional(),
  /** An HTTP proxy: `http://proxy.corp:3128`. */
  proxy_url: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .optional(),
  /** Other origins that get the credentials as well, where tools have a `base_url` of their own. */
  credential_origins: z
    .array(z.url({ protocol: /^https?$/ }).max(2048))
    .max(100)
    .default([]),
}
