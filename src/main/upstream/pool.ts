import type { UpstreamLimits } from './limits.ts'
import { McpUpstream, type UpstreamLog } from './mcp-upstream.ts'
import type { ClientInfo } from './modern-meta.ts'
import { StartSlots } from './start-slots.ts'
import type { Upstream, UpstreamListener, UpstreamSpec } from './upstream.ts'

export interface UpstreamPoolOptions {
  listener: UpstreamListener
  log: UpstreamLog
  limits: UpstreamLimits
  clientInfo: ClientInfo
}

/** Closing has its own deadlines; this much more is given to the machine. */
const CLOSE_MARGIN_MS = 1_000

/** All upstreams that should be connected. They share the slots for starting and nothing else. */
export class UpstreamPool {
  readonly #options: UpstreamPoolOptions
  readonly #starts: StartSlots
  readonly #upstreams = new Map<string, McpUpstream>()
  /** Connections on their way out, by id: one that comes after them waits (a lock file, a port). */
  readonly #leaving = new Map<string, Promise<void>>()

  constructor(options: UpstreamPoolOptions) {
    this.#options = options
    this.#starts = new StartSlots(options.limits.parallelStarts)
  }

  /** Begins to connect and returns at once. An upstream with the same id is stopped first. */
  start(spec: UpstreamSpec): Upstream {
    if (this.#upstreams.has(spec.id)) void this.stop(spec.id)
    const after = this.#leaving.get(spec.id)
    const upstream = new McpUpstream(spec, { ...this.#options, starts: this.#starts, ...(after && { after }) })
    this.#upstreams.set(spec.id, upstream)
    return upstream
  }

  get(id: string): Upstream | undefined {
    return this.#upstreams.get(id)
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
  }
}
