import { z } from 'zod'
import { issueDetails } from '../base/issue-details.ts'

/** Numbers and switches are written without quotes now and then; a process and a header take text. */
const Text = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const Texts = z.record(z.string(), Text)
const Names = z.array(z.string())

/**
 * One server as MCP clients write it, each name of a field as one of them documents it. They agree on `command`, `args`,
 * `env`, `type`, `url` and `headers`. `serverUrl` is Windsurf's, `httpUrl`, `includeTools` and `excludeTools` are Gemini's,
 * `http_headers` to `disabled_tools` are Codex's, a command of three parts is what Zed wrote once.
 */
const Entry = z.object({
  type: z.string().optional(),
  command: z
    .union([z.string(), z.object({ path: z.string(), args: z.array(Text).optional(), env: Texts.nullish() })])
    .optional(),
  args: z.array(Text).optional(),
  env: Texts.nullish(),
  cwd: z.string().optional(),
  envFile: z.string().optional(),
  url: z.string().optional(),
  serverUrl: z.string().optional(),
  httpUrl: z.string().optional(),
  headers: Texts.nullish(),
  http_headers: Texts.nullish(),
  bearer_token_env_var: z.string().optional(),
  env_http_headers: Texts.nullish(),
  env_vars: z.array(z.union([z.string(), z.object({ name: z.string() })])).optional(),
  enabled: z.boolean().optional(),
  disabled: z.boolean().optional(),
  enabled_tools: Names.optional(),
  includeTools: Names.optional(),
  disabled_tools: Names.optional(),
  excludeTools: Names.optional(),
  disabledTools: Names.optional(),
})

interface EntryOptions {
  enabledTools: string[]
  disabledTools: string[]
  switchedOff: boolean
}

/** Variables that the client hands on from its own environment: the name they get, and where they come from. */
export type FromEnvironment = readonly { name: string; variable: string }[]

export type ServerEntry = EntryOptions &
  (
    | {
        kind: 'command'
        command: string
        args: string[]
        env: Record<string, string>
        envFromEnvironment: FromEnvironment
        envFile: string | undefined
        cwd: string | undefined
      }
    | {
        kind: 'remote'
        transport: 'sse' | 'http'
        url: string
        headers: Record<string, string>
        headersFromEnvironment: FromEnvironment
        tokenVariable: string | undefined
      }
  )

const TRANSPORTS: ReadonlyMap<string, 'stdio' | 'sse' | 'http'> = new Map([
  ['stdio', 'stdio'],
  ['local', 'stdio'],
  ['sse', 'sse'],
  ['http', 'http'],
  ['streamable-http', 'http'],
  ['streamableHttp', 'http'],
  ['streamable_http', 'http'],
])

/** Reads one entry, or says in a sentence why it can't be used. `untypedUrl`: what a `url` without a type means. */
export function readServerEntry(
  value: unknown,
  untypedUrl: 'sse' | 'http' = 'http',
): { entry: ServerEntry } | { problem: string } {
  const parsed = Entry.safeParse(value)
  if (!parsed.success) return { problem: `It is not written as a server is: ${facts(parsed.error)}` }
  const { data } = parsed
  const type = data.type === undefined ? undefined : TRANSPORTS.get(data.type)
  if (data.type !== undefined && type === undefined) {
    return { problem: `It uses the transport "${data.type.slice(0, 40)}", which Gatehouse does not know.` }
  }
  const options: EntryOptions = {
    enabledTools: data.enabled_tools ?? data.includeTools ?? [],
    disabledTools: data.disabled_tools ?? data.excludeTools ?? data.disabledTools ?? [],
    switchedOff: data.enabled === false || data.disabled === true,
  }
  const url = data.httpUrl ?? data.url ?? data.serverUrl
  if (data.command !== undefined && type !== 'sse' && type !== 'http')
    return { entry: { ...options, ...command(data) } }
  if (url === undefined || type === 'stdio') return { problem: 'It has neither a command nor a URL.' }
  const transport = type ?? (data.httpUrl === undefined ? transportOf(url, untypedUrl) : 'http')
  return { entry: { ...options, ...remote(data, url, transport) } }
}

function command(data: z.output<typeof Entry>) {
  const parts = typeof data.command === 'object' ? data.command : { path: data.command ?? '', args: [], env: {} }
  return {
    kind: 'command' as const,
    command: parts.path,
    args: [...(parts.args ?? []), ...(data.args ?? [])],
    env: { ...parts.env, ...data.env },
    envFromEnvironment: (data.env_vars ?? []).map((named) => {
      const name = typeof named === 'string' ? named : named.name
      return { name, variable: name }
    }),
    envFile: data.envFile,
    cwd: data.cwd,
  }
}

function remote(data: z.output<typeof Entry>, url: string, transport: 'sse' | 'http') {
  return {
    kind: 'remote' as const,
    transport,
    url,
    headers: { ...data.headers, ...data.http_headers },
    headersFromEnvironment: Object.entries(data.env_http_headers ?? {}).map(([name, variable]) => ({ name, variable })),
    tokenVariable: data.bearer_token_env_var,
  }
}

/** Servers of the first HTTP transport stand at `/sse` by convention; clients try both where nothing says which. */
function transportOf(url: string, otherwise: 'sse' | 'http'): 'sse' | 'http' {
  return /\/sse\/?(\?|$)/.test(url) ? 'sse' : otherwise
}

function facts(error: z.ZodError): string {
  return issueDetails(error.issues)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join(' ')
}
