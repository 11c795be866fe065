import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { NewIntegration } from '../../shared/contract/integrations.ts'
import { looksSecret } from '../../shared/secret-names.ts'
import { issueDetails } from '../api/validation.ts'
import { AppError } from '../base/app-error.ts'

const Command = z.object({
  type: z.literal('stdio').optional(),
  command: z.string(),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
  cwd: z.string().optional(),
})
const Remote = z.object({
  type: z.enum(['http', 'streamable-http', 'streamableHttp']).optional(),
  url: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
})
const Entry = z.union([Command, Remote])
const File = z.object({ mcpServers: z.record(z.string(), z.unknown()) })

/**
 * Reads the `{"mcpServers": …}` object that MCP clients keep. All of it is checked before anything is applied; what looks
 * like a secret in `env` and `headers` becomes a credential, which the vault keeps.
 */
export async function readMcpServersFile(path: string): Promise<NewIntegration[]> {
  const bySlug = new Map<string, { name: string; input: NewIntegration }>()
  for (const [name, entry] of Object.entries(await readEntries(path))) {
    const input = toIntegration(path, name, entry)
    const other = bySlug.get(input.name)
    if (other) throw invalid(path, `"${other.name}" and "${name}" would both be named ${input.name}. Rename one.`)
    bySlug.set(input.name, { name, input })
  }
  return [...bySlug.values()].map(({ input }) => input)
}

async function readEntries(path: string): Promise<Record<string, unknown>> {
  let content: unknown
  try {
    content = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw invalid(path, reasonOf(error))
  }
  const file = File.safeParse(content)
  if (!file.success) throw invalid(path, 'it has no "mcpServers" object.')
  return file.data.mcpServers
}

function toIntegration(path: string, name: string, entry: unknown): NewIntegration {
  const type = typeof entry === 'object' && entry !== null && 'type' in entry ? entry.type : undefined
  if (type === 'sse') throw invalid(path, `"${name}" uses the transport sse; use the server's streamable HTTP address.`)
  const parsed = Entry.safeParse(entry)
  if (!parsed.success) throw invalid(path, `"${name}" needs a command or a url (${said(parsed.error)}).`)
  const slug = slugOf(name)
  const input = NewIntegration.safeParse({
    name: slug,
    display_name: slug === name ? '' : name.slice(0, 80),
    ...('command' in parsed.data ? fromCommand(parsed.data) : fromRemote(parsed.data)),
  })
  if (!input.success) throw invalid(path, `"${name}" is not valid (${said(input.error)}).`)
  return input.data
}

function fromCommand({ command, args, env, cwd }: z.output<typeof Command>) {
  const { plain, secret } = split(env)
  return {
    mcp: { transport: 'stdio', command, args, env: plain, ...(cwd === undefined ? {} : { cwd }) },
    ...(Object.keys(secret).length > 0 ? { credentials: { env: secret } } : {}),
  }
}

function fromRemote({ url, headers }: z.output<typeof Remote>) {
  const { plain, secret } = split(headers)
  const mcp = { transport: 'http', server_url: url, headers: plain }
  const authorization = Object.keys(secret).find((name) => name.toLowerCase() === 'authorization')
  const bearer = authorization && /^Bearer +(\S+)$/i.exec(secret[authorization] ?? '')?.[1]
  if (!authorization || !bearer) {
    return { mcp, ...(Object.keys(secret).length > 0 ? { credentials: { headers: secret } } : {}) }
  }
  const { [authorization]: _token, ...others } = secret
  return {
    mcp,
    auth_type: 'bearer',
    credentials: { api_token: bearer, ...(Object.keys(others).length > 0 ? { headers: others } : {}) },
  }
}

function split(values: Record<string, string>) {
  const entries = Object.entries(values)
  return {
    plain: Object.fromEntries(entries.filter(([name, value]) => !looksSecret(name, value))),
    secret: Object.fromEntries(entries.filter(([name, value]) => looksSecret(name, value))),
  }
}

/** `GitHub (work)` → `github-work`. */
function slugOf(name: string): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? []
  return words.join('-').slice(0, 40).replace(/-$/, '')
}

function said(error: z.ZodError): string {
  return issueDetails(error.issues)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join(' ')
}

/** V8 quotes the text around the place where it gave up; in this file that may be part of a token. */
function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error)
  return error instanceof SyntaxError ? `it is not JSON: ${reason.replace(/, [".].*$/s, '')}.` : reason
}

function invalid(path: string, reason: string): AppError {
  return new AppError('invalid_input', { message: `${path} can't be applied: ${reason}` })
}
