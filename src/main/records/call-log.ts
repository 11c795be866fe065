import type { Call, CallDetail, CallFilter, CallStats } from '../../shared/contract/calls.ts'
import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/log.ts'
import { wordsOf, type CallBody, type CallRow, type CallsStore, type ToolCalls } from '../store/calls-store.ts'
import { toCall } from './call.ts'
import { CallFollowers } from './call-followers.ts'
import { cursorOf, readCursor } from './cursor.ts'
import type { CallTap, FinishedCall } from './finished-call.ts'
import { rawBodies, recordedText, recordedWords, type RawBodies } from './recorded-bodies.ts'

interface CallLogOptions {
  store: CallsStore
  log: Pick<Logger, 'warn' | 'redactor'>
  /** Whether arguments and results are kept: asked at each call. */
  recordBodies: () => boolean
  retentionDays: () => number
  now?: () => number
}

/** How long calls wait to be written together, unless a batch is full before; also how often followers hear of them. */
const FLUSH_MS = 250
/** Written at once; between two such batches the thread serves agents. */
const BATCH = 500
/** Calls that may wait until they are written; more are counted as dropped. */
const MAX_WAITING = 20_000
/** Of what was said in them, all together; what comes then is logged without it. */
const MAX_WAITING_CHARACTERS = 64 * 1024 * 1024
/** What is kept of all workspaces together. */
const MAX_CALLS = 50_000
const MAX_RECORDED = 2_000
const PRUNE_MS = 60_000
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const MINUTES = 60

/** A call that waits to be written. */
interface WaitingCall {
  row: CallRow
  raw: RawBodies | undefined
}

/**
 * Every tool call that went through the gateway. `record` only puts it in a queue, an error in clean words; writing,
 * redaction of what was said and telling followers happen in batches, off the way of the answer. What the disk can't
 * take is counted, and calls go on.
 */
export class CallLog implements CallTap {
  readonly #options: CallLogOptions
  readonly #followers = new CallFollowers()
  readonly #pruning: NodeJS.Timeout
  #lastId = 0
  #waiting: WaitingCall[] = []
  /** What is not written yet, that included which a batch has taken already. */
  #unwritten = { calls: 0, characters: 0 }
  #timer: NodeJS.Timeout | undefined
  #written: Promise<void> = Promise.resolve()
  #dropped = 0
  #failing = false

  constructor(options: CallLogOptions) {
    this.#options = options
    this.#pruning = setInterval(() => this.#enqueue(() => this.#prune()), PRUNE_MS).unref()
  }

  async start(): Promise<void> {
    this.#lastId = await this.#options.store.lastId()
    await this.#prune()
  }

  /** Calls that were lost, because the disk could not take them or more came than could wait. */
  get dropped(): number {
    return this.#dropped
  }

  record(call: FinishedCall): void {
    const unwritten = this.#unwritten
    if (unwritten.calls >= MAX_WAITING) {
      this.#dropped++
      return
    }
    const isRecorded = this.#options.recordBodies() && unwritten.characters < MAX_WAITING_CHARACTERS
    const raw = isRecorded ? rawBodies(call.request, call.response) : undefined
    unwritten.calls++
    unwritten.characters += charactersOf(raw)
    const error = call.error && this.#recordedError(call.error)
    this.#waiting.push({ row: toRow(call, error, ++this.#lastId, raw !== undefined), raw })
    // A full batch does not wait: what does is moved to V8's old generation, and many of them cost as much as one.
    if (this.#waiting.length >= BATCH) void this.flush()
    else this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref()
  }

  async list(
    workspace: string,
    filter: CallFilter,
    { limit, cursor }: { limit: number; cursor?: string | undefined },
  ): Promise<{ items: Call[]; next_cursor: string | null; total: number }> {
    await this.flush()
    const { store } = this.#options
    const items = (await store.list(workspace, filter, { limit, ...readCursor(cursor) })).map(toCall)
    return { items, next_cursor: cursorOf(items, limit), total: await store.count(workspace, filter) }
  }

  async get(workspace: string, id: string): Promise<CallDetail> {
    await this.flush()
    const found = /^\d{1,15}$/.test(id) ? await this.#options.store.get(workspace, Number(id)) : undefined
    if (found === undefined) {
      throw new AppError('not_found', { message: 'This call is not in the log (any more): old calls are deleted.' })
    }
    const { request = null, response = null, truncated = false } = found.body ?? {}
    return { ...toCall(found.row), request, response, truncated }
  }

  /** Calls as they end, in batches; a reader that is too slow misses the oldest and finds them in `list`. */
  follow(workspace: string, filter: CallFilter, signal: AbortSignal): AsyncIterableIterator<Call[]> {
    const words = wordsOf(filter.query ?? '')
    return this.#followers.add((row) => row.workspace === workspace && matches(row, filter, words), signal)
  }

  async stats(workspace: string, integration?: string): Promise<CallStats> {
    await this.flush()
    const thisMinute = Math.floor(this.#now() / MINUTE_MS) * MINUTE_MS
    return await this.#options.store.stats(workspace, thisMinute - (MINUTES - 1) * MINUTE_MS, integration)
  }

  /** How often each tool of an integration was called in the last `days`, by the name that was called. */
  async byTool(workspace: string, integration: string, days: number): Promise<ToolCalls[]> {
    await this.flush()
    return await this.#options.store.byTool(workspace, this.#now() - days * DAY_MS, integration)
  }

  async clear(workspace: string): Promise<void> {
    await this.flush()
    await this.#options.store.clear(workspace)
  }

  /** Writes what waits; resolves when it is written, or counted as dropped. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const calls = this.#waiting
    this.#waiting = []
    if (calls.length > 0) {
      this.#followers.tell(calls.map(({ row }) => row))
      for (let from = 0; from < calls.length; from += BATCH) {
        this.#enqueue(() => this.#write(calls.slice(from, from + BATCH)))
      }
    }
    return this.#written
  }

  async close(): Promise<void> {
    clearInterval(this.#pruning)
    await this.flush()
    this.#followers.close()
  }

  /** Followers get it as it is kept. A code that is no integer is none of JSON-RPC, and no column takes it. */
  #recordedError({ code, message }: NonNullable<FinishedCall['error']>): NonNullable<FinishedCall['error']> {
    const words = recordedWords(message, this.#options.log.redactor)
    return { code: Number.isSafeInteger(code) ? code : 0, message: words }
  }

  #enqueue(work: () => Promise<void>): void {
    this.#written = this.#written.then(work)
  }

  async #write(calls: readonly WaitingCall[]): Promise<void> {
    const { store, log } = this.#options
    await new Promise((resolve) => setImmediate(resolve))
    try {
      const bodies = calls.flatMap(({ row, raw }) => (raw === undefined ? [] : [this.#body(row.id, raw)]))
      await store.insert(
        calls.map(({ row }) => row),
        bodies,
      )
      this.#failing = false
    } catch (error) {
      // Told once for each time that it begins: a full disk would otherwise fill the log as well.
      if (!this.#failing) log.warn({ error }, 'the call log could not be written; calls go on')
      this.#failing = true
      this.#dropped += calls.length
    } finally {
      this.#unwritten.calls -= calls.length
      for (const { raw } of calls) this.#unwritten.characters -= charactersOf(raw)
    }
  }

  #body(callId: number, raw: RawBodies): CallBody {
    const { redactor } = this.#options.log
    const request = recordedText(raw.request, redactor)
    const response = recordedText(raw.response, redactor)
    return {
      callId,
      request: request.text,
      response: response.text,
      truncated: request.truncated || response.truncated,
    }
  }

  async #prune(): Promise<void> {
    const at = this.#now() - this.#options.retentionDays() * DAY_MS
    try {
      await this.#options.store.prune({
        callId: this.#lastId - MAX_CALLS,
        at,
        bodyId: this.#lastId - MAX_RECORDED,
      })
    } catch (error) {
      this.#options.log.warn({ error }, 'old calls could not be deleted')
    }
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now()
  }
}

function charactersOf(raw: RawBodies | undefined): number {
  return raw === undefined ? 0 : raw.request.length + raw.response.length
}

function toRow(call: FinishedCall, error: FinishedCall['error'], id: number, recorded: boolean): CallRow {
  return {
    id,
    workspace: call.workspace,
    at: Math.round(call.startedAt),
    agent: call.agent,
    integration: call.integration,
    tool: call.tool,
    era: call.era,
    upstream_era: call.upstreamEra,
    duration_ms: Math.round(call.durationMs * 1000) / 1000,
    request_bytes: call.requestBytes,
    response_bytes: call.responseBytes,
    outcome: call.outcome,
    error_code: error?.code ?? null,
    error_message: error?.message ?? null,
    recorded,
  }
}

function matches(row: CallRow, { agent, integration, outcome }: CallFilter, words: readonly string[]): boolean {
  if (agent !== undefined && row.agent !== agent) return false
  if (integration !== undefined && row.integration !== integration) return false
  if (outcome !== undefined && row.outcome !== outcome) return false
  if (words.length === 0) return true
  const text = [row.tool, row.integration, row.agent, row.error_message].join(' ').toLowerCase()
  return words.every((word) => text.includes(word))
}
