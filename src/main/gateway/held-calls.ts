import type { RpcError } from './answer.ts'
import type { GatewayLimits } from './limits.ts'
import type { Message } from './message.ts'
import { RPC } from './protocol.ts'
import { requestHash, RequestStates } from './request-state.ts'

/** A call that waits until its agent comes back with the input that the server asked for. */
export interface HeldCall {
  /** Id of the agent. */
  readonly agent: string
  /** Slug of the endpoint; undefined: `/mcp`. */
  readonly slug: string | undefined
  /** The request that it began with. */
  readonly message: Message
  /** Ends it: nobody came back. */
  cancel(): void
}

interface Held<Call> {
  call: Call
  id: string
  expiry: NodeJS.Timeout
}

interface HeldCallsOptions {
  limits: Pick<GatewayLimits, 'heldCallsPerAgent' | 'heldCallMs'>
  /** The monotonic clock, in milliseconds. */
  now: () => number
}

/**
 * Calls of modern agents that wait for input. Each is found again by a sealed state alone, by the same agent, at the same
 * endpoint, for the same request, once for each round, until it expires: then the call is cancelled.
 */
export class HeldCalls<Call extends HeldCall> {
  readonly #options: HeldCallsOptions
  readonly #states = new RequestStates()
  readonly #byId = new Map<string, Held<Call>>()
  /** Those that were asked something and not answered since, by agent. */
  readonly #waiting = new Map<string, Set<Call>>()
  #lastId = 0

  constructor(options: HeldCallsOptions) {
    this.#options = options
  }

  /** Whether this call may wait for its agent: true until it has left, or while the agent has room for one more. */
  admit(call: Call): boolean {
    const waiting = this.#waiting.get(call.agent) ?? new Set<Call>()
    if (waiting.has(call)) return true
    if (waiting.size >= this.#options.limits.heldCallsPerAgent) return false
    this.#waiting.set(call.agent, waiting.add(call))
    return true
  }

  /** It has been answered, or has ended without. */
  leave(call: Call): void {
    const waiting = this.#waiting.get(call.agent)
    if (waiting?.delete(call) === true && waiting.size === 0) this.#waiting.delete(call.agent)
  }

  /** Holds the call, and gives the `requestState` that continues it: each round has an id of its own, which is taken once. */
  hold(call: Call): string {
    const { now, limits } = this.#options
    const id = String(++this.#lastId)
    const expiry = setTimeout(() => this.#expire(id), limits.heldCallMs).unref()
    this.#byId.set(id, { call, id, expiry })
    return this.#states.seal({
      held: id,
      agent: call.agent,
      endpoint: call.slug ?? '',
      hash: requestHash(call.message),
      expiresAt: now() + limits.heldCallMs,
    })
  }

  /** The call that a state continues, which is held no more; an error where this request may not continue it. */
  take(text: string, agent: string, slug: string | undefined, message: Message): Call | RpcError {
    const state = this.#states.open(text)
    if (state === undefined) return invalid('it was changed, or the gateway has started anew')
    const isOwn = state.agent === agent && state.endpoint === (slug ?? '')
    if (!isOwn || state.hash !== requestHash(message)) return invalid('it belongs to another request')
    if (this.#options.now() >= state.expiresAt) return invalid('it has expired')
    const held = this.#byId.get(state.held)
    if (held === undefined) return invalid('it was used before, or its call has ended')
    this.#forget(held)
    return held.call
  }

  /** For an agent that was removed or got a new token. */
  endOf(agent: string): void {
    for (const held of [...this.#byId.values()]) if (held.call.agent === agent) this.#cancel(held)
  }

  close(): void {
    for (const held of [...this.#byId.values()]) this.#cancel(held)
  }

  #expire(id: string): void {
    const held = this.#byId.get(id)
    if (held !== undefined) this.#cancel(held)
  }

  #cancel(held: Held<Call>): void {
    this.#forget(held)
    held.call.cancel()
  }

  #forget({ id, expiry }: Held<Call>): void {
    clearTimeout(expiry)
    this.#byId.delete(id)
  }
}

function invalid(why: string): RpcError {
  return { code: RPC.invalidParams, message: `Invalid requestState: ${why}. Make the call again without it.` }
}
