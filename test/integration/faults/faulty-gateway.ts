import type { McpSettings } from '../../../src/shared/contract/integrations.ts'
import type { GatewayLimits } from '../../../src/main/gateway/limits.ts'
import { ChildProcesses } from '../../../src/main/upstream/child-processes.ts'
import type { UpstreamLimits } from '../../../src/main/upstream/limits.ts'
import { emptyOffer } from '../../../src/main/upstream/offer.ts'
import { UpstreamPool } from '../../../src/main/upstream/pool.ts'
import type { Era, Upstream } from '../../../src/main/upstream/upstream.ts'
import { log, modern, served, startGateway, type Answer, type TestGateway } from '../../helpers/gateway-fixture.ts'
import { connected, Harness, limitsForTests } from '../upstream/harness.ts'
import { noRest } from '../../helpers/no-rest.ts'

/** What came back for one request, however it was sent. */
export interface Outcome {
  status: number
  result?: { content?: { text?: string }[]; isError?: boolean; [more: string]: unknown }
  error?: { code: number; message: string; data?: unknown }
}

/** The real door, gateway and connections, with upstreams that are about to fail. */
export class FaultyGateway {
  readonly http: TestGateway
  readonly pool: UpstreamPool
  /** For its servers and for what it knows of their processes. */
  readonly processes = new Harness()
  readonly upstreams = new Map<string, Upstream>()

  private constructor(http: TestGateway, limits: Partial<UpstreamLimits>) {
    this.http = http
    this.pool = new UpstreamPool({
      listener: {
        connectionChanged: () => undefined,
        said: () => undefined,
        offerChanged: () => this.http.gateway.invalidate('default'),
      },
      log,
      limits: limitsForTests(limits),
      clientInfo: { name: 'gatehouse', version: '1.2.3' },
      children: new ChildProcesses({ environment: process.env, log }),
      createRest: noRest,
    })
  }

  static async start(
    limits: Partial<UpstreamLimits> = {},
    options: { limits?: Partial<GatewayLimits>; now?: () => number } = {},
  ): Promise<FaultyGateway> {
    return new FaultyGateway(await startGateway([], options), limits)
  }

  /** Serves it from now on, whether it can be reached or not. */
  add(slug: string, mcp: McpSettings): Upstream {
    const secrets = () => ({ headers: {}, env: {} })
    const upstream = this.pool.start({
      id: slug,
      workspace: 'default',
      slug,
      protocol: 'mcp',
      mcp,
      secrets,
      lastKnown: emptyOffer,
    })
    this.upstreams.set(slug, upstream)
    this.http.integrations = [...this.http.integrations, served(upstream)]
    this.http.gateway.invalidate('default')
    return upstream
  }

  /** The misbehaving stdio server; see there for its modes. */
  async addBad(slug: string, mode = 'good', ...args: string[]): Promise<Upstream> {
    const upstream = this.add(slug, this.processes.bad(mode, ...args))
    await connected(upstream)
    return upstream
  }

  /** Makes requests as an agent of one era. A legacy one opens a session first. */
  async agent(era: Era, options: { token?: string; path?: string } = {}): Promise<RawAgent> {
    const session = era === 'legacy' ? await this.http.initialize(options) : undefined
    return new RawAgent(this, options, session)
  }

  async close(): Promise<void> {
    await this.http.close()
    await this.pool.close()
    await this.processes.close()
  }
}

/** Sends JSON-RPC by hand, so that nothing of an SDK stands between a fault and what is seen of it. */
export class RawAgent {
  readonly session: string | undefined
  readonly #faulty: FaultyGateway
  readonly #options: { token?: string; path?: string }
  #lastId = 0

  constructor(faulty: FaultyGateway, options: { token?: string; path?: string }, session: string | undefined) {
    this.#faulty = faulty
    this.#options = options
    this.session = session
  }

  async call(name: string, input: Record<string, unknown> = {}): Promise<Outcome> {
    return await this.request('tools/call', { name, arguments: input })
  }

  async request(method: string, params: Record<string, unknown> = {}): Promise<Outcome> {
    const { body, headers } = this.message(method, params)
    const answer = await this.#faulty.http.post(body, { ...this.#options, headers })
    return { status: answer.status, ...read(answer, body.id) }
  }

  /** What goes over the wire. */
  message(method: string, params: Record<string, unknown> = {}) {
    const id = ++this.#lastId
    if (this.session === undefined) return modern(method, params, id)
    return { body: { jsonrpc: '2.0', id, method, params }, headers: { 'Mcp-Session-Id': this.session } }
  }
}

/** The answer in a body of JSON or in a stream of events. */
function read({ headers, json, text }: Answer, id: unknown): Omit<Outcome, 'status'> {
  if (headers['content-type']?.startsWith('application/json') === true) return json
  const events = text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice('data: '.length)] : []))
  const messages = events.filter((event) => event !== '').map((event) => JSON.parse(event) as { id?: unknown })
  const answer = messages.find((message) => message.id === id)
  if (answer === undefined) throw new Error(`no answer to ${String(id)} in: ${text}`)
  return answer as Omit<Outcome, 'status'>
}

export function textOf({ result, error }: Outcome): string {
  if (error !== undefined) throw new Error(`${error.code} ${error.message}`)
  return result?.content?.[0]?.text ?? ''
}

/** What the misbehaving stdio server has counted. */
export interface Counted {
  lists: number
  cancelled: number[]
  /** Calls that it has taken and does not answer. */
  silent: number
  pid: number
}

export async function countedBy(agent: RawAgent, slug: string): Promise<Counted> {
  return JSON.parse(textOf(await agent.call(`${slug}__count`))) as Counted
}
