import { z } from 'zod'
import { applyUrl } from './apply-url.ts'
import { applyHeaders } from './apply-headers.ts'
import { envValue } from './env-value.ts'
import { emptyServer, type PastedServer } from './paste.ts'
import { serverOfCommand } from './server-of-command.ts'
import { transportOfWord } from './transport-of-url.ts'

const Text = z.union([z.string(), z.number(), z.boolean()]).transform(String)
/** One entry as clients write it: Claude, Cursor, VS Code, Windsurf, Cline, Zed and Codex differ in a few names only. */
const Entry = z.looseObject({
  type: z.string().optional(),
  transport: z.string().optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  url: z.string().optional(),
  serverUrl: z.string().optional(),
  httpUrl: z.string().optional(),
  headers: z.record(z.string(), Text).optional(),
  command: z.union([z.string(), z.array(z.string()), z.looseObject({ path: z.string() })]).optional(),
  args: z.array(Text).optional(),
  env: z.record(z.string(), Text).nullish(),
  cwd: z.string().optional(),
})
type Entry = z.infer<typeof Entry>

/** Every server of a parsed configuration, whichever of the known shapes it has. */
export function readServers(json: unknown): PastedServer[] {
  if (!isObject(json)) throw new Error('This JSON is not an object with MCP servers.')
  const map = serverMap(json)
  if (map) {
    const entries = Object.entries(map)
    if (entries.length === 0) throw new Error('This configuration has no servers in it.')
    return entries.map(([name, entry]) => readEntry(name, entry))
  }
  return [readEntry(typeof json.name === 'string' ? json.name : '', json)]
}

function serverMap(json: Record<string, unknown>): Record<string, unknown> | undefined {
  const nested = isObject(json.mcp) ? json.mcp : undefined // VS Code's settings.json: {"mcp": {"servers": …}}
  const known = [json.mcpServers, json.servers, json.context_servers, json.mcp_servers, nested?.servers, nested]
  const found = known.find((candidate) => isObject(candidate))
  if (found) return found
  if (isEntry(json)) return undefined
  const values = Object.values(json)
  return values.length > 0 && values.every((value) => isObject(value) && isEntry(value)) ? json : undefined
}

function isEntry(value: Record<string, unknown>): boolean {
  return ['command', 'url', 'serverUrl', 'httpUrl'].some((key) => key in value)
}

function readEntry(name: string, value: unknown): PastedServer {
  const label = name ? `"${name}"` : 'This entry'
  const parsed = Entry.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new Error(`${label} is not a server: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim())
  }
  const entry = parsed.data
  const url = entry.url ?? entry.serverUrl ?? entry.httpUrl
  const server = { ...emptyServer(), name: name || (entry.name ?? '') }
  if (url !== undefined) return httpEntry(server, url, entry)
  if (entry.command === undefined) throw new Error(`${label} has neither "url" nor "command".`)
  return stdioEntry(server, entry)
}

function httpEntry(server: PastedServer, url: string, entry: Entry): PastedServer {
  // Gemini's `httpUrl` is its own word for the transport. Without any word clients mean Streamable HTTP.
  const said = transportOfWord(entry.type ?? entry.transport) ?? (entry.httpUrl === url ? 'http' : undefined)
  return applyHeaders(applyUrl(server, url, { said, usual: 'http' }), Object.entries(entry.headers ?? {}))
}

function stdioEntry(server: PastedServer, entry: Entry): PastedServer {
  const command = entry.command ?? ''
  const line = Array.isArray(command) ? command : [typeof command === 'string' ? command : command.path]
  const [program = '', ...rest] = [...line, ...(entry.args ?? [])]
  const env = Object.entries(entry.env ?? {}).map(([name, value]) => envValue(name, value))
  const missing = env.filter(({ value }) => value === '').map(({ name }) => name)
  const found = serverOfCommand(program, rest, env)
  const notes = [...found.notes]
  if (missing.length > 0) notes.push(`Give a value to ${missing.join(', ')}.`)
  return { ...found, name: server.name, cwd: entry.cwd ?? '', notes }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
