import { AppError } from '../base/app-error.ts'
import type { Conversation } from './conversation.ts'
import type { KeepAliveLimits } from './limits.ts'

/**
 * Finds out that a stream is dead although nobody said so: a machine that slept, a router that forgot the connection.
 * Without a FIN nothing would ever come on it, and every call would wait for its whole time. So a server that is silent
 * while nothing is asked of it is pinged; one that does not answer ends the connection, which is then made again.
 */
export class KeepAlive {
  readonly #conversation: Conversation
  readonly #limits: KeepAliveLimits
  readonly #timer: NodeJS.Timeout
  #heard: number

  constructor(conversation: Conversation, limits: KeepAliveLimits) {
    this.#conversation = conversation
    this.#limits = limits
    this.#heard = conversation.heard
    this.#timer = setInterval(() => void this.#check(), limits.everyMs)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #check(): Promise<void> {
    const { heard, isQuiet } = this.#conversation
    const isSilent = heard === this.#heard
    this.#heard = heard
    // A call that is open has a limit of its own, and a server that works on it may have no time for a ping.
    if (!isSilent || !isQuiet) return
    const timeoutMs = this.#limits.answerMs
    try {
      // An error is an answer as well: not all servers know the method.
      await this.#conversation.request({ method: 'ping', params: Buffer.from('{}') }, { timeoutMs })
    } catch (error) {
      // Another failure than silence ends the connection by itself, or was that of this one request.
      if (!(error instanceof AppError) || error.code !== 'upstream_timeout' || this.#conversation.heard !== heard)
        return
      const message = `The server gave no sign of life for ${Math.round(timeoutMs / 100) / 10} s.`
      this.#conversation.closed(new AppError('upstream_unavailable', { message }))
    }
  }
}
