import type { AuthorizationStart, OAuthStatus } from '../../shared/contract/oauth.ts'
import { AppError } from '../base/app-error.ts'
import { headStart } from '../base/head-start.ts'
import { KeyedQueue } from '../base/keyed-queue.ts'
import type { RefusedToken, TokenSource } from '../upstream/token-source.ts'
import { GRANT, GrantLife } from './grant-life.ts'
import { problemOf, signInError } from './keeper-errors.ts'
import type { OAuthKeeperOptions } from './keeper-options.ts'
import { KeptRecords } from './keeper-records.ts'
import { statusOf } from './keeper-status.ts'
import { Troubles } from './keeper-troubles.ts'
import { NextGrant } from './next-grant.ts'
import type { OAuthFetch } from './oauth-fetch.ts'
import type { OAuthTarget } from './oauth-target.ts'
import type { OAuthClient, OAuthGrant, PendingAuthorization } from './records.ts'
import { SignIn } from './sign-in.ts'
import { WallTimer } from './token-clock.ts'

type SignInStart = Omit<AuthorizationStart, 'opened'>

const SAVE_AGAIN_MS = 5_000
/** What runs at the end has this long to be finished: the answer to a rotation comes once. */
const FINISH_MS = 3_000
/** What has been cut off has this long to notice. */
const CUT_MS = 1_000
const NOBODY_TO_ASK: SignInStart = { authorization_url: null, redirect_uri: null, expires_at: null }

/**
 * Keeps the grant of one integration: gets it, renews it, says what is wrong with it, and gives it up.
 *
 *     signed out ──authorize, finish──▶ signed in ──renew──▶ signed in
 *                                         │  ▲
 *          refused for good, or run out   ▼  │ authorize, finish
 *                                         ended
 *
 * What may mend itself (no network, a server in trouble) leaves everything as it is. All its errors are AppError.
 */
export class OAuthKeeper implements TokenSource {
  readonly #options: OAuthKeeperOptions
  readonly #records: KeptRecords
  readonly #troubles: Troubles
  readonly #nextGrant: NextGrant
  readonly #signIn: SignIn
  readonly #life: GrantLife
  readonly #turns = new KeyedQueue()
  readonly #saving: WallTimer
  readonly #ending = new AbortController()
  readonly #fetch: (target: OAuthTarget) => OAuthFetch
  #beginning: Promise<SignInStart> | undefined

  constructor(options: OAuthKeeperOptions) {
    const { now = Date.now, random = Math.random, log } = options
    const { signal } = this.#ending
    this.#options = options
    this.#fetch = (target) => options.fetch(target, { signal })
    this.#saving = new WallTimer(now)
    this.#troubles = new Troubles(now, random)
    this.#records = new KeptRecords(options.records, log.redactor, (error) => {
      log.error({ err: error }, 'a grant could not be stored')
      this.#saving.set(now() + SAVE_AGAIN_MS, () => void this.#records.save())
    })
    const parts = { ...options, records: this.#records, troubles: this.#troubles, fetch: this.#fetch, now, random }
    this.#nextGrant = new NextGrant(parts)
    this.#signIn = new SignIn({ ...parts, expired: () => void this.#timeOut() })
    this.#life = new GrantLife({ ...parts, nextGrant: this.#nextGrant, turns: this.#turns, signal })
  }

  /**
   * Takes records and settings as they are now: at the start, when the vault was opened or locked, when an admin wrote
   * settings or credentials. Never throws. A grant for something else needs another keeper.
   */
  load(): void {
    this.#troubles.clear()
    this.#nextGrant.forget()
    try {
      this.#records.load()
      this.#life.load()
    } catch (error) {
      const isLocked = error instanceof AppError && error.code === 'vault_locked'
      if (!isLocked) this.#options.log.error({ err: error }, 'a grant could not be read')
    }
    this.#signIn.resume()
    this.#life.settle()
  }

  current(): string | undefined {
    return this.#life.current()
  }

  renew(refused?: RefusedToken): Promise<string> {
    return this.#life.renew(refused)
  }

  /** Begins a sign-in, or gives the one that waits. With client credentials it gets a token at once. */
  authorize(): Promise<SignInStart> {
    this.#beginning ??= this.#begin().finally(() => (this.#beginning = undefined))
    return this.#beginning
  }

  /** The sign-in that waits for the browser. Throws AppError `vault_locked`. */
  get pending(): PendingAuthorization | undefined {
    return this.#signIn.pending
  }

  /** The browser came back with the `state` of `pending`, which is used up by this, whatever comes of it. */
  async finish(params: URLSearchParams): Promise<void> {
    await this.#turns.run(GRANT, async () => {
      try {
        await this.#signIn.finish(params)
        this.#troubles.clear()
        this.#life.load()
        this.#settled()
      } catch (error) {
        throw this.#signInFailed(error)
      }
    })
    this.#options.granted()
  }

  /** Gives up the sign-in that waits. What was granted before stays. */
  async cancel(): Promise<void> {
    await this.#signIn.giveUp()
    this.#options.changed()
  }

  /** Forgets the grant, and revokes it where the server can (RFC 7009). */
  async disconnect(): Promise<void> {
    await this.#turns.run(GRANT, async () => {
      const { grant, client } = this.#records.all
      await this.#signIn.giveUp()
      await this.#records.write({ grant: null })
      this.#troubles.clear()
      this.#settled()
      if (grant !== undefined && grant.ended === undefined) await this.#revoke(grant, client)
    })
  }

  /** Never throws. */
  status(): OAuthStatus {
    const { known } = this.#records
    return {
      ...statusOf(known, { renews: this.#life.renews, problem: this.#troubles.problem }),
      issuers: this.#signIn.issuers,
      waiting: this.#signIn.waiting(),
      redirect_uri: this.#options.redirectUri(),
    }
  }

  /** What runs has a moment to be finished and stored. */
  async close(): Promise<void> {
    this.#life.close()
    await headStart(this.#turns.idle(), FINISH_MS)
    this.#ending.abort(new AppError('upstream_unavailable', { message: 'Gatehouse is ending.' }))
    await headStart(Promise.allSettled([this.#turns.idle(), this.#beginning]), CUT_MS)
    await headStart(this.#records.save(), CUT_MS)
    await this.#signIn.close()
    this.#life.close()
    this.#saving.clear()
  }

  async #begin(): Promise<SignInStart> {
    try {
      const { settings } = this.#options.target()
      this.#troubles.clear()
      if (settings.grant_type === 'client_credentials') {
        this.#nextGrant.forget()
        await this.#life.renewed()
        this.#options.granted()
        return NOBODY_TO_ASK
      }
      const start = await this.#signIn.begin()
      this.#options.changed()
      return start
    } catch (error) {
      throw this.#signInFailed(error)
    }
  }

  async #revoke(grant: OAuthGrant, client: OAuthClient | undefined): Promise<void> {
    try {
      const target = this.#options.target()
      const owner = await this.#nextGrant.clientOf(target, grant, client)
      await this.#options.protocol.revokeGrant(grant, owner, target, { fetch: this.#fetch(target) })
    } catch (error) {
      this.#options.log.warn({ err: error }, 'a grant was forgotten without being revoked')
    }
  }

  async #timeOut(): Promise<void> {
    try {
      await this.#signIn.giveUp()
      const message = 'Nobody signed in within ten minutes. Start the sign-in again.'
      this.#troubles.problem ??= { code: 'timed_out', message }
    } catch (error) {
      this.#options.log.warn({ err: error }, 'a sign-in that took too long could not be forgotten')
    }
    this.#options.changed()
  }

  #settled(): void {
    this.#life.settle()
    this.#options.changed()
  }

  #signInFailed(error: unknown): AppError {
    const told = signInError(error)
    this.#options.log.warn({ err: error }, 'a sign-in failed')
    // What is not about the server passes: a locked vault, a port that is taken, somebody who changed their mind.
    if (told !== error) this.#troubles.problem = problemOf(told)
    this.#options.changed()
    return told
  }
}
