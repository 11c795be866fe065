import { randomUUID } from 'node:crypto'
import { AppError } from '../base/app-error.ts'
import type { Redactor } from '../base/redact.ts'
import { tokenKey } from '../base/token.ts'
import { newAgentToken } from './agent-token.ts'

/** Enough for every program on a workstation that bridges for itself. */
const MOST_LEASES_PER_AGENT = 64

interface LeasesOptions {
  redactor: Redactor
  /** The token of this lease has just stopped working. */
  ended: (leaseId: string) => void
}

/**
 * Second tokens of agents, for programs that come and go. Threat: one that outlives its program. So a lease is in memory
 * only, and ends with the connection that asked for it, whatever ended that: kill -9 closes it as well.
 */
export class Leases {
  readonly #options: LeasesOptions
  readonly #byKey = new Map<string, Lease>()
  readonly #byId = new Map<string, Lease>()

  constructor(options: LeasesOptions) {
    this.#options = options
  }

  /** Its token is what the iterator yields, once. */
  open(agentId: string, name: string, signal: AbortSignal): AsyncIterableIterator<{ token: string }, undefined> {
    if (this.#of(agentId).length >= MOST_LEASES_PER_AGENT) {
      const message = `${name} has ${MOST_LEASES_PER_AGENT} leases open, which is the most. End one of the programs that use it.`
      throw new AppError('rate_limited', { message })
    }
    const token = newAgentToken()
    const key = tokenKey(token)
    this.#options.redactor.register(token)
    const lease = new Lease(agentId, token, signal, () => {
      this.#byKey.delete(key)
      this.#byId.delete(lease.id)
      this.#options.redactor.forget(token)
      this.#options.ended(lease.id)
    })
    if (signal.aborted) lease.end()
    else {
      this.#byKey.set(key, lease)
      this.#byId.set(lease.id, lease)
    }
    return lease
  }

  /** The lease whose token has this key. */
  withKey(key: string): Pick<Lease, 'id' | 'agentId'> | undefined {
    return this.#byKey.get(key)
  }

  /** Whose lease this is. */
  agentOf(leaseId: string): string | undefined {
    return this.#byId.get(leaseId)?.agentId
  }

  endOf(agentId: string): void {
    for (const lease of this.#of(agentId)) lease.end()
  }

  close(): void {
    for (const lease of this.#byId.values()) lease.end()
  }

  #of(agentId: string): Lease[] {
    return [...this.#byId.values()].filter((lease) => lease.agentId === agentId)
  }
}

/** Not a generator: one that was never read would not hear that its reader left. */
class Lease implements AsyncIterableIterator<{ token: string }, undefined> {
  readonly id = randomUUID()
  readonly agentId: string
  readonly #signal: AbortSignal
  readonly #ended: () => void
  readonly #over: Promise<void>
  #token: string | undefined
  #settle: (() => void) | undefined

  constructor(agentId: string, token: string, signal: AbortSignal, ended: () => void) {
    this.agentId = agentId
    this.#token = token
    this.#signal = signal
    this.#ended = ended
    this.#over = new Promise((resolve) => {
      this.#settle = resolve
    })
    signal.addEventListener('abort', this.end, { once: true })
  }

  readonly end = (): void => {
    if (this.#settle === undefined) return
    this.#settle()
    this.#settle = undefined
    this.#token = undefined
    this.#signal.removeEventListener('abort', this.end)
    this.#ended()
  }

  async next(): Promise<IteratorResult<{ token: string }, undefined>> {
    const token = this.#token
    this.#token = undefined
    if (token !== undefined) return { done: false, value: { token } }
    await this.#over
    return { done: true, value: undefined }
  }

  return(): Promise<IteratorResult<{ token: string }, undefined>> {
    this.end()
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
