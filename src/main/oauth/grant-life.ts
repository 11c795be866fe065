import { AppError } from '../base/app-error.ts'
import { signInChallenge } from '../base/challenge.ts'
import type { KeyedQueue } from '../base/keyed-queue.ts'
import type { RefusedToken, TokenSource } from '../upstream/token-source.ts'
import { problemOf, tokenError, verdictOn, wordsOf } from './keeper-errors.ts'
import type { OAuthKeeperOptions, RecordChanges } from './keeper-options.ts'
import type { KeptRecords } from './keeper-records.ts'
import type { Troubles } from './keeper-troubles.ts'
import { namedScopes } from './named-scopes.ts'
import type { NextGrant } from './next-grant.ts'
import { OAuthError } from './oauth-error.ts'
import type { OAuthGrant } from './records.ts'
import { dueOf, isUsable, WallTimer, type Due } from './token-clock.ts'

interface GrantLifeOptions extends Pick<OAuthKeeperOptions, 'title' | 'target' | 'changed' | 'needed' | 'log'> {
  records: KeptRecords
  troubles: Troubles
  nextGrant: NextGrant
  /** One grant at a time is got, stored or given up. */
  turns: KeyedQueue
  /** Aborted when nothing is asked any more. */
  signal: AbortSignal
  now: () => number
  random: () => number
}

/** The key of all turns. */
export const GRANT = 'grant'

/** A grant from when it is there until it ends: renewed before it runs out, and when the resource refuses it. */
export class GrantLife implements TokenSource {
  readonly #options: GrantLifeOptions
  readonly #timer: WallTimer
  /** With client credentials no person has to do anything. */
  #asksForItself = false
  #renewing: Promise<string> | undefined

  constructor(options: GrantLifeOptions) {
    this.#options = options
    this.#timer = new WallTimer(options.now)
  }

  /** There are other settings. Throws AppError `vault_locked`. */
  load(): void {
    this.#asksForItself = this.#options.target().settings.grant_type === 'client_credentials'
  }

  get renews(): boolean {
    const grant = this.#options.records.known?.grant
    return grant !== undefined && this.#renews(grant)
  }

  current(): string | undefined {
    const { records, troubles, now } = this.#options
    const grant = records.known?.grant
    if (grant === undefined || troubles.isRefused(grant.accessToken)) return undefined
    return isUsable(grant, now(), { renews: this.#renews(grant) }) ? bearer(grant) : undefined
  }

  async renew(refused?: RefusedToken): Promise<string> {
    const { records, turns } = this.#options
    if (refused?.status === 403) return turns.run(GRANT, () => this.#stepUp(refused))
    const { grant } = records.all
    // An older one than the newest may have been refused because there is the newest.
    if (grant !== undefined && refused?.authorization === bearer(grant)) this.#refuse(grant)
    return this.current() ?? this.renewed()
  }

  /** Another than there is now. Whoever asks meanwhile gets the same. */
  renewed(): Promise<string> {
    const { records, turns } = this.#options
    const former = records.known?.grant?.accessToken
    this.#renewing ??= turns.run(GRANT, () => this.#next(former)).finally(() => (this.#renewing = undefined))
    return this.#renewing
  }

  /** There is another grant, or none: what is due by the clock is due at another time. */
  settle(): void {
    const { records, random } = this.#options
    const grant = records.known?.grant
    // With client credentials a token is asked for when somebody needs one.
    const due = grant === undefined || this.#asksForItself ? undefined : dueOf(grant, random(), { renews: this.renews })
    if (due === undefined) this.#timer.clear()
    else this.#timer.set(due.at, () => void this.#comeDue(due))
  }

  close(): void {
    this.#timer.clear()
  }

  /** In a turn. `former`: the access token that is not enough. */
  async #next(former: string | undefined): Promise<string> {
    const { records, troubles, nextGrant, target: targetNow, signal } = this.#options
    signal.throwIfAborted()
    const target = targetNow()
    this.load()
    const { grant, client } = records.all
    // A sign-in was faster.
    const current = grant?.accessToken === former ? undefined : this.current()
    if (current !== undefined) return current
    if (troubles.answer !== undefined) throw troubles.answer
    try {
      const changes = this.#asksForItself
        ? await nextGrant.requested(target, { grant, client })
        : { grant: await nextGrant.refreshed(target, await this.#renewable(grant), client) }
      await records.keep(changes)
      troubles.renewed()
      this.settle()
      this.#options.changed()
      return bearer(changes.grant)
    } catch (error) {
      throw await this.#judge(error)
    }
  }

  /** One with a refresh token. */
  async #renewable(grant: OAuthGrant | undefined): Promise<OAuthGrant> {
    if (grant === undefined) {
      throw new AppError('authorization_required', { message: `Sign in to ${this.#title} in Gatehouse.` })
    }
    if (grant.ended !== undefined) throw new AppError('authorization_required', { message: grant.ended.message })
    if (grant.refreshToken !== undefined) return grant
    throw await this.#end('expired', 'Its token does not hold any more, and the server gave nothing to renew it with.')
  }

  /** What a failure means for the grant, done. Gives what whoever asked is told. */
  async #judge(error: unknown): Promise<AppError> {
    if (error instanceof AppError) return error
    const { records, troubles, log, needed, changed } = this.#options
    const { registration } = records.known?.client ?? {}
    log.warn({ err: error }, 'a token could not be renewed')
    const verdict = verdictOn(error, { registration, asksForItself: this.#asksForItself })
    if (error instanceof OAuthError) {
      if (error.reason === 'invalid_scope') await records.forgetMissingScopes()
      if (verdict === 'ended') return this.#end(error.reason, error.message)
      if (verdict === 'client_lost') return this.#end(error.reason, error.message, { client: null })
    }
    const told = tokenError(error, `Gatehouse gets no token for ${this.#title}. ${wordsOf(error)}`)
    if (verdict === 'stuck') {
      troubles.stuck(told)
      needed('ended', told.message)
    } else {
      const again = troubles.passing(told)
      if (this.renews && !this.#asksForItself)
        this.#timer.set(again, () => void this.#comeDue({ what: 'renew', at: again }))
    }
    changed()
    return told
  }

  /** In a turn: the grant does not hold any more. Only a person can get another. */
  async #end(code: string, why: string, changes: RecordChanges = {}): Promise<AppError> {
    const { records, needed, changed } = this.#options
    const title = this.#title
    const message = `The sign-in to ${title} has ended. ${why} Sign in to ${title} again in Gatehouse.`
    const { grant } = records.all
    if (grant !== undefined) {
      const { refreshToken: _refreshToken, ...rest } = grant
      await records.keep({ ...changes, grant: { ...rest, accessToken: '', ended: { code, message } } })
    }
    this.settle()
    needed('ended', message)
    changed()
    return new AppError('authorization_required', { message })
  }

  async #comeDue({ what }: Due): Promise<void> {
    if (what === 'renew') {
      // What went wrong was told to whom it concerns.
      await this.renewed().catch(() => undefined)
      return
    }
    const former = this.#options.records.known?.grant
    await this.#options.turns.run(GRANT, async () => {
      const { grant } = this.#options.records.known ?? {}
      if (grant === undefined || grant !== former) return
      const { now } = this.#options
      if (what === 'warn' && isUsable(grant, now(), { renews: false })) await this.#warn(grant)
      else await this.#end('expired', 'It ran out, and the server gave nothing to renew it with.')
    })
  }

  async #warn(grant: OAuthGrant): Promise<void> {
    const { records, needed, changed } = this.#options
    await records.keep({ grant: { ...grant, warned: true } })
    this.settle()
    const title = this.#title
    needed(
      'expires_soon',
      `The sign-in to ${title} ends soon. Sign in to ${title} again in Gatehouse to keep it working.`,
    )
    changed()
  }

  /** The resource did not take the newest token: it is not used again. */
  #refuse({ accessToken }: OAuthGrant): void {
    const { troubles, changed } = this.#options
    if (troubles.refused(accessToken)) return
    const message = `${this.#title} refuses tokens that its authorization server has just given. Diagnose it in Gatehouse.`
    const error = new AppError('authorization_required', { message })
    troubles.problem = problemOf(error)
    changed()
    throw error
  }

  /** In a turn: the resource wants more scopes (RFC 6750, 3.1). The grant stays: it is enough for the rest. */
  async #stepUp({ authorization, challenge }: RefusedToken): Promise<string> {
    const { records, troubles, target, needed, changed } = this.#options
    const { grant } = records.all
    if (grant === undefined || grant.ended !== undefined || authorization !== bearer(grant)) {
      return this.current() ?? this.#next(grant?.accessToken)
    }
    const asked = namedScopes(signInChallenge(challenge)?.scopes ?? [])
    const missing = asked.filter((scope) => !grant.scopes.includes(scope))
    const known = grant.missingScopes ?? []
    const isNew = missing.some((scope) => !known.includes(scope)) && troubles.steppedUp()
    if (isNew) await records.keep({ grant: { ...grant, missingScopes: [...new Set([...known, ...missing])] } })
    // Scopes that an admin typed are all that the client may have.
    const isBound = this.#asksForItself && target().settings.scopes.length > 0
    if (this.#asksForItself && !isBound && isNew) return this.#next(grant.accessToken)
    const message = this.#scopeMessage(missing, isBound)
    if (isNew) {
      needed('scope', message)
      changed()
    }
    throw new AppError('authorization_required', { message })
  }

  #scopeMessage(missing: string[], isBound: boolean): string {
    const title = this.#title
    const wants = `${title} wants the scopes ${missing.join(' ')} for this.`
    if (missing.length > 0 && isBound)
      return `${wants} If it is to have them, add them in the OAuth settings, and sign in again.`
    if (missing.length > 0 && !this.#asksForItself) {
      return `${wants} Sign in to ${title} again in Gatehouse to grant them.`
    }
    return `${title} refuses this with the scopes that it granted. Look in its documentation for those it needs, type them in the OAuth settings, and sign in again.`
  }

  get #title(): string {
    return this.#options.title()
  }

  #renews(grant: OAuthGrant): boolean {
    return this.#asksForItself || grant.refreshToken !== undefined
  }
}

function bearer({ accessToken }: OAuthGrant): string {
  return `Bearer ${accessToken}`
}
