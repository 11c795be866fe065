import type { AuthorizationStart, OAuthStatus } from '../../shared/contract/oauth.ts'
import { AppError } from '../base/app-error.ts'
import { isAt, plainOf, uriOf } from './callback-uri.ts'
import { verdictOn } from './keeper-errors.ts'
import type { KeptRecords } from './keeper-records.ts'
import type { OAuthKeeperOptions, RecordChanges } from './keeper-options.ts'
import { OAuthError } from './oauth-error.ts'
import type { OAuthFetch } from './oauth-fetch.ts'
import type { OAuthTarget } from './oauth-target.ts'
import type { OAuthRecords, PendingAuthorization } from './records.ts'
import { WallTimer } from './token-clock.ts'

/** A sign-in that waits is given again while there is this much time left for it. */
const MIN_REMAINING_MS = 2 * 60 * 1000
/** Ten minutes, and one for a clock that is put right. With more left it was set back, and nobody knows how long ago it began. */
const MAX_REMAINING_MS = 11 * 60 * 1000

interface SignInOptions extends Pick<
  OAuthKeeperOptions,
  'target' | 'redirectUri' | 'openRedirect' | 'protocol' | 'log'
> {
  records: KeptRecords
  fetch: (target: OAuthTarget) => OAuthFetch
  now: () => number
  /** Nobody came back in time. */
  expired: () => void
}

/**
 * A sign-in of a person: from the address that the browser opens until it comes back. One at a time. What it was begun
 * with is stored, so that it can be finished after a restart, once.
 */
export class SignIn {
  readonly #options: SignInOptions
  readonly #timer: WallTimer
  /** What the sign-in that waits was begun with. Undefined: nothing waits, or it was begun before a restart. */
  #begunFor: string | undefined
  /** Counts what was begun and given up, so that a slow beginning notices that nobody wants it any more. */
  #attempts = 0
  #redirect: { uri: string; opened: Promise<{ close(): Promise<void> }> } | undefined
  /** All authorization servers that the integration's server named when it was asked last. */
  issuers: string[] = []

  constructor(options: SignInOptions) {
    this.#options = options
    this.#timer = new WallTimer(options.now)
  }

  /** That can still be finished. Throws AppError `vault_locked`. */
  get pending(): PendingAuthorization | undefined {
    const { pending } = this.#options.records.all
    return pending !== undefined && this.#remaining(pending) > 0 ? pending : undefined
  }

  /** Goes on with what was begun before a restart. */
  resume(): void {
    const { pending } = this.#options.records.known ?? {}
    if (pending === undefined) this.#timer.clear()
    else this.#await(pending)
  }

  /** Gives the sign-in that waits, or begins one. Rejects with OAuthError and AppError. */
  async begin(): Promise<Omit<AuthorizationStart, 'opened'>> {
    const { records, redirectUri: redirectUriNow, target: targetNow } = this.#options
    const plain = redirectUriNow()
    const target = targetNow()
    const waiting = records.all.pending
    if (waiting !== undefined && this.#isAsWanted(waiting, target, plain)) {
      await this.#listen(plain)
      return startOf(waiting)
    }
    // First: a port that another program has is told before anything is registered for it.
    await this.#listen(plain)
    const attempt = ++this.#attempts
    try {
      const pending = await this.#prepare(target, plain)
      if (attempt !== this.#attempts) throw cancelled()
      const { client, grant } = records.all
      // The client of a grant that holds is kept until the new grant is there.
      const isFree = grant === undefined || grant.ended !== undefined || client === undefined
      await records.write({ pending, ...(isFree && { client: pending.client }) })
      this.#begunFor = keyOf(target)
      this.#await(pending)
      return startOf(pending)
    } catch (error) {
      await this.#stopListening()
      throw error
    }
  }

  /** Uses up the sign-in that waits, and gives what came of it, stored. Rejects with OAuthError and AppError. */
  async finish(params: URLSearchParams): Promise<void> {
    const { records, protocol, target: targetNow, fetch, log } = this.#options
    const code = params.get('code')
    if (code !== null) log.redactor.registerPassing(code)
    const target = targetNow()
    const waiting = this.pending
    const pending = records.takePending()
    if (waiting === undefined || pending === undefined) throw unknownSignIn()
    try {
      // Before the code is redeemed: what is not marked as used could be used again after a crash.
      await records.write({ pending: null })
    } catch (error) {
      await records.keep({ pending })
      throw error
    }
    this.#timer.clear()
    try {
      const grant = await protocol.finishAuthorization(pending, params, { target, fetch: fetch(target) })
      await records.keep({ grant, client: pending.client })
    } catch (error) {
      if (isLost(error, pending)) await records.write({ client: null })
      if (error instanceof OAuthError && error.reason === 'invalid_scope') await records.forgetMissingScopes()
      throw error
    } finally {
      void this.#stopListening()
    }
  }

  /** Forgets the sign-in that waits. */
  async giveUp(): Promise<void> {
    const { records } = this.#options
    this.#attempts++
    this.#timer.clear()
    const { pending, grant, client } = records.all
    if (pending === undefined) return
    const changes: RecordChanges = { pending: null }
    // A server that has forgotten a client says so in the browser, and not to us: a new one is registered next time.
    const isUsed = grant !== undefined && grant.ended === undefined
    if (client?.registration === 'dynamic' && !isUsed) changes.client = null
    await records.write(changes)
    await this.#stopListening()
  }

  /** For the status. */
  waiting(): OAuthStatus['waiting'] {
    const { pending } = this.#options.records.known ?? {}
    if (pending === undefined || this.#remaining(pending) <= 0) return null
    const redirect = pending.redirectUri.startsWith('http:') ? 'loopback' : 'deep_link'
    return { redirect, expires_at: pending.expiresAt }
  }

  async close(): Promise<void> {
    this.#timer.clear()
    await this.#stopListening()
  }

  async #prepare(target: OAuthTarget, plain: string): Promise<PendingAuthorization> {
    const { records, protocol } = this.#options
    const fetch = this.#options.fetch(target)
    const found = await protocol.discover(target, { fetch })
    this.issuers = found.issuers
    const { client, pending, grant } = records.all
    const stored = pending?.client ?? client
    const owner = await protocol.clientFor(found, target, { stored, redirectUri: plain, fetch })
    const redirectUri = uriOf(owner, plain)
    const scopes = scopesToAskFor(target, grant)
    return protocol.beginAuthorization(found, owner, target, { redirectUri, ...(scopes !== undefined && { scopes }) })
  }

  #isAsWanted(pending: PendingAuthorization, target: OAuthTarget, plain: string): boolean {
    const { grant } = this.#options.records.all
    return (
      (this.#begunFor === undefined || this.#begunFor === keyOf(target)) &&
      isAt(pending.redirectUri, plain) &&
      this.#remaining(pending) > MIN_REMAINING_MS &&
      (grant?.missingScopes ?? []).every((scope) => pending.scopes.includes(scope))
    )
  }

  #remaining({ expiresAt }: PendingAuthorization): number {
    const remaining = Date.parse(expiresAt) - this.#options.now()
    return remaining > MAX_REMAINING_MS ? 0 : remaining
  }

  #await(pending: PendingAuthorization): void {
    this.#timer.set(this.#options.now() + this.#remaining(pending), this.#options.expired)
    this.#listen(plainOf(pending.redirectUri)).catch((error: unknown) => {
      this.#options.log.warn({ err: error }, 'nothing listens for the browser of a sign-in')
    })
  }

  async #listen(uri: string): Promise<void> {
    if (this.#redirect?.uri !== uri) await this.#stopListening()
    const redirect = (this.#redirect ??= { uri, opened: this.#options.openRedirect(uri) })
    try {
      await redirect.opened
    } catch (error) {
      this.#redirect = undefined
      throw error
    }
  }

  async #stopListening(): Promise<void> {
    const redirect = this.#redirect
    this.#redirect = undefined
    await redirect?.opened.then((opened) => opened.close()).catch(() => undefined)
  }
}

/** Undefined: what the settings say, else what the server asks for. */
function scopesToAskFor({ settings }: OAuthTarget, grant: OAuthRecords['grant']): string[] | undefined {
  if (grant?.missingScopes === undefined) return undefined
  return [...new Set([...settings.scopes, ...grant.scopes, ...grant.missingScopes])]
}

/** Other settings or credentials want another sign-in. Never leaves this process. */
function keyOf({ url, settings, credentials }: OAuthTarget): string {
  return JSON.stringify([url, settings, credentials])
}

function startOf(pending: PendingAuthorization): Omit<AuthorizationStart, 'opened'> {
  const { authorizationUrl: authorization_url, redirectUri: redirect_uri, expiresAt: expires_at } = pending
  return { authorization_url, redirect_uri, expires_at }
}

function unknownSignIn(): OAuthError {
  const message = 'This sign-in is not known: it was used already, or has taken too long.'
  return new OAuthError('unknown_state', message, { fix: 'Start the sign-in again in Gatehouse.' })
}

function cancelled(): AppError {
  return new AppError('bad_request', { message: 'The sign-in was cancelled before it had begun.' })
}

/** The server has forgotten a client that it gave us: the next sign-in registers another. */
function isLost(error: unknown, { client: { registration } }: PendingAuthorization): boolean {
  return verdictOn(error, { registration, asksForItself: false }) === 'client_lost'
}
