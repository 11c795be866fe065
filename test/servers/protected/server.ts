import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { answeredBy, readBody, respond } from '../http-text.ts'
import { listen, type RunningServer } from '../listen.ts'
import { AccessCheck } from './access.ts'
import { ProtectedMcp, type McpRequest } from './mcp.ts'
import type { ProtectedServerConfig, ProtectedSwitches, SeenRequest } from './switches.ts'

const RESOURCES = ['/mcp', '/sse', '/modern', '/api']
const WELL_KNOWN = '/.well-known/oauth-protected-resource'

/**
 * A real MCP server, and an API beside it, for whom a token of an authorization server is needed: 401 with the address of its
 * metadata, audience and expiry checked, 403 for the tool `write` without the scope `tools:write`.
 * `POST /control` changes switches, `GET /control` answers `{"requests"}`: what came, with which token, and what it was answered.
 */
export async function serveProtected(config: ProtectedServerConfig): Promise<RunningServer> {
  const resource = new ProtectedResource(config)
  const server = createServer((request, response) => resource.answer(request, response))
  const running = await listen(server, config.port)
  resource.origin = running.origin
  return running
}

class ProtectedResource {
  readonly #config: ProtectedServerConfig
  readonly #switches: ProtectedSwitches
  readonly #access: AccessCheck
  readonly #mcp = new ProtectedMcp()
  readonly #seen: SeenRequest[] = []
  origin = ''

  constructor(config: ProtectedServerConfig) {
    this.#config = config
    this.#switches = {
      refuse: 'none',
      challenge: 'resource_metadata',
      challengeScope: null,
      writeScope: 'tools:write',
      metadata: 'path',
      metadataChanges: {},
      ...config,
    }
    this.#access = new AccessCheck(config, this.#switches)
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '/', this.origin)
    if (pathname === '/control') answeredBy(this.#control(request, response), response)
    else if (pathname.startsWith(WELL_KNOWN)) this.#metadata(pathname, response)
    else answeredBy(this.#guarded(pathname, request, response), response)
  }

  async #control(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'POST') Object.assign(this.#switches, JSON.parse(await readBody(request)) as object)
    if (request.method === 'POST' && this.#switches.refuse === 'seen') {
      this.#access.refuseSeen()
      this.#switches.refuse = 'none'
    }
    respond(response, 200, 'application/json', JSON.stringify({ requests: this.#seen }))
  }

  #metadata(path: string, response: ServerResponse): void {
    const place = path.slice(WELL_KNOWN.length)
    const isThere =
      this.#switches.metadata === 'path'
        ? RESOURCES.includes(place)
        : this.#switches.metadata === 'root' && place === ''
    if (!isThere) {
      notFound(response)
      return
    }
    const document = {
      resource: this.origin + place,
      authorization_servers: this.#config.issuers,
      bearer_methods_supported: ['header'],
      scopes_supported: ['tools:read', 'tools:write'],
      ...this.#switches.metadataChanges,
    }
    respond(response, 200, 'application/json', JSON.stringify(document))
  }

  async #guarded(path: string, request: McpRequest, response: ServerResponse): Promise<void> {
    // Messages of the older transport are for the resource that its stream is.
    const resource = path.startsWith('/api') ? '/api' : path === '/messages' ? '/sse' : path
    if (!RESOURCES.includes(resource)) {
      notFound(response)
      return
    }
    const text = await readBody(request)
    const body = text === '' ? undefined : (JSON.parse(text) as unknown)
    const rpc = rpcOf(body)
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
    const entry: SeenRequest = {
      method: request.method ?? '',
      path,
      status: 0,
      ...(rpc && { rpc }),
      ...(token && { token }),
    }
    this.#seen.push(entry)

    const writes = rpc === 'tools/call write' || (resource === '/api' && request.method !== 'GET')
    const result = await this.#access.check(this.origin + resource, token, writes ? 'tools:write' : undefined)
    if ('challenge' in result) {
      entry.status = result.status
      if (result.challenge !== undefined) response.setHeader('www-authenticate', result.challenge)
      respond(response, result.status, 'application/json', JSON.stringify({ error: result.error }))
      return
    }
    response.once('close', () => (entry.status = response.statusCode))
    if (resource === '/api') {
      respond(response, 200, 'application/json', JSON.stringify({ path, method: request.method, ...result }))
      return
    }
    request.auth = { token: token ?? '', ...result }
    await this.#mcp.answer(path, request, response, body)
  }
}

function notFound(response: ServerResponse): void {
  respond(response, 404, 'application/json', '{"error":"not_found"}')
}

function rpcOf(body: unknown): string | undefined {
  const { method, params } = (body ?? {}) as { method?: string; params?: { name?: string } }
  return method === 'tools/call' ? `tools/call ${params?.name}` : method
}
