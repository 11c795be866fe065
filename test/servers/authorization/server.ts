import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { answeredBy, readBody, respond } from '../http-text.ts'
import { listen, type RunningServer } from '../listen.ts'
import { AuthorizationServerMemory } from './memory.ts'
import { surround } from './middleware.ts'
import { createProvider } from './provider.ts'
import type { AuthorizationServerConfig, Forget, RecordedRequest, Switches } from './switches.ts'

/**
 * A real authorization server, `oidc-provider`, where whoever comes is signed in and agrees at once. It has code with PKCE,
 * refresh rotation, client credentials, private_key_jwt, registration, resource indicators, `iss`, introspection, revocation.
 * `POST /control` changes switches or forgets records, `GET /control` answers `{"requests"}`: what was asked of it so far.
 */
export async function serveAuthorization(config: AuthorizationServerConfig): Promise<RunningServer> {
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

  const server = createServer()
  const running = await listen(server, config.port)
  const provider = createProvider(running.origin + path, config, switches, memory)
  surround(provider, config, switches, recorded)
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (request.url === '/control') answeredBy(control(request, response), response)
    else if (underPath(path, request)) answeredBy(answer(request, response), response)
    else respond(response, 404, 'application/json', '{"error":"not_found"}')
  })
  return running
}

/** The provider serves the root; a path before that is taken off, and its metadata found in front of it (RFC 8414, 3.1). */
function underPath(path: string, request: IncomingMessage): boolean {
  const url = request.url ?? '/'
  const wellKnown = /^(\/\.well-known\/(?:oauth-authorization-server|openid-configuration))(\/[^?]*)?/.exec(url)
  const inner = wellKnown
    ? (wellKnown[2] ?? '') === path && wellKnown[1]
    : url.startsWith(`${path}/`) && url.slice(path.length)
  if (inner === false || inner === undefined) return false
  Object.assign(request, { originalUrl: path + inner, url: inner })
  return true
}
