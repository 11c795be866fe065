import type { Redactor } from '../base/redact.ts'
import type { OAuthKeeperOptions, RecordChanges } from './keeper-options.ts'
import { isMaskable } from './maskable.ts'
import type { OAuthRecords } from './records.ts'

/** The records of one integration in memory, as they are stored. */
export class KeptRecords {
  readonly #stored: OAuthKeeperOptions['records']
  readonly #redactor: Redactor
  readonly #unsavable: (error: unknown) => void
  /** Undefined: not read yet, or the vault was locked then. */
  #records: OAuthRecords | undefined
  /** What could not be stored. It goes with the next change. */
  #unsaved: RecordChanges = {}

  /** `unsavable` is told when `keep` could not store something: `save` has to be called again. */
  constructor(stored: OAuthKeeperOptions['records'], redactor: Redactor, unsavable: (error: unknown) => void) {
    this.#stored = stored
    this.#redactor = redactor
    this.#unsavable = unsavable
  }

  /** Reads them anew. Throws AppError `vault_locked`, and then nothing is known. */
  load(): void {
    this.#records = undefined
    this.#records = { ...this.#stored.read() }
    this.#apply(this.#unsaved)
  }

  /** Throws AppError `vault_locked` where they have not been read and can not be. */
  get all(): Readonly<OAuthRecords> {
    if (this.#records === undefined) this.load()
    return this.#records ?? {}
  }

  /** What is known without asking the vault. Costs nothing. */
  get known(): Readonly<OAuthRecords> | undefined {
    return this.#records
  }

  /** Stored first, known afterwards. When it can't be stored nothing has changed. */
  async write(changes: RecordChanges): Promise<void> {
    const all = { ...this.#unsaved, ...changes }
    this.#register(all)
    await this.#stored.write(all)
    this.#unsaved = {}
    this.#apply(all)
  }

  /**
   * As `write`, but known in any case: an authorization server that rotates refresh tokens has made the stored one
   * worthless, and gives no second one. Never rejects.
   */
  async keep(changes: RecordChanges): Promise<void> {
    this.#register(changes)
    try {
      await this.write(changes)
    } catch (error) {
      this.#apply(changes)
      this.#unsaved = { ...this.#unsaved, ...changes }
      this.#unsavable(error)
    }
  }

  /** The server does not grant what the resource asked for: nobody asks for it again by that. Never rejects. */
  async forgetMissingScopes(): Promise<void> {
    const { grant } = this.known ?? {}
    if (grant?.missingScopes === undefined) return
    const { missingScopes: _missing, ...rest } = grant
    await this.keep({ grant: rest })
  }

  /** Tries to store what could not be stored. Never rejects. */
  async save(): Promise<void> {
    if (Object.keys(this.#unsaved).length > 0) await this.keep({})
  }

  /** Gives the sign-in that waits to the first who asks; nobody else gets it. The store has to be told by `write`. */
  takePending(): OAuthRecords['pending'] {
    const { pending } = this.all
    this.#apply({ pending: null })
    return pending
  }

  /** Before anything is done with a secret. Whoever stores it knows it for as long as it holds; those of drafts nobody stores. */
  #register({ client, grant, pending }: RecordChanges): void {
    const own = [pending?.state, pending?.codeVerifier, pending?.nonce]
    const given = [client?.clientSecret, grant?.accessToken, grant?.refreshToken, pending?.client.clientSecret]
    for (const secret of own) if (secret !== undefined) this.#redactor.registerPassing(secret)
    for (const secret of given) if (secret !== undefined && isMaskable(secret)) this.#redactor.registerPassing(secret)
  }

  #apply(changes: RecordChanges): void {
    const records = (this.#records ??= {})
    this.#register(records)
    if (changes.client !== undefined) records.client = changes.client ?? undefined
    if (changes.grant !== undefined) records.grant = changes.grant ?? undefined
    if (changes.pending !== undefined) records.pending = changes.pending ?? undefined
  }
}
