/** What the Events API v2 says of an event that it does not take. */
const SEVERITIES = ['critical', 'error', 'warning', 'info']
const ACTIONS = ['trigger', 'acknowledge', 'resolve']
const KEY_LENGTH = 32
const MAX_DEDUP_KEY = 255
const MAX_SUMMARY = 1024

export interface Event {
  routing_key: string
  event_action: 'trigger' | 'acknowledge' | 'resolve'
  dedup_key?: string
  payload?: Record<string, unknown>
}

export interface ChangeEvent {
  routing_key: string
  payload: Record<string, unknown>
  links: unknown[]
}

type Fields = Record<string, unknown>

export function checkEvent(event: Fields): string[] {
  const { event_action: action, dedup_key: key } = event
  const errors = checkKey(event)
  if (!ACTIONS.includes(String(action))) errors.push("'event_action' must be one of: trigger, acknowledge, resolve")
  if (key !== undefined && (typeof key !== 'string' || key.length > MAX_DEDUP_KEY))
    errors.push("'dedup_key' is too long")
  if (action !== 'trigger') return key === undefined ? [...errors, "'dedup_key' is missing or blank"] : errors
  const payload = event.payload as Fields | undefined
  if (payload === undefined) return [...errors, "'payload' is missing or blank"]
  errors.push(...checkSummary(payload))
  if (typeof payload.source !== 'string' || payload.source === '') errors.push("'payload.source' is missing or blank")
  if (!SEVERITIES.includes(String(payload.severity))) {
    errors.push("'payload.severity' is invalid (must be one of: critical, warning, error, info)")
  }
  return [...errors, ...checkTime(payload), ...checkLinks(event)]
}

export function checkChange(event: Fields): string[] {
  const payload = event.payload as Fields | undefined
  if (payload === undefined) return [...checkKey(event), "'payload' is missing or blank"]
  return [...checkKey(event), ...checkSummary(payload), ...checkTime(payload), ...checkLinks(event)]
}

function checkKey({ routing_key: key }: Fields): string[] {
  if (typeof key !== 'string' || key === '') return ["'routing_key' is missing or blank"]
  return key.length === KEY_LENGTH ? [] : [`Length of 'routing_key' is incorrect (should be ${KEY_LENGTH} characters)`]
}

function checkSummary({ summary }: Fields): string[] {
  if (typeof summary !== 'string' || summary.trim() === '') return ["'payload.summary' is missing or blank"]
  return summary.length > MAX_SUMMARY ? [`'payload.summary' is too long (maximum is ${MAX_SUMMARY} characters)`] : []
}

function checkTime({ timestamp }: Fields): string[] {
  return timestamp === undefined || !Number.isNaN(Date.parse(timestamp as string))
    ? []
    : ["'payload.timestamp' is invalid"]
}

function checkLinks({ links = [] }: Fields): string[] {
  const isGood = Array.isArray(links) && links.every((link: Fields) => /^https?:/.test(String(link.href)))
  return isGood ? [] : ["'links' must be a list of objects with a valid 'href'"]
}
