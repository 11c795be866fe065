import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { MAX_SLUG_LENGTH } from '../slug.ts'
import { HttpUrl } from './http-url.ts'
import { AuthorizationStart, DoctorReport, DoctorStep, OAuthSettings, OAuthStatus } from './oauth.ts'
import { operation, page } from './operation.ts'
import { NewRestSource, restConnection, RestSource, RestTool } from './rest.ts'
import { MAX_REST_TOOLS } from './words.ts'

/** The name of an integration: the namespace of its tools, unique in its workspace. */
export const Slug = z
  .string()
  .min(1, 'Enter a name.')
  .max(MAX_SLUG_LENGTH, `Use at most ${MAX_SLUG_LENGTH} characters.`)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Use lowercase letters, digits and hyphens.')

const HeaderName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/, 'This is not a valid header name.')
const HeaderValue = z
  .string()
  .max(8192)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'A header value has no line breaks.')
const EnvName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'Use letters, digits and underscores.')
const NoNul = z
  .string()
  .max(32_768)
  .regex(/^[^\0]*$/, 'This must not contain a NUL character.')

/** Which protocol era to speak to the server: `auto` probes 2026-07-28 first, then `initialize`. */
export const EraSetting = z.enum(['auto', 'modern', 'legacy'])
export type EraSetting = z.infer<typeof EraSetting>

/**
 * Whether agents share one connection to the server, or each session of an agent has one of its own: for servers that keep
 * state by connection (a browser, a login), and for those that ask back without telling whom. Costs a process or session each.
 */
export const IsolationSetting = z.enum(['shared', 'per_session'])
export type IsolationSetting = z.infer<typeof IsolationSetting>
const Isolation = IsolationSetting.default('shared')

/** HTTP+SSE of revision 2024-11-05: a stream that is read, and an address beside it that is written to. */
const SseSettings = z.strictObject({
  transport: z.literal('sse').default('sse'),
  server_url: HttpUrl,
  /** Sent with every request. Secret headers belong to `credentials.headers`. */
  headers: z.record(HeaderName, HeaderValue).default({}),
  /** This transport is older than 2026-07-28, so it is never `modern`. */
  era: z.enum(['auto', 'legacy']).default('auto'),
  isolation: Isolation,
})
const HttpSettings = z.strictObject({
  transport: z.literal('http'),
  server_url: HttpUrl,
  /** Sent with every request. Secret headers belong to `credentials.headers`. */
  headers: z.record(HeaderName, HeaderValue).default({}),
  era: EraSetting.default('auto'),
  isolation: Isolation,
})
const StdioSettings = z.strictObject({
  transport: z.literal('stdio'),
  /** Run as it is, never by a shell. */
  command: NoNul.min(1, 'Enter a command.'),
  args: z.array(NoNul).max(256).default([]),
  /** Added to a small allowlist of the gateway's own environment. Secret values belong to `credentials.env`. */
  env: z.record(EnvName, NoNul).default({}),
  cwd: NoNul.min(1).optional(),
  era: EraSetting.default('auto'),
  isolation: Isolation,
})

/** How an MCP server is reached. Without `transport` it is `sse` (contract.md). */
export const McpSettings = z.discriminatedUnion('transport', [SseSettings, HttpSettings, StdioSettings])
export type McpSettings = z.output<typeof McpSettings>

const restSettings = {
  /** What the paths of the tools are put behind. */
  base_url: HttpUrl.refine((url) => !/[?#]/.test(url), 'A base URL has no query and no fragment.'),
  /** Sent with every request. Secret headers belong to `credentials.headers`. */
  headers: z.record(HeaderName, HeaderValue).default({}),
  ...restConnection,
}
const RestTools = z
  .array(RestTool)
  .max(MAX_REST_TOOLS, { error: () => `Choose at most ${MAX_REST_TOOLS.toLocaleString('en')} tools.` })

/** How a REST API is reached, and its tools. */
export const RestSettings = z.strictObject({
  ...restSettings,
  tools: RestTools.default([]),
  /** What the tools were imported from, if they were. */
  source: NewRestSource.optional(),
})
export type RestSettings = z.output<typeof RestSettings>

/** The same in a change: `tools` and `source` that are left out stay as they are. */
export const RestChanges = z.strictObject({
  ...restSettings,
  tools: RestTools.optional(),
  source: NewRestSource.optional(),
})
export type RestChanges = z.output<typeof RestChanges>

/** The same on the way out. Lists and events leave `tools` out, which may be megabytes; `connection.tool_count` counts them. */
export const ShownRestSettings = z.object({
  ...restSettings,
  tools: z.array(RestTool).optional(),
  source: RestSource.nullable(),
})
export type ShownRestSettings = z.infer<typeof ShownRestSettings>

export const AuthType = z.enum(['none', 'bearer', 'api_key', 'basic', 'oauth2'])
export type AuthType = z.infer<typeof AuthType>

/** What is not secret about authentication. */
export const AuthSettings = z.strictObject({
  /** Header, query parameter or cookie that carries the credential. Default: `Authorization` for bearer, `X-API-Key` for an API key. */
  header_name: z
    .string()
    .regex(/^[!-~]{1,128}$/, 'Use 1 to 128 printable characters without spaces.')
    .optional(),
  /** Where an API key goes. Anything but a header is for REST APIs. Default: header. */
  in: z.enum(['header', 'query', 'cookie']).optional(),
  /** Of auth type `oauth2`. Left out: all of its defaults. */
  oauth: OAuthSettings.optional(),
})
export type AuthSettings = z.infer<typeof AuthSettings>

const Secret = z.string().min(1).max(16_384)
const Token = Secret.regex(/^[\x20-\x7e]+$/, 'A token is printable text without line breaks.')
/** Secrets on their way in. They never come out again; see `MaskedCredentials`. */
export const Credentials = z
  .strictObject({
    api_token: Token.optional(),
    /** Another name of `api_token`, which is what comes out. */
    token: Token.optional(),
    api_key: Secret.regex(/^[\x20-\x7e]+$/, 'A key is printable text without line breaks.').optional(),
    /** Of auth type `basic` (RFC 7617, UTF-8). */
    username: z
      .string()
      .max(1024)
      .regex(/^[^:\p{Cc}]*$/u, 'A user name has no colon and no control characters.')
      .optional(),
    password: Secret.regex(/^\P{Cc}+$/u, 'A password has no control characters.').optional(),
    /** The PEM key of `rest.client_certificate`. */
    tls_key: Secret.regex(/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'Paste a private key in PEM form.').optional(),
    /** Of auth type `oauth2`: another place for `auth.oauth.client_id`, which goes before it. */
    client_id: Token.max(2048).optional(),
    client_secret: Token.optional(),
    /** Of `private_key_jwt`: PKCS#8 in PEM form. */
    private_key: Secret.regex(
      /-----BEGIN PRIVATE KEY-----/,
      'Paste a PKCS#8 key: "-----BEGIN PRIVATE KEY-----".',
    ).optional(),
    env: z.record(EnvName, NoNul.min(1)).optional(),
    headers: z.record(HeaderName, HeaderValue.min(1)).optional(),
  })
  .refine(({ api_token, token }) => api_token === undefined || token === undefined, {
    path: ['token'],
    message: 'This is another name of api_token. Give one of them.',
  })
  .transform(({ token, ...credentials }) => (token === undefined ? credentials : { ...credentials, api_token: token }))
export type Credentials = z.infer<typeof Credentials>

/** A secret on its way out: dots, and its last four characters where it has twelve or more and is not a key. */
const Masked = z.string().regex(/^•{4}[^•]{0,4}$/u)
export const MaskedCredentials = z.record(z.string(), z.union([Masked, z.record(z.string(), Masked)]))
export type MaskedCredentials = z.infer<typeof MaskedCredentials>

const Category = z.string().max(40)
/** Filter entries are the upstream's own tool names; `*` stands for any run of characters. */
const ToolPattern = z.string().min(1).max(256)
const ToolPatterns = z.array(ToolPattern).max(10_000)

const metadata = {
  display_name: z.string().max(80),
  description: z.string().max(2000),
  logo_url: z.union([z.literal(''), HttpUrl]),
  category: Category,
}
/**
 * What happens to a tool that its server describes otherwise than approved, or has added. `hold`: agents do not get it until
 * somebody approves it. `notify`: they get it, and the change is shown until it is approved. `allow`: it counts as approved.
 */
export const OnDefinitionChange = z.enum(['hold', 'notify', 'allow'])
export type OnDefinitionChange = z.infer<typeof OnDefinitionChange>

const filter = { enabled_tools: ToolPatterns, disabled_tools: ToolPatterns }
const authentication = {
  auth_type: AuthType,
  /** Written before the token, for example `Bearer` or `Token`. Empty: the credential stands alone. */
  auth_header_prefix: z
    .string()
    .max(64)
    .regex(/^[!-~]*$/, 'A prefix is one word.'),
  auth: AuthSettings,
}

/** What `connection.state` can be (contract.md). */
export const ConnectionState = z.enum([
  'connecting',
  'connected',
  'needs_setup',
  'needs_auth',
  'error',
  'quarantined',
  'locked',
  'disabled',
])
export type ConnectionState = z.infer<typeof ConnectionState>

export const Connection = z.object({
  state: ConnectionState,
  /** Why it is not connected, in the upstream's own words where there are some. */
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  protocol_version: z.string().nullable(),
  server_info: z.looseObject({ name: z.string(), version: z.string() }).nullable(),
  tool_count: z.int().nonnegative(),
  /** What the admin should know although it works, for example a tool that was left out because its schema is broken. */
  warnings: z.array(z.string()),
  since: z.iso.datetime(),
  next_retry_at: z.iso.datetime().nullable(),
})
export type Connection = z.infer<typeof Connection>

export const Integration = z.object({
  name: z.string(),
  ...metadata,
  logo_url: z.string(),
  /** Where the console finds the logo, `/logos/<sha256>`. Null: no URL, or it is not fetched yet, or could not be. */
  logo: z.string().nullable(),
  source: z.enum(['system', 'custom']),
  protocol: z.enum(['mcp', 'rest']),
  status: z.enum(['active', 'disabled']),
  /** Null for a REST API, and for a system integration that is not set up. */
  mcp: McpSettings.nullable(),
  /** Null for an MCP server, and for a system integration that is not set up. */
  rest: ShownRestSettings.nullable(),
  auth_type: AuthType,
  auth_header_prefix: z.string(),
  auth: z.object({
    header_name: z.string().optional(),
    in: z.enum(['header', 'query', 'cookie']).optional(),
    oauth: OAuthSettings.optional(),
  }),
  /** Null for another auth type than `oauth2`. */
  oauth: OAuthStatus.nullable(),
  credentials: MaskedCredentials,
  ...filter,
  on_definition_change: OnDefinitionChange,
  /** Tools that differ from what was approved, or were never approved. Under `hold` agents do not get them. */
  unapproved_tools: z.int().nonnegative(),
  connection: Connection,
  /** Grows with each change while the gateway runs: of two answers or events the one with the higher number is newer. */
  revision: z.int().nonnegative(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
})
export type Integration = z.infer<typeof Integration>

const newAuthentication = {
  auth_type: AuthType.default('none'),
  auth_header_prefix: authentication.auth_header_prefix.default('Bearer'),
  auth: AuthSettings.default({}),
  credentials: Credentials.optional(),
}
const newFields = {
  name: Slug,
  display_name: metadata.display_name.default(''),
  description: metadata.description.default(''),
  logo_url: metadata.logo_url.default(''),
  category: metadata.category.default(''),
  ...newAuthentication,
  enabled_tools: ToolPatterns.default([]),
  disabled_tools: ToolPatterns.default([]),
  on_definition_change: OnDefinitionChange.default('hold'),
}
export const NewMcpIntegration = z.strictObject({
  ...newFields,
  protocol: z.literal('mcp').default('mcp'),
  mcp: McpSettings,
})
export const NewRestIntegration = z.strictObject({ ...newFields, protocol: z.literal('rest'), rest: RestSettings })

/** An MCP server, unless `protocol` says that it is a REST API. */
export const NewIntegration = z.discriminatedUnion('protocol', [NewMcpIntegration, NewRestIntegration])
export type NewMcpIntegration = z.output<typeof NewMcpIntegration>
export type NewRestIntegration = z.output<typeof NewRestIntegration>
export type NewIntegration = z.output<typeof NewIntegration>

/**
 * A change. Metadata and filters apply at once. `mcp` or `rest` replaces the connection settings as a whole; which of the two
 * an integration has never changes. `credentials` replaces the whole set of secrets; left out, they are kept.
 */
export const IntegrationChanges = z
  .strictObject({
    ...metadata,
    mcp: McpSettings,
    rest: RestChanges,
    ...authentication,
    credentials: Credentials,
    ...filter,
    on_definition_change: OnDefinitionChange,
  })
  .partial()
export type IntegrationChanges = z.output<typeof IntegrationChanges>

/** What is tried by a connection test before anything is stored. With `name`, secrets left out come from that integration. */
export const McpConnectionDraft = z.strictObject({
  name: Slug.optional(),
  protocol: z.literal('mcp').default('mcp'),
  mcp: McpSettings,
  ...newAuthentication,
})
export const RestConnectionDraft = z.strictObject({
  name: Slug.optional(),
  protocol: z.literal('rest'),
  rest: RestChanges,
  ...newAuthentication,
})
export const ConnectionDraft = z.discriminatedUnion('protocol', [McpConnectionDraft, RestConnectionDraft])
export type McpConnectionDraft = z.output<typeof McpConnectionDraft>
export type RestConnectionDraft = z.output<typeof RestConnectionDraft>
export type ConnectionDraft = z.output<typeof ConnectionDraft>

/** The steps of a connection test, in order. stdio has no address to resolve: its `resolve` finds the command. A REST API has no `negotiate`. */
export const TestStep = z.object({
  step: z.enum(['resolve', 'connect', 'negotiate', 'list']),
  state: z.enum(['running', 'ok', 'failed']),
  /** What was found, or the upstream's own error. */
  message: z.string(),
  duration_ms: z.number(),
})
export type TestStep = z.infer<typeof TestStep>

export const TestResult = z.object({
  ok: z.boolean(),
  /** After a failed test over HTTP: the other HTTP transport, tried at the same address, would have worked. */
  suggested_transport: z.enum(['sse', 'http']).nullable(),
  /** The server said that it takes tokens of OAuth (RFC 9728): choosing that auth type is likely to work. */
  suggested_auth: z.enum(['oauth2']).nullable(),
  /** One sentence for a person: "Connected. 42 tools found in 310 ms." or what went wrong. */
  message: z.string(),
  error: z.object({ code: z.string(), message: z.string(), field: z.string().optional() }).nullable(),
  steps: z.array(TestStep),
  tool_count: z.int().nonnegative(),
  tool_names: z.array(z.string()),
  protocol_version: z.string().nullable(),
  server_info: Connection.shape.server_info,
  duration_ms: z.number(),
})
export type TestResult = z.infer<typeof TestResult>

/** One line of what a stdio server wrote to stderr, or one thing that happened to a connection. */
export const OutputLine = z.object({
  /** Grows by one with each line of this integration since the gateway started; a gap means lines that were dropped. */
  seq: z.int().nonnegative(),
  at: z.iso.datetime(),
  kind: z.enum(['stderr', 'event']),
  /** Secrets of the integration are masked; a long line is cut. */
  text: z.string(),
})
export type OutputLine = z.infer<typeof OutputLine>

/** What the processes of a stdio server use: the server itself and all its descendants. */
export const ProcessUsage = z.object({
  pid: z.int().positive(),
  started_at: z.iso.datetime(),
  process_count: z.int().positive(),
  /** Resident memory. */
  memory_bytes: z.int().nonnegative(),
  /** Of one core, since the former question. */
  cpu_percent: z.number().nonnegative(),
})
export type ProcessUsage = z.infer<typeof ProcessUsage>

const ByName = z.strictObject({ name: z.string() })

export const integrations = {
  list: operation
    .route({ method: 'GET', path: '/integrations', summary: 'All integrations of the workspace, system ones first' })
    .output(page(Integration)),
  create: operation
    .route({ method: 'POST', path: '/integrations', successStatus: 201, summary: 'Add a custom integration' })
    .input(NewIntegration)
    .output(Integration),
  get: operation
    .route({ method: 'GET', path: '/integrations/{name}', summary: 'One integration' })
    .input(ByName)
    .output(Integration),
  update: operation
    .route({
      method: 'PATCH',
      path: '/integrations/{name}',
      summary: 'Change an integration; credentials left out are kept, credentials given replace the whole set',
    })
    .input(IntegrationChanges.extend({ name: z.string() }))
    .output(Integration),
  remove: operation
    .route({
      method: 'DELETE',
      path: '/integrations/{name}',
      successStatus: 204,
      summary: 'Delete a custom integration with its secrets: at once, or out of sight now and erased after `undo_s`',
    })
    .input(ByName.extend({ undo_s: z.coerce.number().int().min(0).max(60).default(0) }))
    .output(z.void()),
  restore: operation
    .route({
      method: 'POST',
      path: '/integrations/{name}/restore',
      summary: 'Bring back what was deleted with `undo_s`, while that time lasts',
    })
    .input(ByName)
    .output(Integration),
  enable: operation
    .route({ method: 'POST', path: '/integrations/{name}/enable', summary: 'Serve it in the gateway' })
    .input(ByName)
    .output(Integration),
  disable: operation
    .route({ method: 'POST', path: '/integrations/{name}/disable', summary: 'Take it out of the gateway' })
    .input(ByName)
    .output(Integration),
  restart: operation
    .route({ method: 'POST', path: '/integrations/{name}/restart', summary: 'Connect again now' })
    .input(ByName)
    .output(Integration),
  test: operation
    .route({
      method: 'POST',
      path: '/integrations/{name}/test',
      summary: 'Test the stored connection in a connection of its own',
    })
    .input(ByName)
    .output(TestResult),
  authorize: operation
    .route({
      method: 'POST',
      path: '/integrations/{name}/authorize',
      summary: 'Begin to sign in with OAuth, or get the sign-in that waits; `open` opens it in the system browser',
    })
    .input(ByName.extend({ open: z.boolean().default(false) }))
    .output(AuthorizationStart),
  cancel_authorization: operation
    .route({
      method: 'DELETE',
      path: '/integrations/{name}/authorize',
      successStatus: 204,
      summary: 'Give up the sign-in that waits; what was granted before stays',
    })
    .input(ByName)
    .output(z.void()),
  disconnect: operation
    .route({
      method: 'POST',
      path: '/integrations/{name}/disconnect',
      summary: 'Sign out: revoke the tokens where the server can, and forget them',
    })
    .input(ByName)
    .output(Integration),
  diagnose: operation
    .route({
      method: 'POST',
      path: '/integrations/{name}/diagnose',
      summary: 'Go through sign-in and a call a step at a time, and say what to mend; server-sent events',
    })
    .input(ByName)
    .output(eventIterator(DoctorStep, DoctorReport)),
  output: operation
    .route({
      method: 'GET',
      path: '/integrations/{name}/output',
      summary: 'The last 2,000 lines of stderr and connection events, oldest first',
    })
    .input(ByName)
    .output(page(OutputLine)),
  follow_output: operation
    .route({
      method: 'GET',
      path: '/integrations/{name}/output/stream',
      summary: 'The same as server-sent events: what is kept after line `after`, then every new line, in batches',
    })
    .input(ByName.extend({ after: z.coerce.number().int().min(-1).default(-1) }))
    .output(eventIterator(z.array(OutputLine))),
  process: operation
    .route({
      method: 'GET',
      path: '/integrations/{name}/process',
      summary: 'Memory and CPU of a stdio server; null while none runs, or for another transport',
    })
    .input(ByName)
    .output(ProcessUsage.nullable()),
  test_draft: operation
    .route({
      method: 'POST',
      path: '/integrations/new/test',
      summary: 'Test a connection before it is stored; server-sent events, a step at a time',
    })
    .input(ConnectionDraft)
    .output(eventIterator(TestStep, TestResult)),
}
