import { setTimeout as sleep } from 'node:timers/promises'
import type { MessagePreview } from '../../shared/contract/channels.ts'
import type { DeliveryAttempt } from '../../shared/contract/deliveries.ts'
import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/log.ts'
import { messageOf } from '../base/message-of.ts'
import type { StoredChannel } from '../store/channels-store.ts'
import type { StoredDelivery } from '../store/delivery-rows.ts'
import type { NoticeStore } from '../store/notice-store.ts'
import type { Adapters } from './adapters.ts'
import type { ChannelAdapter, Outgoing, SendOutcome } from './channel-adapter.ts'
import type { ChannelSecrets } from './channel-secrets.ts'
import type { Clock } from './clock.ts'
import { maskedAttempts } from './masked-attempt.ts'
import { maskingOf, type Masking } from './masking.ts'
import { MOST_INCIDENTS, outgoingOf, type LinkTo } from './outgoing.ts'

/** An adapter has its own limit; this is for one that does not keep it. */
const GRACE_MS = 2_000
const MOST_PREVIEW = 64 * 1024

export interface AttemptParts {
  adapters: Adapters
  notices: NoticeStore
  secrets: ChannelSecrets
  linkTo: LinkTo
  clock: Clock
  log: Logger
}

/** `unready`: nothing was sent, and it was not the delivery's fault. */
export type Attempted =
  | { kind: 'unready' }
  | {
      kind: 'done'
      outcome: SendOutcome
      latencyMs: number
      /** By how much the time of day went its own way meanwhile: the machine slept, or the clock was set. */
      clockSetByMs: number
      log: DeliveryAttempt[]
      preview: MessagePreview | null
    }

/** Makes one attempt. Whatever is thrown on the way is an outcome. */
export async function attempt(
  parts: AttemptParts,
  channel: StoredChannel,
  delivery: StoredDelivery,
  signal: AbortSignal,
): Promise<Attempted> {
  try {
    return await attempted(parts, channel, delivery, signal)
  } catch (error) {
    const message = parts.log.redactor.text(messageOf(error))
    const outcome = { kind: 'retry', code: 'internal', message, exchanges: [] } as const
    return { kind: 'done', outcome, latencyMs: 0, clockSetByMs: 0, log: [], preview: null }
  }
}

async function attempted(
  parts: AttemptParts,
  channel: StoredChannel,
  delivery: StoredDelivery,
  signal: AbortSignal,
): Promise<Attempted> {
  const { adapters, notices, secrets, linkTo, clock, log } = parts
  const adapter = await adapters.of(channel.settings.kind)
  const { event, ...facts } = await notices.factsOf(delivery, MOST_INCIDENTS)
  const at = new Date(clock.now()).toISOString()
  const started = clock.monotonic()
  let outgoing: Outgoing | undefined
  let masking: Masking = log.redactor
  let outcome: SendOutcome = {
    kind: 'rejected',
    code: 'gone',
    message: 'What it tells of is older than what is kept.',
    exchanges: [],
  }
  if (event !== undefined) {
    outgoing = outgoingOf({ delivery, channel, facts: { ...facts, event }, secrets, linkTo })
    masking = maskingOf(outgoing, log.redactor)
    try {
      outcome = await sent(adapter, outgoing, signal)
    } catch (error) {
      if (error instanceof AppError && error.code === 'vault_locked') return { kind: 'unready' }
      log.warn({ err: error, channel: channel.name, delivery: delivery.id }, 'a notice could not be sent')
      const message = masking.text(messageOf(error))
      const isFinal = error instanceof AppError && error.code === 'invalid_input'
      outcome = { kind: isFinal ? 'rejected' : 'retry', code: 'internal', message, exchanges: [] }
    }
  }
  const latencyMs = Math.round((clock.monotonic() - started) * 10) / 10
  const clockSetByMs = clock.now() - Date.parse(at) - latencyMs
  const error = outcome.kind === 'delivered' ? null : { code: outcome.code, message: masking.text(outcome.message) }
  return {
    kind: 'done',
    outcome: outcome.kind === 'delivered' ? outcome : { ...outcome, message: error?.message ?? '' },
    latencyMs,
    clockSetByMs,
    log: maskedAttempts(
      outcome.exchanges,
      { at, durationMs: latencyMs, error },
      outgoing?.secretHeaders ?? [],
      masking,
    ),
    preview: outgoing === undefined ? null : await previewOf(adapter, outgoing, log),
  }
}

async function sent(adapter: ChannelAdapter, outgoing: Outgoing, signal: AbortSignal): Promise<SendOutcome> {
  const over = new AbortController()
  const limits = AbortSignal.any([signal, over.signal])
  const timer = setTimeout(() => over.abort(), adapter.timeoutMs)
  const answer = new AbortController()
  try {
    return await Promise.race([
      adapter.send(outgoing, limits),
      sleep(adapter.timeoutMs + GRACE_MS, undefined, { signal: answer.signal, ref: false }).then(() =>
        tooSlow(adapter),
      ),
    ])
  } finally {
    clearTimeout(timer)
    answer.abort()
  }
}

function tooSlow({ timeoutMs }: ChannelAdapter): SendOutcome {
  const message = `There was no answer within ${Math.round(timeoutMs / 1000)} s. It is sent again.`
  return { kind: 'retry', code: 'timeout', message, exchanges: [] }
}

/** What was sent, as people read it. A preview that fails is no reason not to have sent. */
export async function previewOf(
  adapter: ChannelAdapter,
  outgoing: Omit<Outgoing, 'secret' | 'attempt'>,
  log: Logger,
): Promise<MessagePreview | null> {
  try {
    const { content_type, text, body } = await adapter.preview(outgoing)
    const masked = (value: string) => log.redactor.text(value).slice(0, MOST_PREVIEW)
    return { content_type, text: masked(text), body: masked(body) }
  } catch (error) {
    log.debug({ err: error }, 'a notice could not be shown')
    return null
  }
}
