/**
 * A real MCP server, and an API beside it, for whom a token of an authorization server is needed: 401 with the address of its
 * metadata, audience and expiry checked, 403 for the tool `write` without the scope `tools:write`.
 * `node protected-mcp-server.ts CONFIG`, JSON: see protected/switches.ts. Prints `{"origin","control"}`.
 * `POST control` changes switches, `GET control` answers `{"requests"}`: what came, with which token, and what it was answered.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readBody, respond } from './http-text.ts'
import { AccessCheck } from './protected/access.ts'
import { ProtectedMcp, type McpRequest } from './protected/mcp.ts'
import type { ProtectedServerConfig, ProtectedSwitches, SeenRequest } from './protected/switches.ts'

console.info = console.warn = () => undefined

const config = JSON.parse(process.argv[2] ?? '{"issuers":[]}') as ProtectedServerConfig
const switches: ProtectedSwitches = {
  refuse: 'none',
  challenge: 'resource_metadata',
  challengeScope: null,
  writeScope: 'tools:write',
  metadata: 'path',
  metadataChanges: {},
  ...config,
}
const RESOURCES = ['/mcp', '/sse', '/modern', '/api']
const WELL_KNOWN = '/.well-known/oauth-protected-resource'
const access = new AccessCheck(config, switches)
const mcp = new ProtectedMcp()
const seen: SeenRequest[] = []
let origin = ''

async function control(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'POST') Object.assign(switches, JSON.parse(await readBody(request)) as object)
  if (request.method === 'POST' && switches.refuse === 'seen') {
    access.refuseSeen()
    switches.refuse = 'none'
  }
  respond(response, 200, 'application/json', JSON.stringify({ requests: seen }))
}

function notFound(response: ServerResponse): void {
  respond(response, 404, 'application/json', '{"error":"not_found"}')
}

function metadata(path: string, response: ServerResponse): void {
  const place = path.slice(WELL_KNOWN.length)
  const isThere =
    switches.metadata === 'path' ? RESOURCES.includes(place) : switches.metadata === 'root' && place === ''
  if (!isThere) {
    notFound(response)
    return
  }
  const document = {
    resource: origin + place,
    authorization_servers: config.issuers,
    bearer_methods_supported: ['header'],
    scopes_supported: ['tools:read', 'tools:write'],
    ...switches.metadataChanges,
  }
  respond(response, 200, 'application/json', JSON.stringify(document))
}

function rpcOf(body: unknown): string | undefined {
  const { method, params } = (body ?? {}) as { method?: string; params?: { name?: string } }
  return method === 'tools/call' ? `tools/call ${params?.name}` : method
}

async function guarded(path: string, request: McpRequest, response: ServerResponse): Promise<void> {
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
  seen.push(entry)

  const writes = rpc === 'tools/call write' || (resource === '/api' && request.method !== 'GET')
  const result = await access.check(origin + resource, token, writes ? 'tools:write' : undefined)
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
  await mcp.answer(path, request, response, body)
}

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', origin)
  if (pathname === '/control') void control(request, response)
  else if (pathname.startsWith(WELL_KNOWN)) metadata(pathname, response)
  else void guarded(pathname, request, response)
})
server.listen(config.port ?? 0, '127.0.0.1', () => {
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  console.log(JSON.stringify({ origin, control: `${origin}/control` }))
})
