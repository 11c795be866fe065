import type { ChannelTest, MessagePreview, NewChannel } from '../../shared/contract/channels.ts'
import type { DeliveryAttempt } from '../../shared/contract/deliveries.ts'
import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/log.ts'
import { messageOf } from '../base/message-of.ts'
import { refuse } from '../integrations/refuse.ts'
import type { StoredChannel } from '../store/channels-store.ts'
import type { StoredDelivery } from '../store/delivery-rows.ts'
import type { OutboxStore } from '../store/outbox-store.ts'
import type { Adapters } from './adapters.ts'
import type { ChannelAdapter, Outgoing, SendOutcome } from './channel-adapter.ts'
import { channelProblems, refuseOtherPlace, settingsOf } from './channel-rules.ts'
import { KEY_PLACE, secretFieldsOf, secretHeadersOf, type ChannelSecrets } from './channel-secrets.ts'
import type { Clock } from './clock.ts'
import { exampleOf } from './example.ts'
import { withPlace } from './key-place.ts'
import { maskedAttempts } from './masked-attempt.ts'
import { maskingOf } from './masking.ts'
import { addressedTo, UNTRIED } from './new-delivery.ts'
import type { LinkTo } from './outgoing.ts'

/** A test of PagerDuty triggers, looks, and resolves. */
const TEST_MS = 60_000

export interface TrialParts {
  adapters: Adapters
  secrets: ChannelSecrets
  outbox: OutboxStore
  linkTo: LinkTo
  nextId: () => string
  clock: Clock
  log: Logger
}

type Tried = Pick<StoredChannel, 'workspace' | 'name' | 'settings'>
interface Trial {
  test: ChannelTest
  attempts: DeliveryAttempt[]
}

/** Tells somebody what a channel does, now. None of it goes through the outbox: nothing waits, nothing is tried twice. */
export class ChannelTrials {
  readonly #parts: TrialParts

  constructor(parts: TrialParts) {
    this.#parts = parts
  }

  /** It is noted in the delivery log. Throws `vault_locked`. */
  async test(channel: StoredChannel, signal: AbortSignal): Promise<ChannelTest> {
    const { secrets, outbox, nextId, clock } = this.#parts
    const id = nextId()
    const createdAt = new Date(clock.now()).toISOString()
    const outgoing = this.#outgoing(channel, id, createdAt, {
      secret: (field) => secrets.read(channel, field),
      secretHeaders: secretHeadersOf(channel.secrets.map(({ field }) => field)),
    })
    const { test, attempts } = await this.#try(channel, outgoing, signal)
    await outbox.insertFinished(noted(channel, outgoing, test, createdAt, clock.now()), attempts)
    return test
  }

  /** Of what is not stored. `stored`: secrets left out come from there, where they may go to the same place. */
  async testDraft(
    workspace: string,
    draft: NewChannel,
    stored: StoredChannel | undefined,
    signal: AbortSignal,
  ): Promise<ChannelTest> {
    const { nextId, clock, log } = this.#parts
    const settings = settingsOf(draft)
    const adapter = await this.#parts.adapters.of(settings.kind)
    const fields =
      draft.credentials === undefined
        ? this.#storedFields(draft, stored)
        : withPlace(secretFieldsOf(draft.credentials), adapter, workspace)
    refuse(channelProblems(settings, fields))
    adapter.check?.(settings)
    // Nobody stores them, and there may be many tests: it is not remembered for good.
    for (const [field, secret] of fields) if (field !== KEY_PLACE) log.redactor.registerPassing(secret)
    const channel = { workspace, name: draft.name, settings }
    const outgoing = this.#outgoing(channel, nextId(), new Date(clock.now()).toISOString(), {
      secret: (field) => fields.get(field),
      secretHeaders: secretHeadersOf(fields.keys()),
    })
    return (await this.#try(channel, outgoing, signal)).test
  }

  /** Throws `invalid_input` for a template that can't be filled in. */
  async preview(workspace: string, draft: NewChannel): Promise<MessagePreview> {
    const { adapters, nextId, clock, log } = this.#parts
    const settings = settingsOf(draft)
    const adapter = await adapters.of(settings.kind)
    adapter.check?.(settings)
    const channel = { workspace, name: draft.name, settings }
    const outgoing = this.#outgoing(channel, nextId(), new Date(clock.now()).toISOString(), {
      secret: () => undefined,
      secretHeaders: [],
    })
    const { content_type, text, body } = await adapter.preview(outgoing)
    return { content_type, text: log.redactor.text(text), body: log.redactor.text(body) }
  }

  #storedFields(draft: NewChannel, stored: StoredChannel | undefined): Map<string, string> {
    if (stored === undefined || stored.secrets.length === 0) return new Map()
    if (stored.settings.kind !== draft.kind) {
      const message = `The channel is of kind ${stored.settings.kind}, which never changes.`
      throw new AppError('invalid_input', { message, details: [{ path: 'channel.kind', message }] })
    }
    refuseOtherPlace(stored.settings, settingsOf(draft))
    return this.#parts.secrets.readAll(stored)
  }

  #outgoing(
    { workspace, settings }: Tried,
    id: string,
    createdAt: string,
    secrets: Pick<Outgoing, 'secret' | 'secretHeaders'>,
  ): Outgoing {
    const { incident, event } = exampleOf(id, Date.parse(createdAt))
    const url = this.#parts.linkTo(workspace)
    return {
      notice: {
        id,
        action: 'test',
        workspace,
        isTest: true,
        title: event.title,
        severity: event.severity,
        incidents: [incident],
        more: 0,
        event,
        rules: [],
        url,
      },
      settings,
      ...secrets,
      references: new Map(),
      attempt: 1,
      createdAt,
    }
  }

  /** Rejects with the reason of `signal`, and where something can't be opened. */
  async #try(channel: Tried, outgoing: Outgoing, signal: AbortSignal): Promise<Trial> {
    const timeout = AbortSignal.timeout(TEST_MS)
    try {
      return await this.#tried(channel, outgoing, AbortSignal.any([signal, timeout]))
    } catch (error) {
      signal.throwIfAborted()
      if (!timeout.aborted) throw error
      const message = `The test did not end within ${TEST_MS / 1_000} s. Check that the service answers, then test again.`
      const test = { ok: false, message, error: { code: 'timeout', message }, duration_ms: TEST_MS }
      return { test, attempts: [] }
    }
  }

  async #tried(channel: Tried, outgoing: Outgoing, signal: AbortSignal): Promise<Trial> {
    const { adapters, clock } = this.#parts
    const masking = maskingOf(outgoing, this.#parts.log.redactor)
    const at = new Date(clock.now()).toISOString()
    const started = clock.monotonic()
    const elapsed = () => Math.round((clock.monotonic() - started) * 10) / 10
    const unready = await adapters.unready(channel.workspace, channel.settings)
    if (unready !== undefined)
      return { test: { ok: false, message: unready.message, error: unready, duration_ms: 0 }, attempts: [] }
    const adapter = await adapters.of(channel.settings.kind)
    if (adapter.test !== undefined) {
      const result = await adapter.test(outgoing, signal)
      const masked = (text: string) => masking.text(text)
      const error = result.error && { ...result.error, message: masked(result.error.message) }
      return { test: { ok: result.ok, message: masked(result.message), error, duration_ms: elapsed() }, attempts: [] }
    }
    const outcome = await sent(adapter, outgoing, signal)
    const durationMs = elapsed()
    const error = outcome.kind === 'delivered' ? null : { code: outcome.code, message: masking.text(outcome.message) }
    const message =
      error?.message ?? `Delivered to ${adapter.destination(channel.settings)} in ${Math.round(durationMs)} ms.`
    return {
      test: { ok: error === null, message, error, duration_ms: durationMs },
      attempts: maskedAttempts(outcome.exchanges, { at, durationMs, error }, outgoing.secretHeaders, masking),
    }
  }
}

async function sent(adapter: ChannelAdapter, outgoing: Outgoing, signal: AbortSignal): Promise<SendOutcome> {
  try {
    return await adapter.send(outgoing, signal)
  } catch (error) {
    if (error instanceof AppError || signal.aborted) throw error
    return { kind: 'retry', code: 'internal', message: messageOf(error), exchanges: [] }
  }
}

function noted(
  channel: StoredChannel,
  { notice }: Outgoing,
  test: ChannelTest,
  createdAt: string,
  nowMs: number,
): StoredDelivery {
  return {
    ...UNTRIED,
    ...addressedTo(channel),
    id: notice.id,
    createdAt,
    action: 'test',
    state: test.ok ? 'delivered' : 'failed',
    title: notice.title,
    severity: notice.severity,
    rules: [],
    incidentIds: [],
    eventIds: [],
    eventCount: 1,
    because: 'somebody tried the channel',
    attempts: 1,
    deliveredAt: test.ok ? new Date(nowMs).toISOString() : null,
    latencyMs: test.duration_ms,
    lastError: test.error && { code: test.error.code, message: test.error.message },
  }
}
