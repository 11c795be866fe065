import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../../base/app-error.ts'
import { isObject } from '../../base/is-object.ts'
import type { PagerDutySeverity } from '../../../shared/contract/channels.ts'
import type { SystemAccess } from '../system-adapter.ts'
import type { EventBody } from './event-bodies.ts'
import { enqueue, type Enqueued } from './events-api.ts'

/** PagerDuty works through events after it has accepted them. */
const LOOK_MS = 8_000
const LOOK_EVERY_MS = 1_000
/** One that takes longer says no more about the event than none. */
const ASK_MS = 5_000
export const TEST_SUMMARY = 'Test from Gatehouse'

export interface TestEvent {
  routingKey: string
  dedupKey: string
  severity: PagerDutySeverity
  url: string | null
}

export interface TestedEvent {
  /** Of the event, or of its end where that failed. */
  outcome: Enqueued
  /** `not_looked`: there is no REST API token to look with, or it may not look. */
  seen: 'not_looked' | 'not_seen' | { number: number | undefined }
}

/** How long it is looked for, and with which pauses; tests are in a hurry. */
export interface Looking {
  lookMs?: number
  everyMs?: number
  nowMs?: () => number
}

/**
 * Triggers an alert and resolves it. PagerDuty accepts keys that it does not know as well, so with a REST API token it is
 * looked whether an incident came of it.
 */
export async function testEvent(
  access: SystemAccess,
  { routingKey, dedupKey, severity, url }: TestEvent,
  signal: AbortSignal,
  looking: Looking = {},
): Promise<TestedEvent> {
  const nowMs = looking.nowMs ?? Date.now
  const body: EventBody = {
    routing_key: routingKey,
    event_action: 'trigger',
    dedup_key: dedupKey,
    payload: {
      summary: TEST_SUMMARY,
      source: 'gatehouse',
      severity,
      timestamp: new Date(nowMs()).toISOString(),
      custom_details: { workspace: access.workspace, note: 'Somebody tries the connection. It resolves by itself.' },
    },
    client: 'Gatehouse',
    ...(url !== null && { client_url: url }),
  }
  const triggered = await enqueue(access, body, nowMs(), signal)
  if (triggered.kind !== 'delivered') return { outcome: triggered, seen: 'not_looked' }
  // It is ended whatever comes of the look.
  const seen = await look(access, dedupKey, signal, looking).catch((error: unknown) => {
    if (signal.aborted) return 'not_looked' as const
    if (error instanceof AppError) return 'not_looked' as const
    throw error
  })
  const end: EventBody = { routing_key: routingKey, event_action: 'resolve', dedup_key: dedupKey }
  // Also where nobody waits for the outcome any more: an alert that stays open calls people.
  const resolved = await enqueue(access, end, nowMs(), new AbortController().signal)
  signal.throwIfAborted()
  const exchanges = [...triggered.exchanges, ...resolved.exchanges]
  return { outcome: { ...resolved, exchanges }, seen }
}

async function look(
  access: SystemAccess,
  dedupKey: string,
  signal: AbortSignal,
  { lookMs = LOOK_MS, everyMs = LOOK_EVERY_MS }: Looking,
): Promise<TestedEvent['seen']> {
  if (access.secret('api_token') === undefined) return 'not_looked'
  const tries = Math.max(1, Math.ceil(lookMs / everyMs))
  for (let left = tries; left > 0; left--) {
    const query = [
      ['incident_key', dedupKey],
      ['limit', '1'],
    ] as const
    const { status, body } = await access.request(
      { method: 'GET', path: '/incidents', query, timeoutMs: ASK_MS },
      signal,
    )
    if (status !== 200) return 'not_looked'
    const [incident] = isObject(body) && Array.isArray(body.incidents) ? (body.incidents as unknown[]) : []
    if (isObject(incident)) {
      const { incident_number: number } = incident
      return { number: typeof number === 'number' ? number : undefined }
    }
    if (left > 1) await wait(everyMs, undefined, { signal })
  }
  return 'not_seen'
}
