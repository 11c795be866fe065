import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { EventInput } from '../../shared/contract/incidents.ts'
import { toApiError } from '../api/api-error.ts'
import { AppError } from '../base/app-error.ts'
import { issueDetails } from '../base/issue-details.ts'
import type { Logger } from '../base/log.ts'
import { hashToken, sameHash } from '../base/token.ts'
import { AlertmanagerPayload } from '../incidents/alertmanager/payload.ts'
import type { AlertmanagerReceiver } from '../incidents/alertmanager/receiver.ts'
import type { HookIdentity, HookTokens } from '../incidents/hook-tokens.ts'
import type { IncidentsService } from '../incidents/service.ts'
import { errorBody, sendJson, setAnswerHeaders } from './json-answer.ts'
import { readJsonBody } from './json-body.ts'
import { isUnder, pathOf } from './request-path.ts'
import type { Door } from './server.ts'

interface HookDoorOptions {
  hookTokens: Pick<HookTokens, 'authenticate'>
  receiver: Pick<AlertmanagerReceiver, 'receive'>
  incidents: Pick<IncidentsService, 'tell'>
  /** Prometheus text, of one workspace or of all. */
  metrics: (workspace: string | undefined) => Promise<string>
  adminToken: string
  log: Pick<Logger, 'error'>
}

const MAX_BODY_BYTES = 4 * 1024 * 1024
const MAX_EVENTS = 500
/** Each may hold a body in memory. */
const MAX_RUNNING = 64
/** Long enough for the disk to get ahead, short enough for an alert. */
const RETRY_SECONDS = 5
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

const Events = z.strictObject({ events: z.array(EventInput).min(1).max(MAX_EVENTS) })

/**
 * The door of monitors and scripts: `/hooks/alertmanager`, `/hooks/events` and `/metrics`. Threats: a web page (no Origin is
 * ever admitted, JSON only), a guess at a token (256 bits), a token of another kind (unknown here), a body without end, a storm
 * (what can't wait is refused with 503, which senders try again).
 */
export class HookDoor implements Door {
  readonly #options: HookDoorOptions
  readonly #adminHash: Buffer
  #running = 0

  constructor(options: HookDoorOptions) {
    this.#options = options
    this.#adminHash = hashToken(options.adminToken)
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const path = pathOf(request)
    if (!isUnder(path, '/hooks') && path !== '/metrics') return false
    this.#running++
    try {
      if (request.headers.origin !== undefined) {
        throw new AppError('forbidden', { message: 'Requests of web pages are not served.' })
      }
      if (path === '/metrics') await this.#metrics(request, response)
      else sendJson(response, 200, await this.#take(path, request, response))
    } catch (error) {
      if (response.headersSent || request.socket.destroyed) response.destroy()
      else this.#refuse(response, error)
    } finally {
      this.#running--
    }
    // What was refused unread is not waited for.
    if (!request.complete && response.writableEnded) request.resume()
    return true
  }

  async #metrics(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'GET') throw notAllowed(response, 'GET')
    const token = tokenOf(request)
    const isAdmin = token !== undefined && sameHash(hashToken(token), this.#adminHash)
    const text = await this.#options.metrics(isAdmin ? undefined : this.#authenticate(token).workspace)
    setAnswerHeaders(response)
    response.writeHead(200, { 'content-type': METRICS_TYPE, 'content-length': Buffer.byteLength(text) })
    response.end(text)
  }

  async #take(path: string, request: IncomingMessage, response: ServerResponse): Promise<object> {
    const isAlertmanager = path === '/hooks/alertmanager'
    if (!isAlertmanager && path !== '/hooks/events') {
      throw new AppError('not_found', { message: 'There is no such hook: use /hooks/alertmanager or /hooks/events.' })
    }
    if (request.method !== 'POST') throw notAllowed(response, 'POST')
    const identity = this.#authenticate(tokenOf(request))
    if (this.#running > MAX_RUNNING) throw new AppError('rate_limited')
    const encoding = request.headers['content-encoding']
    if (encoding !== undefined && encoding !== 'identity') {
      throw new AppError('unsupported_media_type', { message: 'Compressed bodies are not accepted.' })
    }
    const body = await readJsonBody(request, MAX_BODY_BYTES)
    return isAlertmanager
      ? await this.#options.receiver.receive(identity, read(AlertmanagerPayload, body))
      : await this.#tell(identity, body)
  }

  async #tell({ workspace, name }: HookIdentity, body: Record<string, unknown>): Promise<object> {
    const inputs = 'events' in body ? read(Events, body).events : [read(EventInput, body)]
    const told = inputs.map((input) => ({ input, origin: 'hook', toldBy: name }) as const)
    const events = await this.#options.incidents.tell(workspace, told)
    return { accepted: events.length, events: events.map(({ id, incident_id }) => ({ id, incident_id })) }
  }

  #authenticate(token: string | undefined): HookIdentity {
    const identity = token === undefined ? undefined : this.#options.hookTokens.authenticate(token)
    if (identity !== undefined) return identity
    throw new AppError('unauthorized', { message: 'A hook token is needed: "Authorization: Bearer ghh_…".' })
  }

  #refuse(response: ServerResponse, thrown: unknown): void {
    const requestId = randomUUID()
    const error = toApiError(thrown, (fault) => {
      this.#options.log.error({ request_id: requestId, err: fault }, 'hook failed')
      return requestId
    })
    if (error.status === 401) response.setHeader('www-authenticate', 'Bearer')
    if (error.status === 413) response.setHeader('connection', 'close')
    if (error.code !== 'rate_limited') sendJson(response, error.status, errorBody(error))
    else {
      // An Alertmanager takes a 4xx for the end of it, and tries again only after a 5xx.
      response.setHeader('retry-after', String(RETRY_SECONDS))
      sendJson(response, 503, errorBody(error))
    }
  }
}

/** An Alertmanager can send either; of Basic the name means nothing. */
function tokenOf({ headers: { authorization = '' } }: IncomingMessage): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(authorization)?.[1]
  if (bearer !== undefined) return bearer
  const basic = /^Basic +([A-Za-z0-9+/]+=*) *$/i.exec(authorization)?.[1]
  const pair = basic === undefined ? '' : Buffer.from(basic, 'base64').toString()
  const colon = pair.indexOf(':')
  return colon === -1 || colon === pair.length - 1 ? undefined : pair.slice(colon + 1)
}

/** Throws `invalid_input` with each field that is wrong. */
function read<Schema extends z.ZodType>(schema: Schema, body: Record<string, unknown>): z.output<Schema> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const details = issueDetails(parsed.error.issues).slice(0, 50)
  const first = details[0]
  const message = first === undefined ? undefined : `Some fields are not valid: ${first.path}: ${first.message}`
  throw new AppError('invalid_input', { ...(message !== undefined && { message }), details })
}

function notAllowed(response: ServerResponse, method: string): AppError {
  response.setHeader('allow', method)
  return new AppError('method_not_allowed')
}
