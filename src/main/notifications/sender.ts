import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Logger } from '../base/log.ts'
import { firstIdAt } from '../incidents/ids-after.ts'
import type { DeliveryState } from '../../shared/contract/deliveries.ts'
import type { StoredChannel } from '../store/channels-store.ts'
import type { StoredDelivery } from '../store/delivery-rows.ts'
import type { DueStore } from '../store/due-store.ts'
import { ChannelWorker, GIVE_UP_MS, LONGEST_WAIT_MS, type WorkerParts } from './channel-worker.ts'
import { ClockWatch } from './clock.ts'
import { DueTimer } from './due-timer.ts'
import type { Holds } from './holds.ts'
import type { Repeats } from './repeats.ts'

/** How long a stop waits for what is being sent. */
const CLOSE_MS = 3_000
const DAY_MS = 24 * 3_600_000
const RETENTION_DAYS = 90
/** After a fault of our own. */
const FAULT_MS = 5_000

type Reconsidered = Awaited<ReturnType<DueStore['reconsider']>>

interface SenderOptions extends Omit<WorkerParts, 'checkClock' | 'repeatAt' | 'instead'> {
  due: DueStore
  repeats: Repeats
  holds: Holds
  log: Logger
}

/**
 * Sends what is in the outbox: a worker for each channel that has something, and one alarm for what becomes due. The driver works
 * on the thread that serves agents, so what may be much is done in parts, and they are served between two of them.
 */
export class Sender {
  readonly #options: SenderOptions
  readonly #parts: WorkerParts
  readonly #workers = new Map<string, ChannelWorker>()
  readonly #watch: ClockWatch
  readonly #alarm: DueTimer
  #cleanup: NodeJS.Timeout | undefined
  #ringing: Promise<void> | undefined
  #isToRing = false
  #shifting: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(options: SenderOptions) {
    this.#options = options
    this.#watch = new ClockWatch(options.clock)
    this.#alarm = new DueTimer(options.clock, () => this.lookForDue())
    this.#parts = {
      ...options,
      checkClock: () => this.checkClock(),
      instead: (delivery) => this.#instead(delivery),
      repeatAt: ({ action, workspace, rules }, nowMs) =>
        action === 'open' ? options.repeats.after(workspace, rules, nowMs) : null,
      changed: (delivery) => {
        options.changed(delivery)
        // The incidents of an opening that arrived may have to be told again.
        const { state, action, workspace, rules } = delivery
        const isToRepeat =
          state === 'delivered' && action === 'open' && options.repeats.after(workspace, rules, 0) !== null
        if (isToRepeat) this.lookForDue()
      },
    }
  }

  /** Goes on where the last run stopped. */
  async start(): Promise<void> {
    const { outbox, channels, clock } = this.#options
    const within = (ms: number) => new Date(clock.now() + ms).toISOString()
    // What is later was written by a clock that was ahead.
    channels.forgetRetriesAfter(within(LONGEST_WAIT_MS))
    const toDo = await outbox.recover({ attempt: within(LONGEST_WAIT_MS), end: within(GIVE_UP_MS) })
    await this.#reconsider(undefined, ['waiting'])
    for (const id of toDo) this.wake(id)
    void this.#clean()
    this.#cleanup = setInterval(() => void this.#clean(), DAY_MS).unref()
  }

  /** There may be something to send there. */
  wake(channelId: string): void {
    this.#worker(channelId)?.wake()
  }

  /** What kept all of them may be over: the vault is open, an integration is set up. */
  wakeAll(workspace?: string): void {
    for (const { id, workspace: its } of this.#options.channels.all()) {
      if (workspace === undefined || its === workspace) this.#worker(id)?.reconsider()
    }
  }

  resume(channelId: string): void {
    this.#worker(channelId)?.resume()
  }

  /** The channel is gone. */
  forget(channelId: string): void {
    const worker = this.#workers.get(channelId)
    this.#workers.delete(channelId)
    void worker?.close(AbortSignal.abort())
  }

  /** Rules or mutes are others by now: what waits goes by them. */
  async reconsider(workspace: string): Promise<void> {
    await this.#reconsider(workspace, ['waiting', 'pending', 'retrying'])
  }

  /** Something waits for a time, or that time has come. */
  lookForDue(): void {
    if (this.#isClosed) return
    this.#isToRing = true
    this.#ringing ??= this.#ring().finally(() => {
      this.#ringing = undefined
      if (this.#isToRing) this.lookForDue()
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#alarm.set(undefined)
    clearInterval(this.#cleanup)
    const deadline = AbortSignal.timeout(CLOSE_MS)
    await Promise.all([...this.#workers.values()].map((worker) => worker.close(deadline)))
    await this.#ringing
    this.#options.outbox.close()
  }

  #worker(channelId: string): ChannelWorker | undefined {
    if (this.#isClosed) return undefined
    const known = this.#workers.get(channelId)
    const channel: StoredChannel | undefined = known === undefined ? this.#options.channels.find(channelId) : undefined
    if (channel === undefined) return known
    const worker = new ChannelWorker(channel, this.#parts)
    this.#workers.set(channelId, worker)
    return worker
  }

  async #ring(): Promise<void> {
    this.#isToRing = false
    try {
      await this.checkClock()
      await this.#release()
      await this.#repeat()
      if (!this.#isClosed) this.#alarm.set(await this.#options.due.next())
    } catch (error) {
      this.#options.log.error({ err: error }, 'what waits could not be looked at')
      if (!this.#isClosed) this.#alarm.set(this.#options.clock.now() + FAULT_MS)
    }
  }

  async #reconsider(workspace: string | undefined, states: readonly DeliveryState[]): Promise<void> {
    const { due, holds, repeats, changed, clock, log } = this.#options
    try {
      await this.checkClock()
      for (let next: number | undefined = 0; next !== undefined && !this.#isClosed;) {
        const done: Reconsidered = await due.reconsider({ workspace, states, after: next }, (one) => holds.anew(one))
        for (const delivery of done.changed) changed(delivery)
        next = done.next
        await nextTurn()
      }
      await repeats.bringForward(clock.now())
    } catch (error) {
      log.error({ err: error }, 'what waits could not be looked at')
    }
    this.lookForDue()
  }

  /** Looks further when something was put away: it may wait now, and others may be behind it. */
  #instead(delivery: StoredDelivery): StoredDelivery | undefined {
    const { holds, changed } = this.#options
    const other = holds.instead(delivery)
    if (other === undefined) return undefined
    changed(other)
    this.lookForDue()
    this.wake(other.channelId)
    return other
  }

  async #release(): Promise<void> {
    const { due, holds, clock, changed } = this.#options
    for (;;) {
      const now = new Date(clock.now()).toISOString()
      const released = await due.release(now, 'all that it would have told of was resolved before its time', (one) =>
        holds.atItsTime(one),
      )
      for (const delivery of released) {
        changed(delivery)
        if (delivery.state === 'pending') this.wake(delivery.channelId)
      }
      if (released.length === 0 || this.#isClosed) return
      await nextTurn()
    }
  }

  async #repeat(): Promise<void> {
    const { repeats, clock, changed } = this.#options
    for (;;) {
      const { deliveries, more } = await repeats.run(clock.now())
      for (const delivery of deliveries) {
        changed(delivery)
        this.wake(delivery.channelId)
      }
      if (!more || this.#isClosed) return
      await nextTurn()
    }
  }

  /** Nobody looks at a time in the outbox, or writes one there, before those in it are right again. */
  checkClock(): Promise<void> {
    const byMs = this.#watch.jump()
    if (byMs === 0) return this.#shifting
    const { log, outbox } = this.#options
    log.info({ by_ms: byMs }, 'the clock was set: what waits in the outbox waits as long as before')
    this.#shifting = outbox.shiftTimes(byMs).catch((error: unknown) => {
      log.warn({ err: error }, 'the times in the outbox could not be put right')
    })
    return this.#shifting
  }

  async #clean(): Promise<void> {
    const { due, clock, log } = this.#options
    try {
      const before = firstIdAt(clock.now() - RETENTION_DAYS * DAY_MS)
      while (!this.#isClosed && (await due.deleteFinished(before)) > 0) await nextTurn()
    } catch (error) {
      log.warn({ err: error }, 'old deliveries could not be deleted')
    }
  }
}
