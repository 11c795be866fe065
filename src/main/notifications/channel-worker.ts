import type { Logger } from '../base/log.ts'
import type { StoredChannel } from '../store/channels-store.ts'
import type { StoredDelivery } from '../store/delivery-rows.ts'
import type { OutboxStore, Settlement } from '../store/outbox-store.ts'
import { attempt, type Attempted, type AttemptParts } from './attempt.ts'
import { retryDelayMs } from './backoff.ts'
import type { ChannelBook } from './channel-book.ts'
import type { SendOutcome } from './channel-adapter.ts'
import { Circuit } from './circuit.ts'
import { candidateOf, chooseNext, type Choice } from './next-delivery.ts'
import { delivered, failing, healthy, mayRetry, notDelivered, timelineWords } from './settlement.ts'

export const GIVE_UP_MS = 24 * 3_600_000
/** So often one looks whether a channel that could not be used can be by now. */
const UNREADY_MS = 30_000
/** After a fault of our own, a full disk for example. */
const FAULT_MS = 5_000
/** A longer wait that a service asks for is not believed; every other one is shorter. */
export const LONGEST_WAIT_MS = 3_600_000

export interface WorkerParts extends AttemptParts {
  outbox: OutboxStore
  channels: ChannelBook
  random: () => number
  nextId: () => string
  /** When the incidents of an opening that was delivered are told again. */
  repeatAt: (delivery: StoredDelivery, nowMs: number) => string | null
  /** The time of day may have been set: then lengths of time in the outbox have to be put right first. */
  checkClock: () => Promise<void>
  /** What one is whose turn it is, if it can't be sent. */
  instead: (delivery: StoredDelivery) => StoredDelivery | undefined
  changed: (delivery: StoredDelivery) => void
  healthChanged: (channel: StoredChannel) => void
  log: Logger
}

/** Sends the deliveries of one channel, one after the other. Rests without a timer when there is nothing to send. */
export class ChannelWorker {
  readonly #id: string
  readonly #parts: WorkerParts
  readonly #stop = new AbortController()
  readonly #circuit: Circuit
  #pausedUntilMs = 0
  /** Something was missing that is not the channel's own: the key of the vault in the middle of an attempt. */
  #unreadyUntilMs = 0
  /** How the last attempt ended, until it is on the disk. */
  #unwritten: Settlement | undefined
  #isClosing = false
  #isWoken = false
  #running: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(channel: StoredChannel, parts: WorkerParts) {
    this.#id = channel.id
    this.#parts = parts
    const { consecutive_failures, retry_at, state } = channel.health
    const { clock } = parts
    const openMs = retry_at === null ? undefined : clock.monotonic() + Date.parse(retry_at) - clock.now()
    const isFailing = state === 'failing' && openMs !== undefined && openMs > clock.monotonic()
    this.#circuit = new Circuit(consecutive_failures, isFailing ? openMs : undefined)
  }

  /** There may be something to send. */
  wake(): void {
    if (this.#isClosing) return
    clearTimeout(this.#timer)
    this.#isWoken = true
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
      if (this.#isWoken) this.wake()
    })
  }

  /** What was missing may be there. */
  reconsider(): void {
    this.#unreadyUntilMs = 0
    this.wake()
  }

  /** A person says that it can be tried. */
  resume(): void {
    this.#circuit.close()
    this.#pausedUntilMs = 0
    this.reconsider()
  }

  /** Lets what is being sent end until `deadline`; what does not is sent again after the next start. */
  async close(deadline: AbortSignal): Promise<void> {
    this.#isClosing = true
    clearTimeout(this.#timer)
    deadline.addEventListener('abort', () => this.#stop.abort(), { once: true })
    if (deadline.aborted) this.#stop.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    try {
      do {
        this.#isWoken = false
        await this.#parts.checkClock()
        const next = await this.#next()
        if (next !== undefined) this.#unwritten = await this.#send(next.channel, next.delivery)
      } while (this.#hasMore())
    } catch (error) {
      this.#parts.log.error({ err: error, channel: this.#id }, 'deliveries could not be written')
      this.#isWoken = false
      this.#wakeIn(FAULT_MS)
    }
  }

  #hasMore(): boolean {
    return this.#unwritten !== undefined || (this.#isWoken && !this.#isClosing)
  }

  /** Writes what became of the last one, and takes the next that can be sent now. */
  async #next(): Promise<{ channel: StoredChannel; delivery: StoredDelivery } | undefined> {
    const { outbox, clock, channels } = this.#parts
    const channel = channels.find(this.#id)
    const waitMs = this.#isClosing || channel === undefined ? Infinity : await this.#waitMs(channel)
    const settlement = this.#unwritten
    if (channel === undefined || waitMs > 0) {
      if (settlement !== undefined) await outbox.settle(settlement)
      this.#written()
      if (waitMs !== Infinity) this.#wakeIn(waitMs)
      return undefined
    }
    const isTrial = this.#circuit.openUntilMs !== undefined
    let choice: Choice = {}
    const delivery = await outbox.step({
      channelId: this.#id,
      settlement,
      choose: (candidates, all) => {
        choice = chooseNext(candidates.map(candidateOf), clock.now(), isTrial)
        return isTrial && !all ? undefined : choice.take
      },
      mark: (chosen) => this.#parts.instead(chosen) ?? this.#marked(chosen),
    })
    this.#written()
    if (delivery !== undefined) return { channel, delivery }
    if (choice.untilMs !== undefined) this.#wakeIn(Math.max(0, choice.untilMs - clock.now()))
    return undefined
  }

  #written(): void {
    const settlement = this.#unwritten
    this.#unwritten = undefined
    if (settlement === undefined) return
    const { channels, changed, healthChanged } = this.#parts
    changed(settlement.delivery)
    const channel = channels.find(this.#id)
    if (channel === undefined || channel.health === settlement.health) return
    const after = { ...channel, health: settlement.health }
    channels.keep(after)
    if (channel.health.state !== settlement.health.state) healthChanged(after)
  }

  /** How long nothing may be sent; infinite: until somebody wakes it. */
  async #waitMs(channel: StoredChannel): Promise<number> {
    const { adapters, secrets, clock } = this.#parts
    if (!channel.enabled) return Infinity
    const pause =
      Math.max(this.#unreadyUntilMs, this.#pausedUntilMs, this.#circuit.openUntilMs ?? 0) - clock.monotonic()
    if (pause > 0) return pause
    if (channel.secrets.length > 0 && !secrets.isOpen) return Infinity
    const unready = await adapters.unready(channel.workspace, channel.settings)
    return unready === undefined ? 0 : UNREADY_MS
  }

  #marked(delivery: StoredDelivery): StoredDelivery {
    const giveUpAt = delivery.giveUpAt ?? new Date(this.#parts.clock.now() + GIVE_UP_MS).toISOString()
    return { ...delivery, state: 'sending', attempts: delivery.attempts + 1, nextAttemptAt: null, giveUpAt }
  }

  /** Undefined: it is not known whether it arrived, so it stays as it is in the outbox. */
  async #send(channel: StoredChannel, delivery: StoredDelivery): Promise<Settlement | undefined> {
    const { adapters, clock } = this.#parts
    this.#parts.changed(delivery)
    const attempted = await attempt(this.#parts, channel, delivery, this.#stop.signal)
    if (this.#stop.signal.aborted && !(attempted.kind === 'done' && attempted.outcome.kind === 'delivered')) {
      return undefined
    }
    const { paceMs } = await adapters.of(channel.settings.kind)
    if (paceMs > 0) this.#pausedUntilMs = Math.max(this.#pausedUntilMs, clock.monotonic() + paceMs)
    // What is written is of the channel as it is by now.
    return this.#settlementOf(this.#parts.channels.find(this.#id) ?? channel, delivery, attempted)
  }

  #settlementOf(channel: StoredChannel, delivery: StoredDelivery, attempted: Attempted): Settlement {
    const { clock, random, repeatAt, log } = this.#parts
    const nothing = { attempts: [], references: new Map<string, string>(), repeatAt: null, timeline: undefined }
    if (attempted.kind === 'unready') {
      this.#unreadyUntilMs = clock.monotonic() + UNREADY_MS
      const again: StoredDelivery = { ...delivery, state: 'pending', attempts: delivery.attempts - 1 }
      return { ...nothing, delivery: again, health: channel.health }
    }
    const { outcome, latencyMs, preview, clockSetByMs } = attempted
    const nowMs = clock.now()
    const error = outcome.kind === 'delivered' ? null : { code: outcome.code, message: outcome.message }
    const end = { nowMs, latencyMs, error }
    let [after, health] = [delivered(delivery, end), healthy(channel.health, nowMs)]
    if (outcome.kind === 'delivered') this.#circuit.close()
    else {
      const retryAfterMs = Math.min(outcome.retryAfterMs ?? 0, LONGEST_WAIT_MS)
      this.#failed(outcome.kind, retryAfterMs)
      const delay = Math.max(retryAfterMs, retryDelayMs(delivery.attempts, random))
      const retryAtMs = mayRetry(delivery, outcome, nowMs - clockSetByMs) ? nowMs + delay : undefined
      after = notDelivered(delivery, end, retryAtMs)
      const openMs = Math.max(this.#pausedUntilMs, this.#circuit.openUntilMs ?? 0) - clock.monotonic()
      health = failing(channel.health, end, openMs > 0 ? nowMs + openMs : retryAtMs)
      log.warn(
        { channel: channel.name, delivery: delivery.id, ...error, state: after.state },
        'a notice did not get through',
      )
    }
    const words = timelineWords(after)
    return {
      delivery: { ...after, preview },
      attempts: attempted.log,
      health,
      references: new Map([...(outcome.references ?? [])].map(([id, value]) => [id, JSON.stringify(value)])),
      repeatAt: outcome.kind === 'delivered' ? repeatAt(after, nowMs) : null,
      timeline: words && {
        ...words,
        at: new Date(nowMs).toISOString(),
        actor: channel.name,
        nextId: this.#parts.nextId,
      },
    }
  }

  /** A service that says how long it wants to be left alone is not failing, and what it refuses says nothing of the next. */
  #failed(kind: Exclude<SendOutcome['kind'], 'delivered'>, retryAfterMs: number): void {
    const nowMs = this.#parts.clock.monotonic()
    if (retryAfterMs > 0) this.#pausedUntilMs = Math.max(this.#pausedUntilMs, nowMs + retryAfterMs)
    else if (kind !== 'rejected') this.#circuit.failed(nowMs, kind !== 'retry')
  }

  #wakeIn(ms: number): void {
    clearTimeout(this.#timer)
    if (!this.#isClosing) this.#timer = setTimeout(() => this.wake(), Math.min(ms, 60_000)).unref()
  }
}
