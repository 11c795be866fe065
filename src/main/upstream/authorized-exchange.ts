import { refusesToken, type AccessTokens } from './access-tokens.ts'
import type { ExchangeHandlers } from './http-exchange.ts'
import { asError } from './request-errors.ts'
import type { RefusedToken } from './token-source.ts'

/** One exchange on its way. */
export interface OpenExchange {
  /** Ends it without a further word to anyone. */
  abort(): void
}

/** Sends the same request each time, with this `Authorization`. */
type Send = (authorization: string, handlers: ExchangeHandlers) => OpenExchange

/**
 * One exchange of a connection that signs in: it waits for a token where there is none, and is sent again where the token
 * was refused. Whoever made it sees none of this. Sent again once after 401 and once after 403, so that a server which
 * refuses every token is not asked in a circle; its last refusal is the answer then. Where no token can be had, `failed`
 * gets the AppError that says why. Nothing is told before the constructor's caller has it in hand.
 */
export class AuthorizedExchange implements OpenExchange {
  readonly #tokens: AccessTokens
  readonly #send: Send
  readonly #handlers: ExchangeHandlers
  readonly #renewedAfter = new Set<number>()
  #exchange: OpenExchange | undefined
  #over = false

  constructor(tokens: AccessTokens, send: Send, handlers: ExchangeHandlers) {
    this.#tokens = tokens
    this.#send = send
    this.#handlers = handlers
    const authorization = tokens.current()
    if (authorization === undefined) void this.#renew()
    else this.#sendWith(authorization)
  }

  abort(): void {
    this.#over = true
    this.#exchange?.abort()
  }

  async #renew(refused?: RefusedToken): Promise<void> {
    try {
      const authorization = await this.#tokens.renewed(refused)
      if (!this.#over) this.#sendWith(authorization)
    } catch (error) {
      if (!this.#over) this.#handlers.failed(asError(error))
    }
  }

  #sendWith(authorization: string): void {
    const handlers = this.#handlers
    const isRefusal = (status: number, challenge: string | undefined) =>
      refusesToken(status, challenge) && !this.#renewedAfter.has(status)
    this.#exchange = this.#send(authorization, {
      ...handlers,
      opened: (status, headers) => {
        if (!isRefusal(status, headers['www-authenticate'])) handlers.opened?.(status, headers)
      },
      refused: (status, headers, contentType, text) => {
        const challenge = headers['www-authenticate']
        if (isRefusal(status, challenge)) {
          this.#renewedAfter.add(status)
          void this.#renew({ authorization, status, challenge })
        } else handlers.refused(status, headers, contentType, text)
      },
    })
  }
}
