/**
 * A real authorization server, `oidc-provider`, where whoever comes is signed in and agrees at once. It has code with PKCE,
 * refresh rotation, client credentials, private_key_jwt, registration, resource indicators, `iss`, introspection, revocation.
 * `node oidc-provider-server.ts [CONFIG]`, JSON: see authorization/switches.ts. Prints `{"issuer","control"}`.
 * `POST control` changes switches or forgets records, `GET control` answers `{"requests"}`: what was asked of it so far.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AuthorizationServerMemory } from './authorization/memory.ts'
import { surround } from './authorization/middleware.ts'
import { createProvider } from './authorization/provider.ts'
import type { AuthorizationServerConfig, Forget, RecordedRequest, Switches } from './authorization/switches.ts'
import { readBody, respond } from './http-text.ts'

// The provider warns of what is only for tests, and the first line is for the issuer.
console.info = console.warn = () => undefined

const config = JSON.parse(process.argv[2] ?? '{}') as AuthorizationServerConfig
const path = config.path ?? ''
const switches: Switches = {
  accessTokenSeconds: 3600,
  refreshTokenSeconds: 86_400,
  refreshTokens: 'always',
  rotateRefreshTokens: true,
  consent: 'granted',
  grantedScopes: null,
  endpoints: {},
  ...config,
}
const memory = new AuthorizationServerMemory()
const recorded: RecordedRequest[] = []

async function control(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'POST') {
    const { forget = [], endpoints, ...changes } = JSON.parse(await readBody(request)) as Partial<Switches> & Forget
    Object.assign(switches, changes)
    Object.assign(switches.endpoints, endpoints)
    for (const kind of forget) memory.forget(kind)
  }
  respond(response, 200, 'application/json', JSON.stringify({ requests: recorded }))
}

/** The provider serves the root; a path before that is taken off, and its metadata found in front of it (RFC 8414, 3.1). */
function underPath(request: IncomingMessage): boolean {
  const url = request.url ?? '/'
  const wellKnown = /^(\/\.well-known\/(?:oauth-authorization-server|openid-configuration))(\/[^?]*)?/.exec(url)
  const inner = wellKnown
    ? (wellKnown[2] ?? '') === path && wellKnown[1]
    : url.startsWith(`${path}/`) && url.slice(path.length)
  if (inner === false || inner === undefined) return false
  Object.assign(request, { originalUrl: path + inner, url: inner })
  return true
}

const server = createServer((request, response) => {
  if (request.url === '/control') void control(request, response)
  else if (underPath(request)) answer(request, response)
  else respond(response, 404, 'application/json', '{"error":"not_found"}')
})
let answer: (request: IncomingMessage, response: ServerResponse) => unknown
server.listen(config.port ?? 0, '127.0.0.1', () => {
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = createProvider(origin + path, config, switches, memory)
  surround(provider, config, switches, recorded)
  answer = provider.callback()
  console.log(JSON.stringify({ issuer: origin + path, control: `${origin}/control` }))
})
