import { AppError } from '../../base/app-error.ts'
import { isObject } from '../../base/is-object.ts'
import { statusLine } from '../../rest/answer/error-text.ts'
import { retryAfterMs } from '../../rest/client/retry-after.ts'
import type { Exchange, SendOutcome } from '../../notifications/channel-adapter.ts'
import { oneLine } from '../../notifications/messages/text.ts'
import type { SystemAccess, SystemAnswer } from '../system-adapter.ts'
import type { ChangeBody, EventBody } from './event-bodies.ts'

const ATTEMPT_MS = 15_000
/** What PagerDuty asks for where its answer does not say how long. */
const PAUSE_MS = 30_000
const MAX_ERRORS = 5
const MAX_WORDS = 300

const places: Readonly<Record<string, string>> = {
  us: 'https://events.pagerduty.com',
  eu: 'https://events.eu.pagerduty.com',
}

/** An event without a key gets one of PagerDuty. */
export type SomeEvent = ChangeBody | (Omit<EventBody, 'dedup_key'> & { dedup_key?: string })
/** `field`: the one of the setup that keeps it from being reached, where that is known. */
export type Enqueued = SendOutcome & { dedupKey?: string; field?: string | undefined }

/** Where events of this region go; `own`: to an address of the admin's. */
export function eventsUrl({ values }: SystemAccess): string {
  const { region, events_url: own } = values
  const place = typeof own === 'string' && region === 'own' ? own : (places[String(region)] ?? places.us ?? '')
  return place.replace(/\/+$/, '')
}

/** A key that was given for one place is never sent to another; of one for which none is known, only to PagerDuty's own. */
export function mayGoTo(access: SystemAccess, place: string | undefined): boolean {
  const { origin } = new URL(eventsUrl(access))
  return place === undefined ? Object.values(places).includes(origin) : place === origin
}

/** Gives PagerDuty one event. Rejects where the vault is locked, and with the reason of `signal`. */
export async function enqueue(
  access: SystemAccess,
  body: SomeEvent,
  nowMs: number,
  signal: AbortSignal,
): Promise<Enqueued> {
  const path = 'event_action' in body ? '/v2/enqueue' : '/v2/change/enqueue'
  const url = eventsUrl(access) + path
  const request: Exchange['request'] = {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, routing_key: '••••' }),
  }
  try {
    const answer = await access.request({ method: 'POST', path: url, json: body, timeoutMs: ATTEMPT_MS }, signal)
    return verdict(answer, new URL(url).host, request, nowMs)
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof AppError) || error.code === 'vault_locked') throw error
    const { code, message, details } = error
    return { kind: 'retry', code, message, exchanges: [{ request, answer: null }], field: details[0]?.path }
  }
}

function verdict(answer: SystemAnswer, host: string, request: Exchange['request'], nowMs: number): Enqueued {
  const { status, headers, body } = answer
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const code = `http_${status}`
  const shown = statusLine(status)
  const exchanges = [{ request, answer: { status: shown, body: text } }]
  const words = errorsIn(body)
  const said = `${host} answered ${shown}.${words === '' ? '' : ` ${words}`}`
  if (status >= 200 && status < 300) {
    const key = isObject(body) ? body.dedup_key : undefined
    return { kind: 'delivered', exchanges, ...(typeof key === 'string' && { dedupKey: key }) }
  }
  if (status === 400 && /routing[ _]?key/i.test(words)) {
    return { kind: 'broken', code: 'invalid_key', message: `${said} Check the integration key.`, exchanges }
  }
  if (status === 401 || status === 403) {
    const message = `${said} Check the integration key, and the region that it belongs to.`
    return { kind: 'broken', code, message, exchanges }
  }
  if (status === 404 || (status >= 300 && status < 400)) {
    return { kind: 'broken', code, message: `${said} Check the region, or the address of the Events API.`, exchanges }
  }
  if (status === 429) {
    const asked = headers.get('retry-after') ?? headers.get('ratelimit-reset')
    const message = `${said} PagerDuty takes about 120 events a minute for each key.`
    return { kind: 'retry', code, message, retryAfterMs: retryAfterMs(asked, nowMs) ?? PAUSE_MS, exchanges }
  }
  if (status === 408 || status >= 500) {
    return {
      kind: 'retry',
      code,
      message: said,
      retryAfterMs: retryAfterMs(headers.get('retry-after'), nowMs),
      exchanges,
    }
  }
  return { kind: 'rejected', code, message: said, exchanges }
}

/** `Event object is invalid: 'payload.severity' is invalid` */
function errorsIn(body: unknown): string {
  if (!isObject(body)) return ''
  const { message, errors } = body
  const found = (Array.isArray(errors) ? errors : []).filter((error) => typeof error === 'string').slice(0, MAX_ERRORS)
  const words = [...(typeof message === 'string' ? [message] : []), found.join('; ')].filter((part) => part !== '')
  const line = oneLine(words.join(': '), MAX_WORDS)
  return line === '' || /[.!?…]$/.test(line) ? line : `${line}.`
}
