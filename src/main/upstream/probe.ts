import { lookup } from 'node:dns/promises'
import { connect as connectTcp, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { AppError } from '../base/app-error.ts'
import { messageOf } from '../base/message-of.ts'
import type { TestResult, TestStep } from '../../shared/contract/integrations.ts'
import type { ChildProcesses } from './child-processes.ts'
import { createConnector, resolveCommand, type Connector } from './connector.ts'
import { networkError, nothingAnswered, portOf } from './http-errors.ts'
import type { UpstreamLimits } from './limits.ts'
import { Link } from './link.ts'
import { counted } from './list-names.ts'
import type { UpstreamLog } from './mcp-upstream.ts'
import type { ClientInfo } from './modern-meta.ts'
import { otherTransport, sentTo } from './other-transport.ts'
import { Outcome, waitFor } from './outcome.ts'
import { SIGN_IN_HINT, wantsSignIn } from './sign-in-hint.ts'
import { StdioTransport } from './stdio.ts'
import type { Transport } from './transport.ts'
import type { ToolList } from './tool-list.ts'
import type { McpUpstreamSpec, UpstreamSecrets } from './upstream.ts'

export interface ProbeOptions {
  limits: UpstreamLimits
  children: ChildProcesses
  clientInfo: ClientInfo
  signal: AbortSignal
  log: UpstreamLog
}

type Target = Pick<McpUpstreamSpec, 'slug' | 'mcp' | 'secrets'>
type StepName = TestStep['step']

/** After a failure. */
interface Hint {
  transport: TestResult['suggested_transport']
  auth: TestResult['suggested_auth']
  /** In place of the failure's. */
  message?: string
}

const NO_HINT: Hint = { transport: null, auth: null }

/** Where a server answers, so that the other transport may be worth a try. */
const AFTER_CONNECT: readonly StepName[] = ['negotiate', 'list']

/**
 * Tries a connection, a step at a time, in a connection of its own that is closed whatever happens. Each step is told
 * twice: when it begins, and how it ended. The result is what a person needs: how it went, and which field is at fault.
 */
export async function* probeConnection(target: Target, options: ProbeOptions): AsyncGenerator<TestStep, TestResult> {
  const run = new ProbeRun(target, options)
  const steps: TestStep[] = []
  const startedAt = performance.now()
  try {
    for (const [step, work] of run.steps) {
      yield { step, state: 'running', message: '', duration_ms: 0 }
      const stepStartedAt = performance.now()
      const outcome = await settle(work)
      const done: TestStep = {
        step,
        state: outcome.error ? 'failed' : 'ok',
        message: outcome.error?.message ?? outcome.message,
        duration_ms: rounded(performance.now() - stepStartedAt),
      }
      steps.push(done)
      yield done
      if (outcome.error) {
        options.log.info({ integration: target.slug, step, code: outcome.error.code }, 'connection test failed')
        await run.close()
        const hint = AFTER_CONNECT.includes(step) ? await run.hint(outcome.error) : NO_HINT
        return failed(outcome.error, hint, steps, rounded(performance.now() - startedAt))
      }
    }
    return run.result(steps, rounded(performance.now() - startedAt))
  } finally {
    await run.close()
  }
}

/** The four steps of one test. */
class ProbeRun {
  readonly #target: Target
  readonly #options: ProbeOptions
  readonly #stopping = new AbortController()
  readonly #signal: AbortSignal
  #secrets: UpstreamSecrets = { headers: {}, env: {} }
  #opening: Promise<Link> | undefined
  #tools: ToolList | undefined

  constructor(target: Target, options: ProbeOptions) {
    this.#target = target
    this.#options = options
    this.#signal = AbortSignal.any([options.signal, this.#stopping.signal])
  }

  get steps(): [StepName, () => Promise<string>][] {
    return [
      ['resolve', () => this.#resolve()],
      ['connect', () => this.#connect()],
      ['negotiate', () => this.#negotiate()],
      ['list', () => this.#list()],
    ]
  }

  result(steps: TestStep[], durationMs: number): TestResult {
    const tools = this.#tools?.tools ?? []
    return {
      ok: true,
      suggested_transport: null,
      suggested_auth: null,
      message: `Connected. ${counted(tools.length, 'tools')} found in ${durationMs} ms.`,
      error: null,
      steps,
      tool_count: tools.length,
      tool_names: tools.map((tool) => tool.name),
      protocol_version: this.#link?.opening.protocolVersion ?? null,
      server_info: this.#link?.opening.serverInfo ?? null,
      duration_ms: durationMs,
    }
  }

  /** What else may work: a sign-in, or the other HTTP transport. */
  async hint(failure: AppError): Promise<Hint> {
    const { mcp } = this.#target
    const sent = sentTo(mcp, this.#secrets)
    if (wantsSignIn(failure, sent)) {
      const isOpen = Object.keys(sent.headers).every((name) => name.toLowerCase() !== 'authorization')
      const message = isOpen
        ? SIGN_IN_HINT
        : `${failure.message} It also takes a sign-in (OAuth): choose OAuth 2 for that.`
      return { ...NO_HINT, auth: 'oauth2', message }
    }
    const other = await otherTransport(mcp, this.#secrets, failure, this.#options)
    if (other === undefined) return NO_HINT
    return { transport: other.transport, auth: other.signsIn ? 'oauth2' : null, message: other.message }
  }

  async close(): Promise<void> {
    this.#stopping.abort()
    const link = await this.#opening?.catch(() => undefined)
    await link?.close()
  }

  #link: Link | undefined

  async #resolve(): Promise<string> {
    const { mcp } = this.#target
    this.#secrets = this.#target.secrets()
    if (mcp.transport === 'stdio') {
      return resolveCommand(mcp, this.#secrets, await this.#options.children.environment).file
    }
    const url = new URL(mcp.server_url)
    const timeoutMs = this.#options.limits.connectTimeoutMs
    try {
      const limits = { timeoutMs, late: () => nothingAnswered(url, timeoutMs), signal: this.#signal }
      const { address } = await waitFor(lookup(hostOf(url)), limits)
      return address
    } catch (error) {
      throw error instanceof AppError || !(error instanceof Error) ? error : networkError(url, error, timeoutMs)
    }
  }

  /** HTTP: a socket opens. stdio: the process runs. The opening itself begins here and is waited for in the next step. */
  async #connect(): Promise<string> {
    const { mcp } = this.#target
    const { limits } = this.#options
    if (mcp.transport !== 'stdio') {
      const url = new URL(mcp.server_url)
      await openSocket(url, limits.connectTimeoutMs, this.#signal)
      this.#opening = this.#open(await createConnector(mcp, this.#secrets, this.#options))
      return `${url.hostname}:${portOf(url)}`
    }
    const first = new Outcome<Transport>()
    const connector = await createConnector(mcp, this.#secrets, this.#options)
    this.#opening = this.#open({
      ...connector,
      open: () => {
        const transport = connector.open()
        first.resolve(transport)
        return transport
      },
    })
    const transport = await Promise.race([first.promise, this.#opening.then(() => first.promise)])
    const pid = transport instanceof StdioTransport ? await transport.started : 0
    return `Started as process ${pid}`
  }

  async #negotiate(): Promise<string> {
    this.#link = await this.#opening
    const opening = this.#link?.opening
    const server = opening?.serverInfo
    return `MCP ${opening?.protocolVersion ?? ''}${server ? `, ${server.name} ${server.version}`.trimEnd() : ''}`
  }

  async #list(): Promise<string> {
    this.#tools = await this.#link?.list(this.#signal)
    const warnings = this.#tools?.warnings ?? []
    return [counted(this.#tools?.tools.length ?? 0, 'tools'), ...warnings].join('. ')
  }

  #open(connector: Connector): Promise<Link> {
    const { limits, clientInfo } = this.#options
    const opening = Link.open(connector, {
      client: clientInfo,
      limits,
      era: this.#target.mcp.era,
      signal: this.#signal,
    })
    opening.catch(() => undefined) // waited for in a later step
    return opening
  }
}

async function settle(work: () => Promise<string>): Promise<{ message: string; error?: AppError }> {
  try {
    return { message: await work() }
  } catch (error) {
    if (error instanceof AppError) return { message: '', error }
    const message = messageOf(error)
    return { message: '', error: new AppError('upstream_unavailable', { message, cause: error }) }
  }
}

function failed(error: AppError, hint: Hint, steps: TestStep[], durationMs: number): TestResult {
  // What has to change then is how one signs in, not a field.
  const field = hint.auth === null ? error.details[0]?.path : undefined
  return {
    ok: false,
    suggested_transport: hint.transport,
    suggested_auth: hint.auth,
    message: hint.message ?? error.message,
    error: { code: error.code, message: error.message, ...(field !== undefined && { field }) },
    steps,
    tool_count: 0,
    tool_names: [],
    protocol_version: null,
    server_info: null,
    duration_ms: durationMs,
  }
}

/** Opens a socket, with TLS where the address says so, and closes it again. */
function openSocket(url: URL, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const place = { host: hostOf(url), port: Number(portOf(url)) }
  const secure = url.protocol === 'https:'
  const socket = secure
    ? connectTls({ ...place, ...(isIP(place.host) === 0 && { servername: place.host }), ALPNProtocols: ['http/1.1'] })
    : connectTcp(place)
  const opened = new Promise<void>((resolve, reject) => {
    socket.once(secure ? 'secureConnect' : 'connect', resolve)
    socket.once('error', (error: Error) => reject(networkError(url, error, timeoutMs)))
  })
  const limits = { timeoutMs, late: () => nothingAnswered(url, timeoutMs), signal }
  return waitFor(opened, limits).finally(() => {
    socket.on('error', () => undefined)
    socket.destroy()
  })
}

/** `[::1]` in an address is `::1` to a socket. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

function rounded(ms: number): number {
  return Math.round(ms)
}
