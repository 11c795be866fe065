import type { OAuthSettings, OAuthStatus } from '../../shared/contract/oauth.ts'
import { AppError } from '../base/app-error.ts'
import type { Emitter } from '../base/emitter.ts'
import { headStart } from '../base/head-start.ts'
import type { Logger } from '../base/log.ts'
import type { CallbackOutcome } from '../oauth/callbacks.ts'
import type { OAuthKeeper } from '../oauth/keeper.ts'
import type { OAuthKeeperOptions, RecordChanges } from '../oauth/keeper-options.ts'
import type { OAuthTarget } from '../oauth/oauth-target.ts'
import type { OAuthClient, OAuthRecords } from '../oauth/records.ts'
import type { IntegrationsStore } from '../store/integrations-store.ts'
import type { TokenSource } from '../upstream/token-source.ts'
import type { Vault } from '../vault/vault.ts'
import { authorizationTarget } from './authorization-target.ts'
import { urlOf } from './connection-target.ts'
import type { ConnectionSettings } from './credentials.ts'
import { draftToken, type Draft } from './draft-token.ts'
import { FormerGrants } from './former-grants.ts'
import { titleOf, type HeldIntegration } from './held-integration.ts'
import type { HeldIntegrations } from './held-integrations.ts'
import { oauthSettings } from './oauth-problems.ts'
import type { SealedCredentials } from './sealed-credentials.ts'
import { SealedOAuth } from './sealed-oauth.ts'

/** What keeps the grant of one integration, as far as this folder knows it. */
export type Keeper = Pick<
  OAuthKeeper,
  'load' | 'current' | 'renew' | 'authorize' | 'pending' | 'finish' | 'cancel' | 'disconnect' | 'status' | 'close'
>
/** What one needs of its integration; the rest of its options is the same for all. */
export type KeeperParts = Pick<
  OAuthKeeperOptions,
  'title' | 'target' | 'records' | 'changed' | 'needed' | 'granted' | 'log'
> & {
  /** As they are now; they can be had while the vault is locked. */
  settings: () => OAuthSettings
}

/** A sign-in as it is now. */
export interface Examined {
  title: string
  target: OAuthTarget
  records: OAuthRecords
  status: () => OAuthStatus
  token: TokenSource
}

interface IntegrationAuthorizationsOptions {
  store: Pick<IntegrationsStore, 'writeOAuth'>
  held: HeldIntegrations
  credentials: SealedCredentials
  vault: Vault
  createKeeper: (parts: KeeperParts) => Keeper
  /** What the API tells of it is another now. */
  announce: (held: HeldIntegration) => void
  emitter: Emitter
  log: Logger
}

interface Kept {
  keeper: Keeper
  /** The same for every connection of this integration, whichever keeper there is. */
  token: TokenSource
}

/** A server may take its time to revoke a token, and whoever deletes an integration waits for it. */
const GOODBYE_MS = 5_000

/** The grants of all integrations with auth type `oauth2`: what keeps each, where it is stored, and what it tells whom. */
export class IntegrationAuthorizations {
  readonly #options: IntegrationAuthorizationsOptions
  readonly #kept = new Map<string, Kept>()
  readonly #sealed = new Map<string, SealedOAuth>()
  /** Let go of, and not to be kept again until it is settled what becomes of them: deleted, or being made something else. */
  readonly #away = new Set<string>()
  readonly #former: FormerGrants

  constructor(options: IntegrationAuthorizationsOptions) {
    const { createKeeper, log } = options
    this.#options = options
    this.#former = new FormerGrants({ createKeeper, read: (held) => this.#revocable(held), limitMs: GOODBYE_MS, log })
  }

  /** Undefined: it has another auth type. */
  statusOf(held: HeldIntegration): OAuthStatus | null {
    return this.#keptOf(held)?.keeper.status() ?? null
  }

  /** Throws `invalid_input` where it has another auth type. */
  require(held: HeldIntegration): Keeper {
    const kept = this.#keptOf(held)
    if (kept !== undefined) return kept.keeper
    const { name } = held.record
    const message = `${titleOf(held.record)} does not use OAuth. Choose OAuth 2 as its authentication first.`
    throw new AppError('invalid_input', { message, integration: name })
  }

  /** All that a diagnosis looks at. Throws `vault_locked`, and `invalid_input` where it has another auth type. */
  examined(held: HeldIntegration): Examined {
    const keeper = this.require(held)
    return {
      title: titleOf(held.record),
      target: this.#targetOf(held),
      records: this.#sealedOf(held).read(held.oauth),
      status: () => keeper.status(),
      token: keeper,
    }
  }

  /** Of all integrations that could wait for a browser. */
  *keepers(): Iterable<{ integration: NonNullable<CallbackOutcome['integration']>; keeper: Keeper }> {
    for (const held of this.#options.held.all()) {
      const kept = this.#keptOf(held)
      if (kept === undefined) continue
      const { workspace, name: slug } = held.record
      yield { integration: { workspace, slug, title: titleOf(held.record) }, keeper: kept.keeper }
    }
  }

  /**
   * What connections of it take their token from; undefined with another auth type. Without a grant nothing is tried:
   * throws `authorization_required`, or `vault_locked`.
   */
  tokenFor(held: HeldIntegration): TokenSource | undefined {
    const kept = this.#keptOf(held)
    if (kept === undefined || kept.keeper.current() !== undefined) return kept?.token
    this.#refuseLocked(held)
    const { state, problem } = kept.keeper.status()
    const asksForItself = oauthSettings(held.record).grant_type === 'client_credentials'
    if (state === 'signed_in' || (state === 'signed_out' && asksForItself)) return kept.token
    const message = problem?.message ?? `Sign in to ${titleOf(held.record)} in Gatehouse.`
    throw new AppError('authorization_required', { message, integration: held.record.name })
  }

  /** The client as it was used last: stored credentials stay bound to its issuer. Throws `vault_locked`. */
  clientOf(held: HeldIntegration): OAuthClient | undefined {
    return held.oauth.length === 0 ? undefined : this.#sealedOf(held).read(held.oauth).client
  }

  /** For settings that are not stored. */
  tokenForDraft(settings: ConnectionSettings, draft: Draft): TokenSource {
    const { createKeeper, log } = this.#options
    return draftToken(createKeeper, settings, { ...draft, log })
  }

  /** Takes over what was stored, or could not be read before. */
  reload(held: HeldIntegration): void {
    this.#away.delete(held.record.id)
    this.#kept.get(held.record.id)?.keeper.load()
    this.#former.settle(held)
  }

  /** Of all that have one, so that those renew themselves from now on. */
  loadAll(): void {
    for (const held of this.#options.held.all()) this.#keptOf(held)
  }

  /**
   * Lets go of it until `reload`: before its grant is taken away, when its auth type is another, when it is out of sight. Whoever
   * asks meanwhile gets no token: one that was kept anew here could be renewed with the grant that is on its way out.
   */
  async release(id: string): Promise<void> {
    await this.#letGo(id)
    const held = this.#options.held.byId(id)
    if (held !== undefined) this.#former.note(held)
  }

  /** It is deleted: takes the tokens back where the server can (RFC 7009), and waits a moment for it. Never throws. */
  async revoke(held: HeldIntegration): Promise<void> {
    if (held.oauth.length === 0) return
    const { log } = this.#options
    this.#away.delete(held.record.id)
    const goodbye = async () => {
      try {
        await this.#keptOf(held)?.keeper.disconnect()
      } catch (error) {
        log.warn({ err: error, integration: held.record.name }, 'tokens of a deleted integration could not be revoked')
      }
    }
    await headStart(goodbye(), GOODBYE_MS)
  }

  async close(): Promise<void> {
    await Promise.all([...[...this.#kept.keys()].map((id) => this.#letGo(id)), this.#former.close()])
  }

  async #letGo(id: string): Promise<void> {
    const kept = this.#kept.get(id)
    this.#kept.delete(id)
    this.#sealed.delete(id)
    this.#away.add(id)
    await kept?.keeper.close()
  }

  #keptOf(held: HeldIntegration): Kept | undefined {
    const { record } = held
    if (record.authType !== 'oauth2' || urlOf(record) === undefined || this.#away.has(record.id)) return undefined
    const known = this.#kept.get(record.id)
    if (known !== undefined) return known
    const keeper = this.#create(held)
    const present = () => this.#keptOf(held)?.keeper ?? keeper
    const kept: Kept = {
      keeper,
      token: { current: () => present().current(), renew: (refused) => present().renew(refused) },
    }
    this.#kept.set(record.id, kept)
    keeper.load()
    return kept
  }

  #create(held: HeldIntegration): Keeper {
    const { createKeeper, announce, emitter, log } = this.#options
    const { id, name, workspace } = held.record
    const isHere = () => this.#options.held.byId(id) === held
    return createKeeper({
      title: () => titleOf(held.record),
      settings: () => oauthSettings(held.record),
      target: () => this.#targetOf(held),
      records: {
        read: () => this.#sealedOf(held).read(held.oauth),
        write: (changes) => this.#write(held, changes),
      },
      changed: () => {
        if (isHere()) announce(held)
      },
      needed: (reason, message) => {
        if (!isHere()) return
        log.info({ integration: name, reason }, 'a person has to sign in')
        emitter.emit(workspace, { type: 'authorization_needed', integration: name, reason, message })
      },
      granted: () => {
        if (isHere()) held.upstream?.restart()
      },
      log,
    })
  }

  #revocable(held: HeldIntegration) {
    if (held.record.authType !== 'oauth2' || held.oauth.length === 0) return undefined
    const { client, grant } = this.#sealedOf(held).read(held.oauth)
    if (client === undefined || grant === undefined || grant.ended !== undefined) return undefined
    return { title: titleOf(held.record), target: this.#targetOf(held), records: { client, grant } }
  }

  async #write(held: HeldIntegration, changes: RecordChanges): Promise<void> {
    const { store, vault } = this.#options
    const isNew = Object.values(changes).some((record) => record !== null && record !== undefined)
    if (isNew) await vault.ensureKey()
    await vault.holdKey(async () => {
      const { fields, rows } = this.#sealedOf(held).seal(changes)
      if (fields.length === 0) return
      await store.writeOAuth(held.record.id, fields, rows)
      held.oauth = [...held.oauth.filter(({ field }) => !(fields as string[]).includes(field)), ...rows]
    })
  }

  #targetOf({ record, secrets }: HeldIntegration): OAuthTarget {
    return authorizationTarget(record, this.#options.credentials.forClient(record, record, secrets))
  }

  #sealedOf({ record }: HeldIntegration): SealedOAuth {
    const { vault, log } = this.#options
    const sealed = this.#sealed.get(record.id) ?? new SealedOAuth(record, vault, log.redactor)
    this.#sealed.set(record.id, sealed)
    return sealed
  }

  /** Whether there is a grant can't be told, so nobody is asked to sign in again. */
  #refuseLocked(held: HeldIntegration): void {
    const { vault } = this.#options
    if (!vault.isOpen && held.oauth.length > 0) this.#sealedOf(held).read(held.oauth)
  }
}
