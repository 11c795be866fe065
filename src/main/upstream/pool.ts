import type { ProcessUsage } from '../../shared/contract/integrations.ts'
import type { ChildProcesses } from './child-processes.ts'
import { ConnectionBudget } from './connection-budget.ts'
import type { UpstreamLimits } from './limits.ts'
import { McpUpstream, type UpstreamLog } from './mcp-upstream.ts'
import type { ClientInfo } from './modern-meta.ts'
import { OutputRing } from './output-ring.ts'
import { StartSlots } from './start-slots.ts'
import type { McpUpstreamSpec, RestUpstreamSpec, Upstream, UpstreamListener, UpstreamSpec } from './upstream.ts'

export interface UpstreamPoolOptions {
  listener: UpstreamListener
  log: UpstreamLog
  limits: UpstreamLimits
  clientInfo: ClientInfo
  children: ChildProcesses
  /** Makes the upstream of a REST API; MCP servers are this folder's own. */
  createRest: (spec: RestUpstreamSpec, options: RestUpstreamOptions) => Upstream
  /** What must be over before the first process starts: the end of those that a killed gateway has left. */
  after?: Promise<void>
}

/** What the pool gives an upstream of a REST API. */
export interface RestUpstreamOptions {
  listener: UpstreamListener
  log: UpstreamLog
  limits: UpstreamLimits
  output: OutputRing
}

/** Closing has its own deadlines; this much more is given to the machine. */
const CLOSE_MARGIN_MS = 1_000

/** All upstreams that should be connected. They share the slots for starting, how many connections there may be, and nothing else. */
export class UpstreamPool {
  readonly #options: UpstreamPoolOptions
  readonly #starts: StartSlots
  readonly #budget: ConnectionBudget
  readonly #upstreams = new Map<string, Upstream>()
  /** Connections on their way out, by id: one that comes after them waits (a lock file, a port). */
  readonly #leaving = new Map<string, Promise<void>>()
  /** By id: kept while its integration is, connected or not. */
  readonly #outputs = new Map<string, OutputRing>()

  constructor(options: UpstreamPoolOptions) {
    this.#options = options
    this.#starts = new StartSlots(options.limits.parallelStarts)
    this.#budget = new ConnectionBudget(options.limits.isolated.total)
  }

  /** Begins to connect and returns at once. An upstream with the same id is stopped first. */
  start(spec: McpUpstreamSpec): McpUpstream
  start(spec: UpstreamSpec): Upstream
  start(spec: UpstreamSpec): Upstream {
    if (this.#upstreams.has(spec.id)) void this.stop(spec.id)
    const upstream = spec.protocol === 'mcp' ? this.#createMcp(spec) : this.#createRest(spec)
    this.#upstreams.set(spec.id, upstream)
    return upstream
  }

  #createMcp(spec: McpUpstreamSpec): McpUpstream {
    const { after } = this.#options
    const leaving = this.#leaving.get(spec.id)
    return new McpUpstream(spec, {
      ...this.#options,
      starts: this.#starts,
      budget: this.#budget,
      output: this.output(spec.id),
      after: Promise.all([after, leaving]).then(() => undefined),
    })
  }

  /** Nothing of a former one is in its way: it has no process and no port. */
  #createRest(spec: RestUpstreamSpec): Upstream {
    const { listener, log, limits, createRest } = this.#options
    return createRest(spec, { listener, log, limits, output: this.output(spec.id) })
  }

  get(id: string): Upstream | undefined {
    return this.#upstreams.get(id)
  }

  /** What was written and what happened, over all connections of this id. */
  output(id: string): OutputRing {
    const output = this.#outputs.get(id) ?? new OutputRing()
    this.#outputs.set(id, output)
    return output
  }

  /** Of the process that runs for this id; null where there is none. */
  async usage(id: string): Promise<ProcessUsage | null> {
    const upstream = this.#upstreams.get(id)
    return upstream instanceof McpUpstream ? await upstream.usage() : null
  }

  /** There is no such integration any more: ends those who follow its output, and lets go of it. */
  forget(id: string): void {
    this.#outputs.get(id)?.close()
    this.#outputs.delete(id)
  }

  /** Resolves when the connection is closed and its process is gone. */
  stop(id: string): Promise<void> {
    const upstream = this.#upstreams.get(id)
    const before = this.#leaving.get(id) ?? Promise.resolve()
    if (!upstream) return before
    this.#upstreams.delete(id)
    const left = Promise.all([before, upstream.close()]).then(() => {
      if (this.#leaving.get(id) === left) this.#leaving.delete(id)
    })
    this.#leaving.set(id, left)
    return left
  }

  /** Stops all at the same time, within the limits for ending a process. */
  async close(): Promise<void> {
    const { stdinMs, terminateMs } = this.#options.limits.shutdown
    for (const id of [...this.#upstreams.keys()]) void this.stop(id)
    let timer: NodeJS.Timeout | undefined
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, stdinMs + terminateMs + CLOSE_MARGIN_MS)
    })
    await Promise.race([Promise.all(this.#leaving.values()), deadline])
    clearTimeout(timer)
    for (const id of [...this.#outputs.keys()]) this.forget(id)
  }
}
