import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { discover, type DiscoverOptions } from '../../../src/main/oauth/discovery.ts'
import { probeChallenge } from '../../../src/main/oauth/first-challenge.ts'
import { oauthFetchFor } from '../../../src/main/oauth/oauth-fetch.ts'
import type { OAuthTarget } from '../../../src/main/oauth/oauth-target.ts'
import { OAuthSettings } from '../../../src/shared/contract/oauth.ts'
import { serveHttp } from '../../helpers/serve-http.ts'

type Reply = Record<string, unknown> | RequestListener

const RESOURCE = '/.well-known/oauth-protected-resource'
const OAUTH = '/.well-known/oauth-authorization-server'
const OPENID = '/.well-known/openid-configuration'

/** Answers at these paths, elsewhere with JSON that there is nothing. */
async function serve(routes: (origin: string) => Record<string, Reply>) {
  const asked: string[] = []
  let replies: Record<string, Reply> = {}
  const origin = await serveHttp((request, response) => {
    asked.push(request.url ?? '')
    const reply = replies[request.url ?? ''] ?? notFound
    if (typeof reply === 'function') reply(request, response)
    else json(response, 200, reply)
  })
  replies = routes(origin)
  return { origin, asked }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
const notFound = (_request: IncomingMessage, response: ServerResponse) => json(response, 404, { error: 'not_found' })

const metadata = (issuer: string, changes: Record<string, unknown> = {}) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  code_challenge_methods_supported: ['plain', 'S256'],
  ...changes,
})

function targetOf(url: string, settings: object = {}, protocol: OAuthTarget['protocol'] = 'mcp'): OAuthTarget {
  return { protocol, url: new URL(url), settings: OAuthSettings.parse(settings), credentials: {} }
}

const find = (target: OAuthTarget, options: Partial<DiscoverOptions> = {}) =>
  discover(target, { fetch: oauthFetchFor(target), ...options })

/** What a server may answer where it has no metadata, and must stop nobody from asking on. */
const nonsense: [name: string, reply: RequestListener][] = [
  [
    'a web page',
    (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>'),
  ],
  ['404 with JSON', notFound],
  ['a list', (_request, response) => json(response, 200, [{ issuer: 'x' }])],
  ['a text', (_request, response) => json(response, 200, 'metadata')],
  ['nothing', (_request, response) => response.writeHead(200).end()],
  ['an error', (_request, response) => response.writeHead(500).end('oops')],
  ['silence', () => undefined],
  ['a cut connection', (request) => request.socket.destroy()],
  ['more than is read', (_request, response) => response.end(`{"issuer":"${'x'.repeat(1_100_000)}"}`)],
  ['a loop of redirects', ({ url = '' }, response) => response.writeHead(302, { location: url }).end()],
]

describe('the metadata of the protected resource', () => {
  it('is asked for where the challenge says', async () => {
    const { origin, asked } = await serve((self) => ({
      '/elsewhere': { resource: `${self}/mcp`, authorization_servers: [self], scopes_supported: ['a', 'b'] },
      [OAUTH]: metadata(self),
    }))
    const challenge = `Basic realm="x", Bearer scope="one two", resource_metadata="${origin}/elsewhere"`
    expect(await find(targetOf(`${origin}/mcp`), { challenge })).toEqual({
      server: metadata(origin),
      resource: `${origin}/mcp`,
      scopes: ['one', 'two'],
      issuers: [origin],
      source: 'protected_resource',
    })
    expect(asked).toEqual(['/elsewhere', OAUTH])
  })

  it('is asked for with the path of the server, then at the root', async () => {
    const { origin, asked } = await serve((self) => ({
      [RESOURCE]: { resource: self, authorization_servers: [self], scopes_supported: ['a', 'b'] },
      [OAUTH]: metadata(self),
    }))
    expect(await find(targetOf(`${origin}/a/mcp/`))).toMatchObject({ resource: origin, scopes: ['a', 'b'] })
    expect(asked).toEqual([`${RESOURCE}/a/mcp`, RESOURCE, OAUTH])
  })

  it.each(nonsense)('is asked for at the next address after %s', async (_name, reply) => {
    const { origin } = await serve((self) => ({
      '/named': reply,
      [`${RESOURCE}/mcp`]: reply,
      [RESOURCE]: { resource: self, authorization_servers: [`${self}/tenant`] },
      [`${OAUTH}/tenant`]: reply,
      [`${OPENID}/tenant`]: reply,
      [`/tenant${OPENID}`]: metadata(`${self}/tenant`),
    }))
    const options = { challenge: `Bearer resource_metadata="${origin}/named"`, timeoutMs: 2_000 }
    expect(await find(targetOf(`${origin}/mcp`), options)).toMatchObject({
      server: { issuer: `${origin}/tenant` },
      scopes: undefined,
      source: 'protected_resource',
    })
  })

  it.each(['https://elsewhere.example/mcp', '/mcp', 'other', 'mcpx'])('about %s is a reason to stop', async (path) => {
    const { origin, asked } = await serve((self) => ({
      [`${RESOURCE}/mcp`]: { resource: URL.canParse(path) ? path : `${self}:1/${path}`, authorization_servers: [self] },
      [OAUTH]: metadata(self),
    }))
    await expect(find(targetOf(`${origin}/mcp`))).rejects.toMatchObject({ reason: 'resource_mismatch' })
    expect(asked).toEqual([`${RESOURCE}/mcp`])
    // An admin who knows the issuer does not need it.
    const found = await find(targetOf(`${origin}/mcp`, { issuer: origin }))
    expect(found).toMatchObject({ source: 'issuer', resource: `${origin}/mcp`, scopes: undefined })
  })

  it('may name several servers: the first counts, or the one that is chosen', async () => {
    const { origin } = await serve((self) => ({
      [`${RESOURCE}/mcp`]: { resource: `${self}/mcp`, authorization_servers: [`${self}/a`, `${self}/b`] },
      [`${OAUTH}/a`]: metadata(`${self}/a`),
      [`${OAUTH}/b`]: metadata(`${self}/b`),
    }))
    const issuers = [`${origin}/a`, `${origin}/b`]
    expect(await find(targetOf(`${origin}/mcp`))).toMatchObject({ server: { issuer: `${origin}/a` }, issuers })
    const chosen = await find(targetOf(`${origin}/mcp`, { issuer: `${origin}/b` }))
    expect(chosen).toMatchObject({ server: { issuer: `${origin}/b` }, issuers, source: 'issuer' })
  })

  it('names servers and scopes that are none, or hundreds of them: what can be used is taken', async () => {
    const many = Array.from({ length: 300 }, (_, each) => `scope-${each}`)
    const { origin } = await serve((self) => ({
      [`${RESOURCE}/mcp`]: {
        resource: `${self}/mcp`,
        authorization_servers: ['javascript:alert(1)', ...Array.from({ length: 30 }, (_, each) => `${self}/${each}`)],
        scopes_supported: ['tökén', 'x'.repeat(257), ...many],
      },
      [`${OAUTH}/0`]: metadata(`${self}/0`),
    }))
    const issuers = Array.from({ length: 20 }, (_, each) => `${origin}/${each}`)
    const scopes = many.slice(0, 200)
    const found = { server: { issuer: `${origin}/0` }, issuers, scopes }
    expect(await find(targetOf(`${origin}/mcp`))).toMatchObject(found)
    const challenge = `Bearer scope="tökén a\\\\b"`
    expect(await find(targetOf(`${origin}/mcp`), { challenge })).toMatchObject({ scopes })
    const wanted = await find(targetOf(`${origin}/mcp`), { challenge: `Bearer scope="tökén x ${many.join(' ')}"` })
    expect(wanted).toMatchObject({ scopes: ['x', ...many.slice(0, 199)] })
  })

  it('without any server is not enough', async () => {
    const { origin } = await serve((self) => ({ [RESOURCE]: { resource: self }, [OAUTH]: metadata(self) }))
    await expect(find(targetOf(`${origin}/mcp`))).rejects.toMatchObject({
      reason: 'no_metadata',
      fix: expect.stringContaining('issuer') as string,
    })
  })

  it.each([
    'http://auth.example',
    'javascript:alert(1)',
    'https://a:b@auth.example',
    'https://auth.example?x=1',
    '',
    'x',
  ])('does not lead to %s', async (issuer) => {
    const { origin } = await serve((self) => ({ [RESOURCE]: { resource: self, authorization_servers: [issuer] } }))
    await expect(find(targetOf(`${origin}/mcp`))).rejects.toMatchObject({ reason: 'refused_address' })
  })

  it('of a server of the internet does not lead inside', async () => {
    const inside = await serve((self) => ({ [OAUTH]: metadata(self) }))
    const outside = await serve(() => ({
      [RESOURCE]: { resource: 'https://203.0.113.1', authorization_servers: [inside.origin] },
    }))
    const target = targetOf('https://203.0.113.1/mcp')
    const safe = oauthFetchFor(target)
    const fetch: typeof safe = (url, request) => {
      const { origin, pathname } = new URL(url)
      // Stands in for the server of the internet, whose documents are found on this machine.
      return origin === target.url.origin ? globalThis.fetch(outside.origin + pathname) : safe(url, request)
    }
    await expect(find(target, { fetch })).rejects.toMatchObject({ reason: 'refused_address' })
    expect(outside.asked).toContain(RESOURCE)
    expect(inside.asked).toEqual([])
  })
})

describe('the metadata of the authorization server', () => {
  it.each([
    ['/tenant', [`${OAUTH}/tenant`, `${OPENID}/tenant`, `/tenant${OPENID}`]],
    ['/a/b/', [`${OAUTH}/a/b`, `${OPENID}/a/b`, `/a/b${OPENID}`]],
    ['', [OAUTH, OPENID]],
  ])('is asked for in the order of the issuer %s', async (path, addresses) => {
    const { origin, asked } = await serve(() => ({}))
    const failure = await find(targetOf(`${origin}/api`, { issuer: origin + path }, 'rest')).catch(
      (error: unknown) => error,
    )
    expect(asked).toEqual(addresses)
    expect(failure).toMatchObject({ reason: 'no_metadata' })
    for (const address of addresses) expect((failure as Error).message).toContain(`${origin}${address} (answered 404)`)
  })

  it.each([
    ['another server', 'https://attacker.example'],
    ['a path', '/other'],
    ['nothing', undefined],
    ['a number', 1],
  ])('is not used where it is of %s', async (_what, issuer) => {
    const { origin } = await serve((self) => {
      const wrong = typeof issuer === 'string' && issuer.startsWith('/') ? self + issuer : issuer
      return {
        [OAUTH]: { ...metadata(self), issuer: wrong },
        [RESOURCE]: { resource: self, authorization_servers: [self] },
      }
    })
    await expect(find(targetOf(`${origin}/mcp`))).rejects.toMatchObject({ reason: 'issuer_mismatch' })
    const alone = targetOf(`${origin}/api`, {}, 'rest')
    await expect(find(alone)).rejects.toMatchObject({ reason: 'issuer_mismatch' })
  })

  it('may write a slash alone behind the host or not: what it says counts', async () => {
    const { origin } = await serve((self) => ({
      [OAUTH]: metadata(self),
      [RESOURCE]: { resource: `${self}/`, authorization_servers: [`${self}/`] },
    }))
    expect((await find(targetOf(`${origin}/mcp`))).server.issuer).toBe(origin)
  })

  it.each(['authorization_endpoint', 'token_endpoint', 'registration_endpoint'])(
    'is not used with a bad %s',
    async (name) => {
      for (const endpoint of [
        'http://auth.example/x',
        'javascript:alert(1)',
        'file:///etc/passwd',
        'vscode:x',
        'a:$(calc)',
        'https://a:b@auth.example/',
        'https://auth.example/\n--x',
        'https://auth.example/ x',
        '/relative',
        7,
      ]) {
        const { origin } = await serve((self) => ({ [OAUTH]: metadata(self, { [name]: endpoint }) }))
        const failure = find(targetOf(`${origin}/api`, { issuer: origin }, 'rest'))
        await expect(failure, String(endpoint)).rejects.toMatchObject({
          reason: 'refused_address',
          message: expect.stringContaining(name) as string,
        })
      }
    },
  )

  it('is used without the parts that one can do without', async () => {
    const { origin } = await serve((self) => ({
      [OAUTH]: metadata(self, {
        revocation_endpoint: 'http://auth.example/revoke',
        scopes_supported: 'a b',
        grant_types_supported: ['authorization_code', 7],
        client_id_metadata_document_supported: 'yes',
        authorization_response_iss_parameter_supported: true,
        registration_endpoint: null,
        signed_metadata: 'x',
      }),
    }))
    const { server } = await find(targetOf(`${origin}/api`, { issuer: origin }, 'rest'))
    expect(server).toEqual(metadata(origin, { authorization_response_iss_parameter_supported: true }))
  })

  it('is passed over without a token endpoint', async () => {
    const { origin } = await serve((self) => ({
      [OAUTH]: { issuer: self, authorization_endpoint: `${self}/authorize` },
      [OPENID]: metadata(self),
    }))
    const found = await find(targetOf(`${origin}/api`, { issuer: origin }, 'rest'))
    expect(found.server.token_endpoint).toBe(`${origin}/token`)
  })

  it.each([undefined, [], ['plain'], 'S256', [1]])('has to say that it checks PKCE: %s', async (methods) => {
    const { origin } = await serve((self) => ({
      [OAUTH]: metadata(self, { code_challenge_methods_supported: methods }),
    }))
    const url = `${origin}/mcp`
    await expect(find(targetOf(url))).rejects.toMatchObject({ reason: 'pkce_unsupported' })
    expect(await find(targetOf(url, { allow_unadvertised_pkce: true }))).toMatchObject({ source: 'origin' })
    expect(await find(targetOf(url, { grant_type: 'client_credentials' }))).toMatchObject({ source: 'origin' })
  })

  it('has to have a page where a person signs in, if one is to', async () => {
    const { origin } = await serve((self) => ({ [OAUTH]: metadata(self, { authorization_endpoint: undefined }) }))
    await expect(find(targetOf(`${origin}/mcp`))).rejects.toMatchObject({
      fix: expect.stringContaining('client cred') as string,
    })
    expect(await find(targetOf(`${origin}/mcp`, { grant_type: 'client_credentials' }))).toMatchObject({
      server: { token_endpoint: `${origin}/token` },
    })
  })
})

describe('a server without metadata of its resource', () => {
  it('is its own authorization server', async () => {
    const { origin, asked } = await serve((self) => ({ [OAUTH]: metadata(self) }))
    expect(await find(targetOf(`${origin}/a/mcp`))).toMatchObject({
      server: { issuer: origin },
      resource: `${origin}/a/mcp`,
      issuers: [origin],
      source: 'origin',
    })
    expect(asked).toEqual([`${RESOURCE}/a/mcp`, RESOURCE, OAUTH])
  })

  it.each(['404 with JSON', 'a web page'])('has the default paths where it has none at all: %s', async (name) => {
    const reply = nonsense.find(([each]) => each === name)?.[1] ?? notFound
    const { origin } = await serve(() => ({
      [`${RESOURCE}/mcp`]: reply,
      [RESOURCE]: reply,
      [OAUTH]: reply,
      [OPENID]: reply,
    }))
    expect(await find(targetOf(`${origin}/mcp`))).toEqual({
      server: {
        issuer: origin,
        authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/token`,
        registration_endpoint: `${origin}/register`,
      },
      resource: `${origin}/mcp`,
      scopes: undefined,
      issuers: [origin],
      source: 'origin',
    })
  })

  it.each(['an error', 'silence', 'a cut connection'])('has no default paths after %s', async (name) => {
    const reply = nonsense.find(([each]) => each === name)?.[1] ?? notFound
    const { origin } = await serve(() => ({ [OAUTH]: reply }))
    const failure = find(targetOf(`${origin}/mcp`), { timeoutMs: 2_000 })
    await expect(failure).rejects.toMatchObject({
      reason: 'no_metadata',
      message: expect.stringContaining(OAUTH) as string,
    })
  })

  it('that is not there is said to be unreachable', async () => {
    const failure = find(targetOf('http://127.0.0.1:1/mcp'))
    await expect(failure).rejects.toMatchObject({
      reason: 'unreachable',
      message: expect.stringContaining('no answer') as string,
    })
  })

  it('has to have metadata at its origin where it is a REST API', async () => {
    const bare = await serve(() => ({}))
    await expect(find(targetOf(`${bare.origin}/v1`, {}, 'rest'))).rejects.toMatchObject({ reason: 'no_metadata' })
    const { origin } = await serve((self) => ({ [OPENID]: metadata(self) }))
    const found = await find(targetOf(`${origin}/v1`, {}, 'rest'))
    expect(found).toMatchObject({ source: 'origin', resource: undefined })
  })
})

describe('settings go before what is found', () => {
  it('typed endpoints are taken as they are, and nothing is asked', async () => {
    const { origin, asked } = await serve(() => ({}))
    const settings = { token_url: `${origin}/t`, authorization_url: `${origin}/a`, revocation_url: `${origin}/r` }
    const challenge = 'Bearer scope="x"'
    expect(await find(targetOf(`${origin}/mcp`, settings), { challenge })).toEqual({
      server: {
        issuer: origin,
        authorization_endpoint: `${origin}/a`,
        token_endpoint: `${origin}/t`,
        revocation_endpoint: `${origin}/r`,
      },
      resource: `${origin}/mcp`,
      scopes: ['x'],
      issuers: [origin],
      source: 'typed',
    })
    const rest = await find(targetOf(`${origin}/v1`, { ...settings, issuer: `${origin}/i` }, 'rest'))
    expect(rest).toMatchObject({ server: { issuer: `${origin}/i` }, resource: undefined })
    expect(asked).toEqual([])
  })

  it('a token URL alone is enough for a program, not for a person', async () => {
    const typed = { token_url: 'https://auth.example/token' }
    await expect(find(targetOf('https://api.example', typed))).rejects.toMatchObject({ reason: 'settings' })
    const found = await find(targetOf('https://api.example', { ...typed, grant_type: 'client_credentials' }))
    expect(found.server).toEqual({ issuer: 'https://auth.example', token_endpoint: typed.token_url })
  })

  it('the resource is sent as it was typed', async () => {
    const { origin } = await serve((self) => ({
      [RESOURCE]: { resource: self, authorization_servers: [self] },
      [OAUTH]: metadata(self),
    }))
    const found = await find(targetOf(`${origin}/mcp`, { resource: 'https://api.example/v2' }))
    expect(found.resource).toBe('https://api.example/v2')
  })
})

describe('the first challenge', () => {
  const challenge = 'Basic realm="x", Bearer scope="a"'
  const probe = (url: string, protocol: OAuthTarget['protocol'] = 'mcp') => {
    const target = targetOf(url, {}, protocol)
    return probeChallenge(target, oauthFetchFor(target))
  }
  const refuse: RequestListener = (_request, response) =>
    response.writeHead(401, { 'www-authenticate': ['Basic realm="x"', 'Bearer scope="a"'] }).end()
  it('comes from an MCP server by a first message without a token', async () => {
    const seen: string[] = []
    const { origin } = await serve(() => ({
      '/mcp': (request, response) => {
        seen.push(`${request.method ?? ''} ${request.headers.authorization ?? '-'}`)
        refuse(request, response)
      },
    }))
    expect(await probe(`${origin}/mcp`)).toBe(challenge)
    expect(seen).toEqual(['POST -'])
  })

  it('comes from a server that lets everybody begin, and wants a token for its tools', async () => {
    const { origin } = await serve(() => ({
      '/mcp': (request, response) => {
        void text(request).then((body) => {
          if (body.includes('tools/list')) refuse(request, response)
          else response.end('{"jsonrpc":"2.0","id":1,"result":{}}')
        })
      },
    }))
    expect(await probe(`${origin}/mcp`)).toBe(challenge)
  })

  it('comes from a server of HTTP with SSE by a GET', async () => {
    const { origin } = await serve(() => ({
      '/sse': (request, response) => {
        if (request.method === 'GET') refuse(request, response)
        else response.writeHead(405).end()
      },
    }))
    expect(await probe(`${origin}/sse`)).toBe(challenge)
  })

  it('comes from a REST API by a GET of its base URL', async () => {
    const { origin } = await serve(() => ({
      '/v1': (request, response) => {
        if (request.method === 'GET') refuse(request, response)
        else response.writeHead(405).end()
      },
    }))
    expect(await probe(`${origin}/v1`, 'rest')).toBe(challenge)
  })

  it('is none where nobody answers, or nobody refuses', async () => {
    const { origin } = await serve(() => ({
      '/open': { ok: true },
      '/stream': (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n')
      },
      '/silent': (request) => request.socket.destroy(),
    }))
    for (const path of ['/open', '/stream', '/silent', '/nowhere'])
      expect(await probe(origin + path), path).toBeUndefined()
  })
})
