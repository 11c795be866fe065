import type { DeliveryAttempt, NoticeAction } from '../../shared/contract/deliveries.ts'
import type { StoredHealth } from '../store/channels-store.ts'
import type { StoredDelivery } from '../store/delivery-rows.ts'
import type { SendOutcome } from './channel-adapter.ts'

type Failed = Exclude<SendOutcome, { kind: 'delivered' }>

/** Some minutes after a machine woke its network is there. */
const LEAST_ATTEMPTS = 10

const WHAT: Record<NoticeAction, string> = {
  open: 'opening',
  severity: 'change of its severity',
  acknowledge: 'acknowledgement',
  resolve: 'resolution',
  repeat: 'reminder',
  rca: 'report',
  notice: 'notice',
  test: 'test',
}

export interface End {
  nowMs: number
  latencyMs: number
  error: DeliveryAttempt['error']
}

export function delivered(delivery: StoredDelivery, { nowMs, latencyMs }: End): StoredDelivery {
  const deliveredAt = new Date(nowMs).toISOString()
  return { ...delivery, state: 'delivered', deliveredAt, latencyMs, nextAttemptAt: null, lastError: null }
}

/** `retryAtMs` undefined: there will be no other attempt. */
export function notDelivered(
  delivery: StoredDelivery,
  { latencyMs, error }: End,
  retryAtMs: number | undefined,
): StoredDelivery {
  const nextAttemptAt = retryAtMs === undefined ? null : new Date(retryAtMs).toISOString()
  const state = retryAtMs === undefined ? 'failed' : 'retrying'
  return { ...delivery, state, latencyMs, nextAttemptAt, lastError: error }
}

/** The same would be refused again, or nobody wants it. */
const FINAL: ReadonlySet<Failed['kind']> = new Set(['rejected', 'gone'])

/**
 * Whether the same may get through later, by itself or when somebody mended the channel: it may for a day, and the last word
 * belongs to an attempt, not to a clock. With few attempts it may even after that: for most of that day the machine was asleep,
 * or off.
 */
export function mayRetry({ giveUpAt, attempts }: StoredDelivery, { kind }: Failed, nowMs: number): boolean {
  return !FINAL.has(kind) && (attempts < LEAST_ATTEMPTS || giveUpAt === null || nowMs < Date.parse(giveUpAt))
}

export function healthy(before: StoredHealth, nowMs: number): StoredHealth {
  const at = new Date(nowMs).toISOString()
  return {
    state: 'ok',
    since: before.state === 'ok' ? before.since : at,
    last_delivered_at: at,
    last_error: null,
    consecutive_failures: 0,
    retry_at: null,
  }
}

export function failing(before: StoredHealth, { nowMs, error }: End, retryAtMs: number | undefined): StoredHealth {
  return {
    state: 'failing',
    since: before.state === 'failing' ? before.since : new Date(nowMs).toISOString(),
    last_delivered_at: before.last_delivered_at,
    last_error: error,
    consecutive_failures: before.consecutive_failures + 1,
    retry_at: retryAtMs === undefined ? null : new Date(retryAtMs).toISOString(),
  }
}

/** For the timeline of its incidents; undefined: it goes on. */
export function timelineWords(
  delivery: StoredDelivery,
): { kind: 'delivered' | 'delivery_failed'; message: string } | undefined {
  const what = `The ${WHAT[delivery.action]}`
  if (delivery.state === 'delivered') {
    return { kind: 'delivered', message: `${what} was delivered to ${delivery.channelName}.` }
  }
  if (delivery.state !== 'failed') return undefined
  const why = delivery.lastError?.message ?? 'It was given up.'
  return { kind: 'delivery_failed', message: `${what} could not be delivered to ${delivery.channelName}: ${why}` }
}
