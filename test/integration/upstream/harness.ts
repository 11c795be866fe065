import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EraSetting, IsolationSetting, McpSettings } from '../../../src/shared/contract/integrations.ts'
import { ChildProcesses, type ChildProcessesOptions } from '../../../src/main/upstream/child-processes.ts'
import { defaultUpstreamLimits, type UpstreamLimits } from '../../../src/main/upstream/limits.ts'
import type { McpUpstream } from '../../../src/main/upstream/mcp-upstream.ts'
import { UpstreamPool } from '../../../src/main/upstream/pool.ts'
import { emptyOffer } from '../../../src/main/upstream/offer.ts'
import type {
  Upstream,
  UpstreamCaller,
  UpstreamSecrets,
  UpstreamSession,
  McpUpstreamSpec,
} from '../../../src/main/upstream/upstream.ts'
import { noRest } from '../../helpers/no-rest.ts'

const servers = fileURLToPath(new URL('../../servers/', import.meta.url))
const modules = fileURLToPath(new URL('../../../node_modules/', import.meta.url))

export const noSecrets: UpstreamSecrets = { headers: {}, env: {} }
export const silentLog = { info: () => undefined, warn: () => undefined }
export const clientInfo = { name: 'gatehouse-test', version: '0.0.1' }

type StdioSettings = Extract<McpSettings, { transport: 'stdio' }>

/** Short waits where a test has to sit one out; the rest as shipped. */
export function limitsForTests(changes: Partial<UpstreamLimits> = {}): UpstreamLimits {
  return {
    ...defaultUpstreamLimits,
    parallelStarts: 4,
    backoff: { firstMs: 50, maxMs: 200, healthyMs: 60_000, crashes: 5 },
    shutdown: { stdinMs: 1_000, terminateMs: 1_000 },
    ...changes,
  }
}

/** Upstreams of one test, what was heard of them, and the processes that carry this test's mark. */
export class Harness {
  readonly mark = `mark-${randomUUID()}`
  readonly heard: string[] = []
  readonly children: ChildProcesses
  readonly pool: UpstreamPool
  readonly limits: UpstreamLimits

  constructor(changes: Partial<UpstreamLimits> = {}, children: Partial<ChildProcessesOptions> = {}) {
    this.limits = limitsForTests(changes)
    this.children = new ChildProcesses({ environment: process.env, log: silentLog, ...children })
    this.pool = new UpstreamPool({
      listener: {
        connectionChanged: (upstream) => this.heard.push(`${upstream.slug}: ${upstream.connection.state}`),
        said: (upstream, { method }) => this.heard.push(`${upstream.slug}: said ${method}`),
        offerChanged: (upstream) => this.heard.push(`${upstream.slug}: ${upstream.tools.tools.length} tools`),
      },
      log: silentLog,
      limits: this.limits,
      clientInfo,
      children: this.children,
      createRest: noRest,
    })
  }

  start(mcp: McpSettings, more: Partial<McpUpstreamSpec> = {}): McpUpstream {
    const id = randomUUID()
    const protocol = 'mcp' as const
    const common = { id, workspace: 'default', slug: 'test', protocol, secrets: () => noSecrets, lastKnown: emptyOffer }
    return this.pool.start({ ...common, mcp, ...more })
  }

  /** The misbehaving stdio server. */
  bad(mode: string, ...args: string[]): StdioSettings {
    return stdio(process.execPath, [path.join(servers, 'bad-stdio-server.ts'), mode, ...args, this.mark])
  }

  /** A server with relatives; see there for its traits. */
  family(...traits: string[]): McpSettings {
    return stdio(process.execPath, [path.join(servers, 'family-server.mjs'), traits.join(','), this.mark])
  }

  modern(...args: string[]): StdioSettings {
    return stdio(process.execPath, [path.join(servers, 'modern-server.ts'), 'stdio', ...args, this.mark])
  }

  /** A published server. */
  published(name: string, ...args: string[]): StdioSettings {
    return stdio(process.execPath, [fileOf(name), ...args, this.mark])
  }

  /** Processes with the mark in their command line: servers and whatever they started. */
  processes(): number[] {
    return commandLines().flatMap(([pid, line]) => (line.includes(this.mark) && pid !== process.pid ? [pid] : []))
  }

  async close(): Promise<void> {
    await this.pool.close()
  }
}

function fileOf(published: string): string {
  return path.join(modules, '@modelcontextprotocol', published, 'dist/index.js')
}

/**
 * Where Node finds what it compiled of a server before, by which it starts in a third of the time. The gateway gives no
 * server what only its own environment says.
 */
export function compiled(): Record<string, string> {
  const { NODE_COMPILE_CACHE } = process.env
  return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }
}

export function stdio(
  command: string,
  args: string[],
  more: { env?: Record<string, string>; cwd?: string; era?: EraSetting; isolation?: IsolationSetting } = {},
): StdioSettings {
  return { transport: 'stdio', command, args, env: compiled(), era: 'auto', isolation: 'shared', ...more }
}

export function http(
  url: string,
  more: { headers?: Record<string, string>; era?: EraSetting; isolation?: IsolationSetting } = {},
): McpSettings {
  return { transport: 'http', server_url: url, headers: {}, era: 'auto', isolation: 'shared', ...more }
}

export function sse(url: string, more: { headers?: Record<string, string> } = {}): McpSettings {
  return { transport: 'sse', server_url: url, headers: {}, era: 'auto', isolation: 'shared', ...more }
}

export interface CalledTool {
  kind: 'result' | 'error'
  text: string
  value: Record<string, unknown>
}

export async function call(
  session: UpstreamSession,
  name: string,
  input: object = {},
  signal?: AbortSignal,
  caller?: UpstreamCaller,
): Promise<CalledTool> {
  const params = Buffer.from(JSON.stringify({ name, arguments: input }))
  const request = { method: 'tools/call', name, params, ...(signal && { signal }), ...(caller && { caller }) }
  const answer = await session.request(request)
  const value = JSON.parse(answer.bytes.toString()) as Record<string, unknown> & { content?: { text?: string }[] }
  return { kind: answer.kind, text: value.content?.[0]?.text ?? '', value }
}

/** Waits until something is so. The deadline is only there to end a test that has failed. */
export async function until(what: () => boolean, deadlineMs = 60_000): Promise<void> {
  const deadline = performance.now() + deadlineMs
  while (!what()) {
    if (performance.now() > deadline) throw new Error(`still not so after ${deadlineMs} ms: ${what.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

export function connected(upstream: Upstream): Promise<void> {
  return until(() => upstream.connection.state === 'connected')
}

/** A server process of a test's own, not of the pool: prints its URL when it is ready. */
export async function startServer(command: string, args: string[], env: Record<string, string>, ready: RegExp) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const found = new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      const match = ready.exec(output)
      if (match) resolve(match[1] ?? match[0])
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('exit', () => reject(new Error(`ended before it was ready: ${output}`)))
  })
  return {
    said: await found,
    stop: () =>
      new Promise<void>((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) resolve()
        else child.once('exit', () => resolve())
        child.kill('SIGKILL')
      }),
  }
}

export function modernHttp(...args: string[]) {
  return startServer(process.execPath, [path.join(servers, 'modern-server.ts'), 'http', ...args], {}, /http:\S+/)
}

/** server-everything takes its port from PORT and reports it only as it was told, so a free one is asked for first. */
export async function everythingHttp() {
  return await everything('streamableHttp', 'mcp', await freePort())
}

/** The same over HTTP+SSE, on the port that is given: it can come back where it was. */
export async function everythingSse(port?: number) {
  return await everything('sse', 'sse', port ?? (await freePort()))
}

async function everything(transport: string, path: string, port: number) {
  const file = fileOf('server-everything')
  const ready = /(?:listening|running) on port (\d+)/
  const server = await startServer(process.execPath, [file, transport], { PORT: String(port) }, ready)
  return { url: `http://127.0.0.1:${port}/${path}`, port, stop: server.stop }
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net')
  return await new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

function commandLines(): [number, string][] {
  if (!existsSync('/proc/self/cmdline')) {
    const lines = execFileSync('ps', ['-Ao', 'pid=,args=']).toString().trim().split('\n')
    return lines.map((line) => [Number.parseInt(line, 10), line])
  }
  return readdirSync('/proc').flatMap((name): [number, string][] => {
    if (!/^\d+$/.test(name)) return []
    try {
      return [[Number(name), readFileSync(`/proc/${name}/cmdline`, 'utf8')]]
    } catch {
      return [] // it has just ended
    }
  })
}
