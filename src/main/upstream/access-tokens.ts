import { AppError } from '../base/app-error.ts'
import { tokenUnsendable } from './http-errors.ts'
import { MissingScope } from './missing-scope.ts'
import type { SecretFilter } from './secret-filter.ts'
import type { RefusedToken, TokenSource } from './token-source.ts'

/**
 * The access tokens that one connection sends. Threat: a server that repeats in an error what it was sent, also long after
 * another token has come: the filter knows each of them before it is sent.
 */
export class AccessTokens {
  readonly #source: TokenSource
  readonly #filter: SecretFilter
  #waiting = 0

  constructor(source: TokenSource, filter: SecretFilter) {
    this.#source = source
    this.#filter = filter
  }

  /** What is asked of the authorization server has not come yet. */
  get isWaiting(): boolean {
    return this.#waiting > 0
  }

  /** The `Authorization` that holds now; undefined: ask `renewed`. */
  current(): string | undefined {
    const authorization = this.#source.current()
    return authorization !== undefined && this.#learn(authorization) ? authorization : undefined
  }

  /** Another `Authorization` than was refused. Rejects as `TokenSource.renew` does. */
  async renewed(refused?: RefusedToken): Promise<string> {
    this.#waiting++
    try {
      const authorization = await this.#source.renew(refused)
      if (this.#learn(authorization)) return authorization
      throw tokenUnsendable()
    } catch (error) {
      if (refused?.status !== 403 || !(error instanceof AppError)) throw error
      const { code, message, details } = error
      throw new AppError(code, { message, details, cause: new MissingScope(message, { cause: error }) })
    } finally {
      this.#waiting--
    }
  }

  /** False for what no header can have: an authorization server wrote it. */
  #learn(authorization: string): boolean {
    if (!/^[\x20-\x7e]+$/.test(authorization)) return false
    this.#filter.learn(authorization)
    return true
  }
}

/** Whether an answer says that another token is needed: any 401, and 403 with `insufficient_scope` (RFC 6750, 3.1). */
export function refusesToken(status: number, challenge: string | undefined): boolean {
  return status === 401 || (status === 403 && /\berror\s*=\s*"?insufficient_scope\b/i.test(challenge ?? ''))
}
