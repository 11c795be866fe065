import { headStart } from '../base/head-start.ts'
import type { Logger } from '../base/log.ts'
import type { OAuthTarget } from '../oauth/oauth-target.ts'
import type { OAuthClient, OAuthGrant } from '../oauth/records.ts'
import { detachedKeeper } from './detached-keeper.ts'
import type { HeldIntegration } from './held-integration.ts'
import type { Keeper, KeeperParts } from './integration-authorizations.ts'

/** A grant, with all that it takes to give it back. */
interface Former {
  title: string
  target: OAuthTarget
  records: { client: OAuthClient; grant: OAuthGrant }
}

interface FormerGrantsOptions {
  createKeeper: (parts: KeeperParts) => Keeper
  /** As it is stored now. Undefined: there is no grant that could be given back. Throws while the vault is locked. */
  read: (held: HeldIntegration) => Former | undefined
  /** A server has this long to answer. */
  limitMs: number
  log: Logger
}

/**
 * Grants that changed settings have no use for: they are revoked where the server can (RFC 7009), so that nothing goes on to
 * hold that nobody knows any more. Nobody waits for it, and it is tried once: the settings are what was asked for. There is at
 * most one for each sign-in of a person.
 */
export class FormerGrants {
  readonly #options: FormerGrantsOptions
  /** By integration: what is there until it is settled whether it stays. */
  readonly #noted = new Map<string, Former>()
  readonly #leaving = new Set<Keeper>()

  constructor(options: FormerGrantsOptions) {
    this.#options = options
  }

  /** Its settings are about to change. */
  note(held: HeldIntegration): void {
    const { read, log } = this.#options
    try {
      const former = read(held)
      if (former !== undefined) this.#noted.set(held.record.id, former)
    } catch (error) {
      log.info({ err: error, integration: held.record.name }, 'a grant that may end can not be read, nor revoked')
    }
  }

  /** They have changed, or have not: a grant that is not stored any more is given back. */
  settle({ record, oauth }: HeldIntegration): void {
    const former = this.#noted.get(record.id)
    this.#noted.delete(record.id)
    if (former === undefined || oauth.some(({ field }) => field === 'oauth.grant')) return
    void this.#giveBack(former, record.name)
  }

  /** What is on its way has a moment. */
  async close(): Promise<void> {
    this.#noted.clear()
    await Promise.all([...this.#leaving].map((keeper) => keeper.close()))
  }

  async #giveBack({ title, target, records }: Former, integration: string): Promise<void> {
    const { createKeeper, limitMs, log } = this.#options
    const { settings } = target
    const keeper = detachedKeeper(createKeeper, { title, settings, target, kept: { records }, log })
    this.#leaving.add(keeper)
    const goodbye = keeper.disconnect().catch((error: unknown) => {
      log.warn({ err: error, integration }, 'tokens of a former sign-in could not be revoked')
    })
    await headStart(goodbye, limitMs)
    await keeper.close()
    this.#leaving.delete(keeper)
  }
}
