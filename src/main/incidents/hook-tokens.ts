/**
 * Threat: another program tells of incidents that there are not, or the database file leaks. Each token has 256 random bits;
 * only its SHA-256 is kept. It opens the hooks of one workspace and `/metrics`, nothing that agents or admins use.
 */
import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { contract } from '../../shared/contract/contract.ts'
import type { HookToken } from '../../shared/contract/hook-tokens.ts'
import { AppError } from '../base/app-error.ts'
import type { Emitter } from '../base/emitter.ts'
import type { Logger } from '../base/log.ts'
import { hashToken, newToken, tokenKey } from '../base/token.ts'
import type { HookTokenRecord, HookTokensStore } from '../store/hook-tokens-store.ts'
import type { WorkspacesService } from '../workspaces/service.ts'

type CreateOutput = NonNullable<(typeof contract.hook_tokens.create)['~orpc']['outputSchema']>
type MintedHookToken = z.output<Extract<CreateOutput, z.ZodType>>

interface HookTokensOptions {
  store: HookTokensStore
  workspaces: Pick<WorkspacesService, 'require'>
  /** Where hooks are sent to. */
  urls: { readonly alertmanager_url: string; readonly events_url: string }
  emitter: Pick<Emitter, 'emit'>
  log: Pick<Logger, 'warn' | 'redactor'>
  now?: () => Date
}

/** Whose token a request came with. */
export interface HookIdentity {
  id: string
  name: string
  workspace: string
}

const MOST_TOKENS = 100
/** As with agents: a write for each use would cost more than it tells. */
const FLUSH_MS = 30_000

/** What may tell of events by a hook. All of them are held in memory. */
export class HookTokens {
  readonly #options: HookTokensOptions
  readonly #byHash = new Map<string, HookTokenRecord>()
  readonly #used = new Set<HookTokenRecord>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: HookTokensOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    for (const record of await this.#options.store.listAll()) this.#keep(record)
  }

  list(workspace: string): HookToken[] {
    this.#options.workspaces.require(workspace)
    return this.#of(workspace).map(toHookToken)
  }

  async create(workspace: string, name: string): Promise<MintedHookToken> {
    const { store, workspaces, urls, log } = this.#options
    workspaces.require(workspace)
    if (this.#of(workspace).length >= MOST_TOKENS) {
      const message = `A workspace has at most ${MOST_TOKENS} hook tokens. Revoke one that is not used any more.`
      throw new AppError('invalid_input', { message, details: [{ path: 'name', message }] })
    }
    const token = newToken('ghh_')
    log.redactor.register(token)
    const tokenSha256 = hashToken(token)
    const record = { id: randomUUID(), workspace, name, tokenSha256, createdAt: this.#now(), lastUsedAt: null }
    await store.insert(record)
    this.#keep(record)
    this.#changed(workspace)
    return {
      ...toHookToken(record),
      token,
      alertmanager_url: urls.alertmanager_url,
      events_url: urls.events_url,
    }
  }

  /** It stops working at once. */
  async remove(workspace: string, id: string): Promise<void> {
    const record = this.#of(workspace).find((each) => each.id === id)
    if (record === undefined) {
      throw new AppError('not_found', { message: 'There is no such hook token in this workspace.' })
    }
    await this.#options.store.delete(id)
    this.#forget(record)
    this.#changed(workspace)
  }

  /** Whose token this is. Looked up by its hash, so that the time it takes says nothing about the tokens that exist. */
  authenticate(token: string): HookIdentity | undefined {
    const record = this.#byHash.get(tokenKey(token))
    if (record === undefined) return undefined
    record.lastUsedAt = this.#now()
    this.#used.add(record)
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref()
    return { id: record.id, name: record.name, workspace: record.workspace }
  }

  /** Everything of a workspace that is about to be deleted. */
  async erase(workspace: string): Promise<void> {
    await this.#options.store.erase(workspace)
    for (const record of this.#of(workspace)) this.#forget(record)
  }

  /** Stores when tokens were used last. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const used = [...this.#used]
    this.#used.clear()
    if (used.length === 0) return
    try {
      await this.#options.store.setLastUsed(used)
    } catch (error) {
      this.#options.log.warn({ error }, 'last use of hook tokens could not be stored')
    }
    for (const workspace of new Set(used.map((record) => record.workspace))) this.#changed(workspace)
  }

  async close(): Promise<void> {
    await this.flush()
  }

  #of(workspace: string): HookTokenRecord[] {
    return [...this.#byHash.values()].filter((record) => record.workspace === workspace)
  }

  #keep(record: HookTokenRecord): void {
    this.#byHash.set(record.tokenSha256.toString('hex'), record)
  }

  #forget(record: HookTokenRecord): void {
    this.#byHash.delete(record.tokenSha256.toString('hex'))
    this.#used.delete(record)
  }

  #changed(workspace: string): void {
    this.#options.emitter.emit(workspace, { type: 'hook_tokens_changed' })
  }

  #now(): string {
    return (this.#options.now?.() ?? new Date()).toISOString()
  }
}

function toHookToken({ id, name, createdAt, lastUsedAt }: HookTokenRecord): HookToken {
  return { id, name, created_at: createdAt, last_used_at: lastUsedAt }
}
