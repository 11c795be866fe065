import type { ErrorDetail } from '../../shared/contract/errors.ts'
import { CHANGED_TOOLS_NAMED } from '../../shared/contract/words.ts'
import type { Emitter } from '../base/emitter.ts'
import type { KeyedQueue } from '../base/keyed-queue.ts'
import type { Logger } from '../base/log.ts'
import type { ToolReview } from '../pins/tool-pins.ts'
import type { IntegrationRecord } from '../store/integrations-store.ts'
import type { ToolPinsStore } from '../store/tool-pins-store.ts'
import type { UpstreamPool } from '../upstream/pool.ts'
import type { HeldIntegration } from './held-integration.ts'
import { integrationKey } from './held-integrations.ts'
import { refuse } from './refuse.ts'

interface ToolApprovalsOptions {
  store: Pick<ToolPinsStore, 'add' | 'replace'>
  /** The queue of all writes, by integration. */
  writes: KeyedQueue
  upstreams: Pick<UpstreamPool, 'output'>
  emitter: Emitter
  log: Pick<Logger, 'info' | 'warn'>
}

/** Which tools to approve. */
export interface Approval {
  /** By their own names. Undefined: all that wait. */
  names?: readonly string[] | undefined
  /** What the person saw, by name: a tool that has changed again since then is not approved unseen. */
  seen?: Readonly<Record<string, string>> | undefined
}

/** Problems of one answer; more of them help nobody. */
const MOST_PROBLEMS = 20

/**
 * Whether a tool is as it was approved. Adding an integration approves its first list, and so does a change of its server
 * by an admin (another URL, command or arguments): to enter an address is to trust it, and the tools of another server
 * are not those that were approved. Nothing a server does by itself approves anything, unless the setting is `allow`.
 */
export class ToolApprovals {
  readonly #options: ToolApprovalsOptions

  constructor(options: ToolApprovalsOptions) {
    this.#options = options
  }

  /** Compares the last known list with what is approved, and tells what came to be unapproved by it. */
  listed(held: HeldIntegration): void {
    if (held.pins.review.list === held.offer.tools) return
    if (this.#judge(held)) void this.#options.writes.run(keyOf(held), () => this.#keep(held))
  }

  /** The same after a change of the setting, or at the start; called in the queue of writes, or before there is one. */
  async judgeAgain(held: HeldIntegration): Promise<void> {
    if (this.#judge(held)) await this.#keep(held)
  }

  /**
   * Called in the queue of writes; answers whether anything was approved by it. Throws `invalid_input` that names each
   * tool that cannot be approved; then none is.
   */
  async approve(held: HeldIntegration, { names, seen = {} }: Approval): Promise<boolean> {
    const { record, pins } = held
    refuse(problemsOf(record.name, pins.review, names ?? [], seen))
    const approved = pins.waiting(new Set(names ?? pins.review.unapproved.keys()))
    if (approved.length === 0) return false
    await this.#options.store.add(record.id, approved)
    pins.approve(approved)
    if (pins.forgetMissing()) await this.#keep(held)
    return true
  }

  /** Whether what is approved is no longer what is stored. */
  #judge({ pins, offer: { tools }, record }: HeldIntegration): boolean {
    if (record.protocol === 'rest') {
      // Only an admin changes these: to write a tool is to approve it, and there is nothing to compare with later.
      pins.accept(tools)
      return false
    }
    const accepts = pins.size === 0 || record.onDefinitionChange === 'allow'
    // A server that lists nothing for a moment loses nothing by it.
    if (accepts && tools.tools.length > 0) return pins.accept(tools)
    const { review: former, size } = pins
    const now = pins.judge(tools, record.onDefinitionChange)
    // Each definition is told of once.
    const names = [...now.unapproved]
      .filter(([name, { sha256 }]) => former.unapproved.get(name)?.sha256 !== sha256)
      .map(([name]) => name)
    this.#tell(
      record,
      true,
      names.filter((name) => now.held.has(name)),
    )
    this.#tell(
      record,
      false,
      names.filter((name) => !now.held.has(name)),
    )
    // New ones beside all the others were taken as they are.
    return pins.size > size
  }

  #tell(record: IntegrationRecord, held: boolean, names: readonly string[]): void {
    if (names.length === 0) return
    const { emitter, log, upstreams } = this.#options
    log.info({ integration: record.name, tools: names.length, held }, 'tool definitions changed')
    upstreams.output(record.id).event(outputWords(names, held))
    emitter.emit(record.workspace, {
      type: 'tool_definition_changed',
      integration: record.name,
      names: names.slice(0, CHANGED_TOOLS_NAMED),
      count: names.length,
      held,
    })
  }

  async #keep({ record, pins }: HeldIntegration): Promise<void> {
    try {
      await pins.hash()
      await this.#options.store.replace(record.id, pins.approved())
    } catch (error) {
      // They hold in memory all the same; after a restart those that are stored do.
      this.#options.log.warn({ error, integration: record.name }, 'approved tools could not be stored')
    }
  }
}

function problemsOf(
  integration: string,
  { list, unapproved }: ToolReview,
  names: readonly string[],
  seen: Readonly<Record<string, string>>,
): ErrorDetail[] {
  const known = new Set(list.tools.map(({ name }) => name))
  const problems: ErrorDetail[] = []
  for (const [index, name] of names.entries()) {
    if (!known.has(name)) {
      problems.push({ path: `names.${index}`, message: `${integration} has no tool named ${quoted(name)}.` })
    }
  }
  for (const [name, sha256] of Object.entries(seen)) {
    const waits = unapproved.get(name)
    if (waits !== undefined && waits.sha256 !== sha256) {
      const message = `${quoted(name)} changed again after you looked at it. Look at it once more.`
      problems.push({ path: `seen.${name}`, message })
    }
  }
  return problems.slice(0, MOST_PROBLEMS)
}

function outputWords(names: readonly string[], held: boolean): string {
  const few = names.slice(0, 5).map(quoted).join(', ')
  const list = names.length > 5 ? `${few} and ${names.length - 5} more` : few
  return held
    ? `Changed or renamed, and held until somebody approves: ${list}.`
    : `Changed or new since the tools were approved: ${list}.`
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name)
}

function keyOf({ record: { workspace, name } }: HeldIntegration): string {
  return integrationKey(workspace, name)
}
