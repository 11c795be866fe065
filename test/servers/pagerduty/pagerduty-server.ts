/**
 * PagerDuty as its published descriptions have it (PagerDuty/api-schema, developer-docs): the Events API v2 with its checks,
 * limits and its habit of accepting keys that it does not know, and the read endpoints of the REST API.
 */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readBody, respond } from '../http-text.ts'
import { checkChange, checkEvent, type ChangeEvent, type Event } from './event-checks.ts'

const MAX_BYTES = 512 * 1024
const LIMIT_PER_MINUTE = 120

export interface Alert {
  routingKey: string
  dedupKey: string
  status: 'triggered' | 'acknowledged' | 'resolved'
  /** Of each trigger. */
  payloads: Record<string, unknown>[]
  number: number
}

export interface PagerDutyServer {
  url: string
  alerts: Alert[]
  changes: ChangeEvent[]
  notes: { incident: string; content: string; from: string | undefined }[]
  requests: { method: string; path: string; headers: IncomingHttpHeaders; body: string }[]
  /** Answers of the Events API that come before it works again; `hang`: none comes. */
  fail(...statuses: (number | 'hang')[]): void
  close(): Promise<void>
}

export interface PagerDutyOptions {
  /** Integration keys of services. Events of others are accepted, and nothing comes of them. */
  keys?: string[]
  token?: string
  users?: string[]
  limitPerMinute?: number
}

export async function startPagerDuty(options: PagerDutyOptions = {}): Promise<PagerDutyServer> {
  const { keys = [], token, users = [], limitPerMinute = LIMIT_PER_MINUTE } = options
  const state = {
    alerts: [] as Alert[],
    changes: [] as ChangeEvent[],
    notes: [] as PagerDutyServer['notes'],
    requests: [] as PagerDutyServer['requests'],
  }
  const counts = new Map<string, number>()
  let failures: (number | 'hang')[] = []

  const events = (path: string, body: string, response: ServerResponse) => {
    const failure = failures.shift()
    if (failure === 'hang') return
    if (failure === 429) {
      tooMany(response)
      return
    }
    if (failure !== undefined) {
      json(response, failure, { status: 'error', message: 'Something is wrong' })
      return
    }
    if (Buffer.byteLength(body) > MAX_BYTES) {
      json(response, 413, { status: 'invalid event', message: 'Event object is too large' })
      return
    }
    const event = parsed(body)
    const errors =
      event === undefined ? ['JSON parse error'] : path.includes('change') ? checkChange(event) : checkEvent(event)
    if (event === undefined || errors.length > 0) {
      json(response, 400, { status: 'invalid event', message: 'Event object is invalid', errors })
      return
    }
    const key = String(event.routing_key)
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    if (count > limitPerMinute) {
      tooMany(response)
      return
    }
    if (path.includes('change')) {
      if (keys.includes(key)) state.changes.push(event as unknown as ChangeEvent)
      json(response, 202, { status: 'success', message: 'Change event processed' })
      return
    }
    const dedupKey = typeof event.dedup_key === 'string' ? event.dedup_key : crypto.randomUUID()
    if (keys.includes(key)) take(state.alerts, event as unknown as Event, dedupKey)
    json(response, 202, { status: 'success', message: 'Event processed', dedup_key: dedupKey })
  }

  /** Status and body, as the REST API has them. */
  const rest = (request: IncomingMessage, url: URL, body: string): [status: number, body: unknown] => {
    if (token === undefined || request.headers.authorization !== `Token token=${token}`) {
      return [401, { error: { message: 'Unauthorized', code: 2006, errors: ['Authentication failed'] } }]
    }
    const query = (name: string) => url.searchParams.get(name)
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /abilities':
        return [200, { abilities: ['teams', 'urgencies'] }]
      case 'GET /users': {
        const found = users.filter((email) => email.includes(query('query') ?? ''))
        return [
          200,
          page(
            'users',
            found.map((email) => ({ id: 'PUSER', type: 'user', email })),
          ),
        ]
      }
      case 'GET /incidents': {
        const statuses = url.searchParams.getAll('statuses[]')
        const isWanted = ({ dedupKey, status }: Alert) =>
          dedupKey === (query('incident_key') ?? dedupKey) && (statuses.length === 0 || statuses.includes(status))
        return [200, page('incidents', state.alerts.filter(isWanted).map(incident))]
      }
      case 'GET /services':
        return [200, page('services', [{ id: 'PSVC', name: 'Billing' }])]
      case 'GET /oncalls':
        return [200, page('oncalls', [{ escalation_level: 1, user: { id: 'PUSER' } }])]
    }
    const [, id = '', notes] = /^\/incidents\/([^/]+)(\/notes)?$/.exec(url.pathname) ?? []
    const found = state.alerts.find((alert) => incident(alert).id === id)
    if (found === undefined) return [404, { error: { message: 'Not Found', code: 2100 } }]
    if (request.method === 'GET' && notes === undefined) return [200, { incident: incident(found) }]
    const { note } = (parsed(body) ?? {}) as { note?: { content?: string } }
    const { from } = request.headers
    if (typeof note?.content !== 'string' || !users.includes(String(from))) {
      return [400, { error: { message: 'Requester User Not Found', code: 1008 } }]
    }
    state.notes.push({ incident: id, content: note.content, from })
    return [201, { note: { id: 'PNOTE', content: note.content } }]
  }

  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const url = new URL(request.url ?? '/', 'http://pagerduty')
      state.requests.push({ method: request.method ?? '', path: url.pathname, headers: request.headers, body })
      if (url.pathname === '/v2/enqueue' || url.pathname === '/v2/change/enqueue') events(url.pathname, body, response)
      else json(response, ...rest(request, url, body))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    ...state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fail: (...statuses) => (failures = statuses),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** What an event does to the alert of its key: only a trigger makes one, and one that is resolved stays so. */
function take(
  alerts: Alert[],
  { routing_key: routingKey, event_action: action, payload }: Event,
  dedupKey: string,
): void {
  const open = alerts.find(
    (alert) => alert.routingKey === routingKey && alert.dedupKey === dedupKey && alert.status !== 'resolved',
  )
  if (action === 'trigger') {
    if (open === undefined) {
      const number = alerts.length + 1
      alerts.push({ routingKey, dedupKey, status: 'triggered', payloads: [payload ?? {}], number })
    } else {
      open.payloads.push(payload ?? {})
    }
  } else if (open !== undefined) {
    open.status = action === 'acknowledge' ? 'acknowledged' : 'resolved'
  }
}

function incident({ number, dedupKey, status, payloads }: Alert) {
  return {
    id: `PINC${number}`,
    type: 'incident',
    incident_number: number,
    incident_key: dedupKey,
    status,
    title: payloads[0]?.summary,
  }
}

function page(name: string, items: unknown[]): Record<string, unknown> {
  return { [name]: items, limit: 25, offset: 0, total: null, more: false }
}

function tooMany(response: ServerResponse): void {
  response.setHeader('retry-after', '45')
  json(response, 429, { status: 'throttle exceeded', message: 'Requests for this service are arriving too quickly.' })
}

function json(response: ServerResponse, status: number, body: unknown): void {
  respond(response, status, 'application/json', JSON.stringify(body))
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
}
