import { spanOf } from '../base/json-members.ts'
import { MODERN_VERSION } from './modern-meta.ts'
import { headerValue } from './param-headers.ts'
import type { OutgoingRequest } from './transport.ts'
import type { Era } from './upstream.ts'

/** Names that belong to the connection or to the protocol: an integration's own headers cannot replace them. */
const OURS: readonly string[] = [
  'accept',
  'accept-encoding',
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** Which member of `params` the header `Mcp-Name` repeats (2026-07-28, Streamable HTTP; tasks extension). */
const NAMED_BY: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
])

/** The headers of one server: what the integration adds, and what each revision of the protocol asks for. */
export class HttpHeaders {
  /** Given by a legacy server with its answer to `initialize`. */
  session: string | undefined
  readonly #own: Record<string, string>
  #version: string | undefined
  #era: Era | undefined

  constructor(integration: Record<string, string>) {
    this.#own = {}
    for (const [name, value] of Object.entries(integration)) {
      if (!OURS.includes(name.toLowerCase())) this.#own[name.toLowerCase()] = value
    }
  }

  negotiated(version: string, era: Era): void {
    this.#version = version
    this.#era = era
  }

  ofRequest(request: OutgoingRequest): Record<string, string> {
    const { method, headers } = request
    // `server/discover` is modern before anything is agreed upon; `initialize` has no version header.
    const modern = this.#era === 'modern' || method === 'server/discover'
    if (!modern) return this.ofMessage()
    const name = nameOf(request)
    return {
      ...this.#post(),
      'mcp-protocol-version': this.#version ?? MODERN_VERSION,
      'mcp-method': headerValue(method),
      ...(name !== undefined && { 'mcp-name': headerValue(name) }),
      ...headers,
    }
  }

  /** A notification or an answer of ours. */
  ofMessage(): Record<string, string> {
    return { ...this.#post(), ...this.#agreed() }
  }

  /** GET and DELETE of a legacy session. `lastEventId`: the stream is taken up again behind this event. */
  ofSession(lastEventId?: string): Record<string, string> {
    return {
      ...this.#own,
      accept: 'text/event-stream',
      'accept-encoding': 'identity',
      ...this.#agreed(),
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    }
  }

  #post(): Record<string, string> {
    return {
      ...this.#own,
      accept: 'application/json, text/event-stream',
      'accept-encoding': 'identity',
      'content-type': 'application/json',
    }
  }

  #agreed(): Record<string, string> {
    return {
      ...(this.#version !== undefined && { 'mcp-protocol-version': this.#version }),
      ...(this.session !== undefined && { 'mcp-session-id': this.session }),
    }
  }
}

/** The same with this `Authorization` in place of the integration's own. */
export function withToken(headers: Record<string, string>, authorization: string | undefined): Record<string, string> {
  return authorization === undefined ? headers : { ...headers, authorization }
}

/** What the request is about; undefined for a method that is about nothing with a name. */
function nameOf({ method, name, params }: OutgoingRequest): string | undefined {
  const key = NAMED_BY.get(method)
  if (key === undefined || name !== undefined) return key && name
  const span = spanOf(params, key)
  const value: unknown = span && JSON.parse(params.toString('utf8', ...span))
  return typeof value === 'string' ? value : undefined
}
