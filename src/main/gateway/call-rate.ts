import { rpcErrorAnswer } from './answer.ts'
import type { Reply } from './exchange.ts'
import type { Batch, Message, Unreadable } from './message.ts'
import { RPC } from './protocol.ts'

const MINUTE_MS = 60_000
const MINUTE_SECONDS = 60

/** What the gateway answers from what it knows. */
const ANSWERED_HERE: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'subscriptions/listen',
  'logging/setLevel',
])

/** The calls that an agent still had left at that moment; below 0 after a batch of more than it had. */
interface Allowance {
  left: number
  at: number
}

interface CallRateOptions {
  /** Of one agent. Asked at each call; null: as many as it likes. */
  perMinute: () => number | null
  /** Monotonic milliseconds: a jump of the wall clock gives nobody calls. */
  now: () => number
}

/**
 * How fast one agent may call (a token bucket): it can save up the calls of one minute and make them at once, then gets
 * them back evenly.
 */
export class CallRate {
  readonly #options: CallRateOptions
  readonly #byAgent = new Map<string, Allowance>()

  constructor(options: CallRateOptions) {
    this.#options = options
  }

  /** Takes that many calls of the agent's. Undefined: they may go on; else none was taken, and in so many seconds they may. */
  take(agentId: string, calls: number): number | undefined {
    const perMinute = this.#options.perMinute()
    if (perMinute === null || calls === 0) return undefined
    const now = this.#options.now()
    const last = this.#byAgent.get(agentId) ?? { left: perMinute, at: now }
    const left = Math.min(perMinute, last.left + ((now - last.at) * perMinute) / MINUTE_MS)
    // A batch may take more than there is left, and is paid for afterwards: else a large one could never go on.
    if (left < 1) return Math.ceil(((1 - left) * MINUTE_SECONDS) / perMinute)
    this.#byAgent.set(agentId, { left: left - calls, at: now })
    return undefined
  }

  /** The agent has gone. */
  forget(agentId: string): void {
    this.#byAgent.delete(agentId)
  }
}

/** How many requests in a body are for a server to answer. */
export function callsIn(body: Message | Batch): number {
  return body.kind === 'batch' ? body.messages.filter(isCall).length : Number(isCall(body))
}

function isCall(message: Message | Unreadable): boolean {
  return message.kind === 'request' && !ANSWERED_HERE.has(message.method)
}

/** In the words of JSON-RPC as well, since a client that knows only these shows them to its model. */
export function refuseForNow(reply: Reply, body: Message | Batch, seconds: number): void {
  const message = `Too many calls in a minute: this agent has reached its limit. Call again in ${seconds} s.`
  const error = { code: RPC.internalError, message, data: { code: 'rate_limited', retry_after_seconds: seconds } }
  const id = body.kind === 'request' ? body.id : undefined
  reply.json(429, rpcErrorAnswer(id, error), { 'Retry-After': String(seconds) })
}
