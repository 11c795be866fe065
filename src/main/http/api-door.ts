import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { OpenAPIHandler } from '@orpc/openapi/node'
import { RPCHandler } from '@orpc/server/node'
import { DEFAULT_WORKSPACE, MAX_DOCUMENT_BYTES } from '../../shared/contract/words.ts'
import { apiError, isApiError, toApiError, type ApiError } from '../api/api-error.ts'
import type { ApiContext } from '../api/implementer.ts'
import type { ApiRouter } from '../api/router.ts'
import { allowedMethods } from '../api/routes.ts'
import type { Logger } from '../base/log.ts'
import { AppError } from '../base/app-error.ts'
import { hashToken, sameHash } from '../base/token.ts'
import { CONSOLE_SESSION_PATH, type ConsoleSessions } from './console-sessions.ts'
import { errorBody, sendJson, setAnswerHeaders } from './json-answer.ts'
import { readJsonBody } from './json-body.ts'
import { requireOwnOrigin } from './own-origin.ts'
import { isUnder, pathOf } from './request-path.ts'

const API_ROOT = '/api/v1'
const RPC_ROOT = '/rpc'
/** Arguments of a tool call may be megabytes, and grow by their escapes on the way. */
const MAX_BODY_BYTES = 16 * 1024 * 1024
/** An OpenAPI document of 32 MiB doubles by its escapes if it is all quotes; stored, the tools made of it come along. */
const MAX_DOCUMENT_BODY_BYTES = 3 * MAX_DOCUMENT_BYTES
const WITH_DOCUMENTS = [
  `${API_ROOT}/openapi`,
  `${API_ROOT}/integrations`,
  `${RPC_ROOT}/openapi`,
  `${RPC_ROOT}/integrations`,
]

interface ApiDoorOptions {
  router: ApiRouter
  adminToken: string
  sessions: ConsoleSessions
  version: string
  log: Pick<Logger, 'error'>
}

/**
 * The admin's door: `/api/v1` for programs (OpenAPI), `/rpc` for the browser console and the CLI. Threats: an agent that
 * tries its own token here (another audience, so it is unknown), a web page (own origin only, no CORS headers, JSON
 * only, no cookies), a guess at the token (256 bits, compared in constant time), a body without end.
 */
export class ApiDoor {
  readonly #options: ApiDoorOptions
  readonly #adminHash: Buffer
  readonly #openApi: OpenAPIHandler<ApiContext>
  readonly #rpc: RPCHandler<ApiContext>
  readonly #open = new Set<ServerResponse>()

  constructor(options: ApiDoorOptions) {
    this.#options = options
    this.#adminHash = hashToken(options.adminToken)
    this.#openApi = new OpenAPIHandler<ApiContext>(options.router, {
      interceptors: [(call) => call.next().catch(rethrowAsApiError)],
      customErrorResponseBodyEncoder: (error) => errorBody(error as ApiError),
    })
    this.#rpc = new RPCHandler<ApiContext>(options.router, {
      interceptors: [(call) => call.next().catch(rethrowAsApiError)],
    })
  }

  /** Answers what belongs to this door; false for everything else. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const path = pathOf(request)
    const isRpc = isUnder(path, RPC_ROOT)
    if (!isRpc && (!isUnder(path, API_ROOT) || path === CONSOLE_SESSION_PATH)) return false
    const requestId = randomUUID()
    this.#open.add(response)
    try {
      requireOwnOrigin(request)
      const isConsole = this.#isConsole(request)
      if (path === `${API_ROOT}/openapi.json` && request.method === 'GET') {
        // Its generator is loaded when someone asks for the document: few ever do.
        const { openApiDocument } = await import('../api/openapi-document.ts')
        const url = `http://${request.headers.host ?? ''}${API_ROOT}`
        sendJson(response, 200, await openApiDocument(this.#options.version, url))
      } else {
        const actor = isConsole ? 'console' : isRpc ? 'cli' : 'api'
        await this.#operate(request, response, isRpc, { actor, requestId })
      }
    } catch (thrown) {
      // Half an answer can't be taken back: the caller sees a broken connection, not a good one.
      if (response.headersSent || response.destroyed) response.destroy()
      else this.#refuse(response, thrown, isRpc, requestId)
    } finally {
      this.#open.delete(response)
    }
    return true
  }

  /** Ends the event streams, which would last for ever; other answers are the server's to wait for. */
  endStreams(): void {
    for (const response of this.#open) {
      if (String(response.getHeader('content-type')).startsWith('text/event-stream')) response.destroy()
    }
  }

  async #operate(
    request: IncomingMessage,
    response: ServerResponse,
    isRpc: boolean,
    caller: Omit<ApiContext, 'workspace'>,
  ) {
    const header = request.headers['gatehouse-workspace']
    const context = { ...caller, workspace: typeof header === 'string' ? header : DEFAULT_WORKSPACE }
    const path = pathOf(request)
    const maxBytes = WITH_DOCUMENTS.some((root) => isUnder(path, root)) ? MAX_DOCUMENT_BODY_BYTES : MAX_BODY_BYTES
    const body = request.method === 'GET' ? undefined : await readJsonBody(request, maxBytes)
    setAnswerHeaders(response)
    const { matched } = await (isRpc
      ? this.#rpc.handle(Object.assign(request, { body }), response, { prefix: RPC_ROOT, context })
      : this.#openApi.handle(Object.assign(request, { body }), response, { prefix: API_ROOT, context }))
    if (matched) return

    const methods = isRpc ? [] : allowedMethods(path.slice(API_ROOT.length))
    if (methods.length === 0) throw new AppError('not_found', { message: 'There is no such operation.' })
    response.setHeader('allow', methods.join(', '))
    throw new AppError('method_not_allowed')
  }

  /** Whose token it is: a console's session, or the admin's own. Throws `unauthorized` for any other. */
  #isConsole(request: IncomingMessage): boolean {
    const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) throw new AppError('unauthorized')
    if (sameHash(hashToken(token), this.#adminHash)) return false
    if (!this.#options.sessions.verify(token)) throw new AppError('unauthorized')
    return true
  }

  #refuse(response: ServerResponse, thrown: unknown, isRpc: boolean, requestId: string): void {
    const error = toApiError(thrown, (fault) => {
      this.#options.log.error({ request_id: requestId, err: fault }, 'request failed')
      return requestId
    })
    if (error.status === 401) response.setHeader('www-authenticate', 'Bearer')
    // The RPC client reads its own envelope (oRPC, "RPC Protocol").
    sendJson(response, error.status, isRpc ? { json: error.toJSON(), meta: [] } : errorBody(error))
  }
}

/** The router translates its own faults, so what is left is a body that does not decode. */
function rethrowAsApiError(thrown: unknown): never {
  throw isApiError(thrown) ? thrown : apiError('bad_request')
}
