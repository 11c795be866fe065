import type { NewRule, PreviewedEvent, Rule, RuleChanges } from '../../shared/contract/rules.ts'
import { AppError } from '../base/app-error.ts'
import type { Emitter } from '../base/emitter.ts'
import { KeyedQueue } from '../base/keyed-queue.ts'
import { refuse } from '../integrations/refuse.ts'
import type { StoredChannel } from '../store/channels-store.ts'
import type { RulesStore } from '../store/rules-store.ts'
import type { WorkspacesService } from '../workspaces/service.ts'
import type { ChannelBook } from './channel-book.ts'
import type { ChannelsService } from './channels-service.ts'
import type { Clock } from './clock.ts'
import type { RuleBook } from './rule-book.ts'
import { compileRule, compileStored, type CompiledRule } from './rule-decision.ts'
import type { RulePreview } from './rule-preview.ts'
import type { Sender } from './sender.ts'

interface RulesServiceOptions {
  store: RulesStore
  book: RuleBook
  channels: ChannelBook
  channelsService: Pick<ChannelsService, 'test' | 'tell'>
  preview: RulePreview
  workspaces: Pick<WorkspacesService, 'require'>
  sender: Pick<Sender, 'reconsider'>
  nextId: () => string
  emitter: Emitter
  clock: Clock
}

interface RuleTestResult {
  channel_id: string
  channel_name: string
  ok: boolean
  message: string
}

const DRAFT = 'draft'
const MOST_RULES = 200

/** What is sent where. */
export class RulesService {
  readonly #options: RulesServiceOptions
  readonly #writes = new KeyedQueue()

  constructor(options: RulesServiceOptions) {
    this.#options = options
  }

  list(workspace: string): Rule[] {
    this.#options.workspaces.require(workspace)
    return this.#options.book.of(workspace).map(({ rule }) => rule)
  }

  /** Throws `name_taken` for a second one of the same preset. */
  async create(workspace: string, input: NewRule): Promise<Rule> {
    const { workspaces, store, book, nextId } = this.#options
    workspaces.require(workspace)
    return await this.#writes.run(workspace, async () => {
      if (book.of(workspace).length >= MOST_RULES) {
        throw new AppError('invalid_input', { message: `A workspace can have ${MOST_RULES} rules. Delete one first.` })
      }
      const compiled = await this.#compiled(workspace, nextId(), input)
      await store.insert({ workspace, rule: compiled.rule })
      return await this.#keep(workspace, compiled, undefined)
    })
  }

  async update(workspace: string, id: string, changes: RuleChanges): Promise<Rule> {
    return await this.#writes.run(workspace, async () => {
      const before = this.#require(workspace, id)
      const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
      const { problem: _, ...unchanged } = before
      const rule: Rule = { ...unchanged, ...(given as RuleChanges), updated_at: this.#now() } as Rule
      // What it had before is no reason not to turn it off.
      const compile = changes.when === undefined && changes.quiet === undefined ? compileStored : compileRule
      const compiled = await compile({ ...rule, channels: this.#known(workspace, rule.channels) })
      await this.#options.store.update(compiled.rule)
      return await this.#keep(workspace, compiled, before)
    })
  }

  /** What only it wanted and still waits is withdrawn; an incident that was told of is told of to its end. */
  async remove(workspace: string, id: string): Promise<void> {
    const { store, book, emitter, sender } = this.#options
    await this.#writes.run(workspace, async () => {
      const { channels } = this.#require(workspace, id)
      await store.delete(id)
      book.forget(workspace, id)
      emitter.emit(workspace, { type: 'rule_removed', id })
      await sender.reconsider(workspace)
      await this.#tellChannels(channels)
    })
  }

  /** A test notice to each of its channels, whatever its condition, grouping and quiet hours say. */
  async test(workspace: string, id: string, signal?: AbortSignal): Promise<{ results: RuleTestResult[] }> {
    const { channels, channelsService } = this.#options
    const { channels: ids } = this.#require(workspace, id)
    const tested = ids.map((channelId) => channels.find(channelId)).filter((channel) => channel !== undefined)
    const results = await Promise.all(
      tested.map(async ({ id: channelId, name }) => {
        const { ok, message } = await channelsService.test(workspace, channelId, signal).catch(refusedTest)
        return { channel_id: channelId, channel_name: name, ok, message }
      }),
    )
    return { results }
  }

  async preview(
    workspace: string,
    rule: NewRule,
    limit: number,
  ): Promise<{ examined: number; matched: number; items: PreviewedEvent[] }> {
    const { workspaces, channels, preview } = this.#options
    workspaces.require(workspace)
    const compiled = await this.#compiled(workspace, DRAFT, rule)
    const found = compiled.rule.channels.map((id) => channels.find(id)).filter((channel) => channel !== undefined)
    return await preview.of(workspace, compiled.rule, found, limit)
  }

  usersOf(workspace: string, channelId: string): Rule[] {
    return this.#options.book.usersOf(workspace, channelId)
  }

  /** Takes a channel out of all rules; `write` stores that. */
  async without(workspace: string, channelId: string, write: (left: Rule[]) => Promise<void>): Promise<void> {
    await this.#writes.run(workspace, async () => {
      const left = this.usersOf(workspace, channelId).map((rule) => ({
        ...rule,
        channels: rule.channels.filter((id) => id !== channelId),
        updated_at: this.#now(),
      }))
      await write(left)
      for (const rule of left) await this.#keep(workspace, await compileStored(rule), rule)
    })
  }

  async eraseOf(workspace: string): Promise<void> {
    await this.#options.store.eraseOf(workspace)
    for (const { rule } of this.#options.book.of(workspace)) this.#options.book.forget(workspace, rule.id)
  }

  async close(): Promise<void> {
    await this.#writes.idle()
  }

  async #compiled(workspace: string, id: string, input: NewRule): Promise<CompiledRule> {
    const now = this.#now()
    const channels = this.#known(workspace, input.channels)
    return await compileRule({ ...input, id, channels, created_at: now, updated_at: now })
  }

  /** Each once. Throws `invalid_input` for one that is not there. */
  #known(workspace: string, ids: readonly string[]): string[] {
    const isKnown = (id: string) => this.#options.channels.find(id)?.workspace === workspace
    refuse(
      ids.flatMap((id, index) =>
        isKnown(id) ? [] : [{ path: `channels.${index}`, message: 'There is no such channel in this workspace.' }],
      ),
    )
    return [...new Set(ids)]
  }

  async #keep(workspace: string, compiled: CompiledRule, before: Rule | undefined): Promise<Rule> {
    const { book, emitter, sender } = this.#options
    const { rule } = compiled
    book.keep(workspace, compiled)
    emitter.emit(workspace, { type: 'rule_changed', rule })
    // What waits goes by what it says now.
    if (before !== undefined) await sender.reconsider(workspace)
    await this.#tellChannels(new Set([...rule.channels, ...(before?.channels ?? [])]))
    return rule
  }

  /** They say which rules send to them. */
  async #tellChannels(ids: Iterable<string>): Promise<void> {
    const channels = [...ids].map((id) => this.#options.channels.find(id))
    const there = channels.filter((channel): channel is StoredChannel => channel !== undefined)
    await Promise.all(there.map((channel) => this.#options.channelsService.tell(channel)))
  }

  #now(): string {
    return new Date(this.#options.clock.now()).toISOString()
  }

  #require(workspace: string, id: string): Rule {
    const found = this.#options.book.find(workspace, id)
    if (found !== undefined) return found.rule
    throw new AppError('not_found', { message: 'There is no such rule in this workspace.' })
  }
}

/** That one can't be opened, or is gone by now, says nothing of the others. */
function refusedTest(error: unknown): Pick<RuleTestResult, 'ok' | 'message'> {
  if (error instanceof AppError && error.code !== 'internal') return { ok: false, message: error.message }
  throw error
}
