import { AppError } from '../../src/main/base/app-error.ts'
import type { RefusedToken, TokenSource } from '../../src/main/upstream/token-source.ts'

/** Tokens without an authorization server, given as the keeper of real ones gives them: a new one for each that was refused. */
export class FakeTokenSource implements TokenSource {
  /** What was asked for, in order. */
  readonly asked: (RefusedToken | undefined)[] = []
  /** How many tokens were made. */
  made = 0
  /** Rejects with this, in place of making one. */
  failure: AppError | undefined
  /** A token is made when this is over. */
  delay: Promise<void> | undefined
  now: string | undefined
  readonly #accepted: Set<string>
  #coming: Promise<string> | undefined

  /** Each token that is made is added to `accepted`. */
  constructor(accepted: Set<string>, now?: string) {
    this.#accepted = accepted
    this.now = now
  }

  current(): string | undefined {
    return this.now
  }

  async renew(refused?: RefusedToken): Promise<string> {
    this.asked.push(refused)
    if (refused?.authorization !== undefined && this.now !== undefined && refused.authorization !== this.now) {
      return this.now
    }
    this.#coming ??= this.#make().finally(() => {
      this.#coming = undefined
    })
    return await this.#coming
  }

  async #make(): Promise<string> {
    await this.delay
    if (this.failure) throw this.failure
    this.made++
    this.now = `Bearer made-access-token-${this.made}`
    this.#accepted.add(this.now)
    return this.now
  }
}

export function signInNeeded(): AppError {
  return new AppError('authorization_required', { message: 'The sign-in has ended. Sign in to test in Gatehouse.' })
}
