import { describe, expect, it } from 'vitest'
import { RestSettings, type TestResult } from '../../../src/shared/contract/integrations.ts'
import { AppError } from '../../../src/main/base/app-error.ts'
import { fetchDocument } from '../../../src/main/rest/openapi/reading/fetch-document.ts'
import { probeRest } from '../../../src/main/rest/probe-rest.ts'
import { previewTool, tryTool } from '../../../src/main/rest/try-tool.ts'
import type { RestSecrets } from '../../../src/main/upstream/upstream.ts'
import { FakeTokenSource, signInNeeded } from '../../helpers/fake-token-source.ts'
import { echoServer, NO_SECRETS, serveRest, type Sent } from './rest-harness.ts'

const OLD = 'Bearer expired-access-token'
const NO_SCOPE = 'Bearer error="insufficient_scope", scope="notes:write"'
const tools = [
  { name: 'get', method: 'GET', path: '/x' },
  { name: 'add', method: 'POST', path: '/x', body: { content_type: 'application/json', schema: {} } },
]

interface Refusal {
  status: number
  challenge?: string | string[]
}

/** An API that wants one of `accepted`. */
async function guardedApi(refuses: (sent: Sent) => Refusal | undefined = () => undefined) {
  const accepted = new Set<string>()
  const { origin, sent } = await echoServer((told, _request, response) => {
    const isKnown = accepted.has(told.headers.authorization ?? '')
    const refusal = isKnown ? refuses(told) : { status: 401, challenge: 'Bearer error="invalid_token"' }
    response.setHeader('content-type', 'application/json')
    if (refusal?.challenge !== undefined) response.setHeader('www-authenticate', refusal.challenge)
    response.writeHead(refusal?.status ?? 200)
    response.end(refusal ? JSON.stringify({ message: `Not with ${told.headers.authorization}` }) : '{"ok":true}')
  })
  return { origin, sent, accepted, tokens: new FakeTokenSource(accepted) }
}

describe('a REST API with a token that is renewed', () => {
  it('asks for one before anything is sent, and sends it in place of an Authorization of the settings', async () => {
    const { origin, sent, tokens } = await guardedApi()
    const headers = { authorization: 'Basic d3Jvbmc=', 'X-Other': 'kept' }
    const { call, upstream } = serveRest({ base_url: origin, tools, headers }, { token: tokens })
    expect((await call('get')).structuredContent).toEqual({ ok: true })
    expect(sent.map((each) => [each.headers.authorization, each.headers['x-other']])).toEqual([[tokens.now, 'kept']])
    expect(sent[0]?.rawHeaders.filter((name) => name.toLowerCase() === 'authorization')).toHaveLength(1)
    expect(tokens.made).toBe(1)
    expect(upstream.connection.state).toBe('connected')
  })

  it('renews it once for fifty calls at once, and repeats what was refused', { timeout: 60_000 }, async () => {
    const { origin, sent, tokens } = await guardedApi()
    tokens.now = OLD
    const { call, states } = serveRest({ base_url: origin, tools, max_concurrency: 50 }, { token: tokens })
    const answers = await Promise.all(Array.from({ length: 50 }, (_, id) => call('add', { body: { id } })))
    expect(answers.every(({ structuredContent }) => structuredContent !== undefined)).toBe(true)
    expect(tokens.made).toBe(1)
    expect(tokens.asked[0]).toEqual({ authorization: OLD, status: 401, challenge: 'Bearer error="invalid_token"' })
    const taken = sent.filter(({ headers }) => headers.authorization === tokens.now)
    expect(new Set(taken.map(({ body }) => body.toString())).size).toBe(50)
    expect(taken).toHaveLength(50)
    expect(states).not.toContain('needs_auth')
  })

  it('takes the words of who gives it to the agent, and shows that somebody has to sign in', async () => {
    const { origin, sent, tokens } = await guardedApi()
    tokens.failure = signInNeeded()
    const { call, upstream } = serveRest({ base_url: origin, tools }, { token: tokens })
    await expect(call('get')).rejects.toMatchObject({
      code: 'authorization_required',
      message: 'The sign-in has ended. Sign in to test in Gatehouse.',
    })
    expect(upstream.connection).toMatchObject({ state: 'needs_auth', error: { message: tokens.failure.message } })
    expect(sent).toEqual([])
    tokens.failure = undefined
    await call('get')
    expect(upstream.connection).toMatchObject({ state: 'connected', error: null })
  })

  it('shows from the start that somebody has to sign in', async () => {
    const { origin, tokens } = await guardedApi()
    tokens.failure = signInNeeded()
    const { upstream } = serveRest({ base_url: origin, tools }, { token: tokens })
    await expect.poll(() => upstream.connection.state).toBe('needs_auth')
    tokens.failure = undefined
    upstream.restart()
    await expect.poll(() => upstream.connection.state).toBe('connected')
  })

  it('hears an API that refuses a new one as well, and says so', async () => {
    const { origin, tokens, sent } = await guardedApi(() => ({ status: 401 }))
    const { call, upstream } = serveRest({ base_url: origin, tools }, { token: tokens })
    const result = await call('get')
    expect(result.isError).toBe(true)
    expect(sent).toHaveLength(2)
    expect(upstream.connection).toMatchObject({
      state: 'needs_auth',
      error: {
        message: 'The API answered 401 to get: a new token was not accepted either. Sign in again in Gatehouse.',
      },
    })
    // Neither of the two that were sent is repeated to an agent.
    expect(result.json).not.toContain('access-token')
    expect(result.json).toContain('[redacted]')
  })

  it('gets more scopes for a call that needs them', async () => {
    const challenge = ['Basic realm="a"', NO_SCOPE]
    const { origin, tokens } = await guardedApi(({ headers }) =>
      headers.authorization === 'Bearer made-access-token-1' ? { status: 403, challenge } : undefined,
    )
    const { call } = serveRest({ base_url: origin, tools }, { token: tokens })
    expect((await call('add', { body: 1 })).structuredContent).toEqual({ ok: true })
    expect(tokens.asked.at(-1)).toMatchObject({ status: 403, challenge: challenge.join(', ') })
  })

  it('fails one call for scopes that only a person can grant', async () => {
    const { origin, tokens } = await guardedApi(({ method }) =>
      method === 'POST' ? { status: 403, challenge: NO_SCOPE } : undefined,
    )
    const { call, upstream } = serveRest({ base_url: origin, tools }, { token: tokens })
    await call('get')
    tokens.failure = new AppError('authorization_required', { message: 'Sign in again to grant notes:write.' })
    await expect(call('add', { body: 1 })).rejects.toThrow('Sign in again to grant notes:write.')
    expect(upstream.connection.state).toBe('connected')
    expect((await call('get')).structuredContent).toEqual({ ok: true })
  })

  it('asks for none after a 403 about something else', async () => {
    const { origin, tokens, sent } = await guardedApi(() => ({ status: 403, challenge: 'Bearer realm="x"' }))
    const { call } = serveRest({ base_url: origin, tools }, { token: tokens })
    expect((await call('get')).isError).toBe(true)
    expect(sent).toHaveLength(1)
  })

  it('no longer waits for one when the caller has gone', async () => {
    const { origin, tokens, sent } = await guardedApi()
    tokens.delay = new Promise(() => undefined)
    const { call } = serveRest({ base_url: origin, tools }, { token: tokens })
    const caller = new AbortController()
    const calling = call('get', {}, caller.signal)
    await expect.poll(() => tokens.asked.length).toBeGreaterThan(0)
    caller.abort(new Error('the caller left'))
    await expect(calling).rejects.toThrow('the caller left')
    expect(sent).toEqual([])
  })

  it('waits for one no longer than for the API', { timeout: 30_000 }, async () => {
    const { origin, tokens } = await guardedApi()
    tokens.delay = new Promise(() => undefined)
    const { call } = serveRest({ base_url: origin, tools, timeout_s: 1 }, { token: tokens })
    await expect(call('get')).rejects.toThrow('The server that gives the tokens did not answer in 1 s.')
  })

  it('gives it to no other origin, neither by a tool nor by a redirect, unless an admin named that', async () => {
    const elsewhere = await echoServer()
    const { origin, tokens } = await guardedApi(() => undefined)
    const away = await echoServer((_sent, _request, response) =>
      response.writeHead(307, { location: `${elsewhere.origin}/redirected` }).end(),
    )
    const foreign = { name: 'foreign', method: 'GET', path: '/x', base_url: elsewhere.origin }
    const { call } = serveRest({ base_url: origin, tools: [...tools, foreign] }, { token: tokens })
    await call('foreign')
    expect(elsewhere.sent.map(({ headers }) => headers.authorization)).toEqual([undefined])
    await serveRest({ base_url: away.origin, tools }, { token: tokens }).call('get')
    expect(away.sent.at(-1)?.headers.authorization).toBe(tokens.now)
    expect(elsewhere.sent).toHaveLength(1)
    const trusted = serveRest(
      { base_url: origin, tools: [foreign], credential_origins: [elsewhere.origin] },
      { token: tokens },
    )
    await trusted.call('foreign')
    expect(elsewhere.sent.at(-1)?.headers.authorization).toBe(tokens.now)
  })

  it('keeps it within an origin that redirects', async () => {
    const { origin, sent, tokens, accepted } = await guardedApi()
    const moved = await echoServer((told, _request, response) => {
      if (told.url === '/x') response.writeHead(307, { location: '/y' }).end()
      else response.writeHead(accepted.has(told.headers.authorization ?? '') ? 200 : 401).end()
    })
    tokens.now = OLD
    const result = await serveRest({ base_url: moved.origin, tools }, { token: tokens }).call('get')
    expect(result.isError).toBeFalsy()
    expect(moved.sent.map(({ url }) => url)).toEqual(['/x', '/y', '/x', '/y'])
    expect([origin, sent]).toEqual([origin, []])
  })
})

describe('a tool that is tried with a token', () => {
  const settings = (origin: string) => RestSettings.parse({ base_url: origin, tools })
  const [tool] = settings('http://127.0.0.1').tools

  it('is sent with it, and shown without it', async () => {
    const { origin, tokens, sent } = await guardedApi()
    tokens.now = OLD
    const secrets = { ...NO_SECRETS, token: tokens }
    if (!tool) throw new Error('there is a tool')
    const tried = await tryTool({ rest: settings(origin), secrets }, tool, {})
    expect(tried.response?.status).toBe(200)
    expect(tried.request?.headers).toContainEqual(['Authorization', 'Bearer ••••'])
    expect(JSON.stringify(tried)).not.toContain('access-token')
    expect(sent.at(-1)?.headers.authorization).toBe(tokens.now)
    const previewed = await previewTool({ rest: settings(origin), secrets }, tool, {})
    expect(previewed.request?.headers).toContainEqual(['Authorization', 'Bearer ••••'])
  })

  it('says what to do where there is none', async () => {
    const { origin, tokens } = await guardedApi()
    tokens.failure = signInNeeded()
    if (!tool) throw new Error('there is a tool')
    const tried = await tryTool({ rest: settings(origin), secrets: { ...NO_SECRETS, token: tokens } }, tool, {})
    expect(tried.response).toBeNull()
    expect(JSON.stringify(tried.result)).toContain('Sign in to test in Gatehouse.')
  })
})

describe('a document of an API with a token', () => {
  const never = () => new AbortController().signal
  const access = (origin: string, token: FakeTokenSource) => ({
    rest: { base_url: origin, headers: { Authorization: 'Basic d3Jvbmc=' } },
    secrets: { ...NO_SECRETS, token },
  })

  it('is fetched with it', async () => {
    const { origin, tokens, sent } = await guardedApi()
    expect(await fetchDocument(`${origin}/openapi.json`, access(origin, tokens), never())).toBe('{"ok":true}')
    expect(sent.map(({ headers }) => headers.authorization)).toEqual([tokens.now])
  })

  it('is fetched with another one where the first was refused, once', async () => {
    const { origin, tokens, sent } = await guardedApi()
    tokens.now = OLD
    expect(await fetchDocument(origin, access(origin, tokens), never())).toBe('{"ok":true}')
    expect(sent.map(({ headers }) => headers.authorization)).toEqual([OLD, tokens.now])
    expect(tokens.asked).toEqual([{ authorization: OLD, status: 401, challenge: undefined }])
    const refusing = await guardedApi(() => ({ status: 401 }))
    await expect(
      fetchDocument(refusing.origin, access(refusing.origin, refusing.tokens), never()),
    ).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('answered 401') as unknown,
    })
    expect(refusing.sent).toHaveLength(2)
  })

  it('is fetched without it from elsewhere', async () => {
    const { tokens } = await guardedApi()
    const { origin, sent } = await echoServer()
    await fetchDocument(origin, access('https://api.example', tokens), never())
    expect(sent[0]?.headers.authorization).toBeUndefined()
    expect(tokens.asked).toEqual([])
  })

  it('is not fetched where there is none', async () => {
    const { origin, tokens, sent } = await guardedApi()
    tokens.failure = signInNeeded()
    await expect(fetchDocument(origin, access(origin, tokens), never())).rejects.toMatchObject({
      code: 'authorization_required',
    })
    expect(sent).toEqual([])
  })
})

describe('a connection test of a REST API', () => {
  const METADATA = 'Bearer resource_metadata="https://x.example/.well-known/oauth-protected-resource"'

  async function probe(origin: string, secrets: Partial<RestSecrets> = {}): Promise<TestResult> {
    const rest = RestSettings.parse({ base_url: origin, tools })
    const target = { rest, secrets: () => ({ ...NO_SECRETS, ...secrets }) }
    const tries = probeRest(target, { connectTimeoutMs: 2_000, signal: new AbortController().signal })
    let next = await tries.next()
    while (next.done !== true) next = await tries.next()
    return next.value
  }

  const refusing = (challenge?: string) =>
    echoServer((_sent, _request, response) => {
      if (challenge !== undefined) response.setHeader('www-authenticate', challenge)
      response.writeHead(401).end()
    })

  it('suggests OAuth where the API names its metadata', async () => {
    const { origin } = await refusing(METADATA)
    const result = await probe(origin)
    expect(result).toMatchObject({
      ok: false,
      suggested_auth: 'oauth2',
      message: `${new URL(origin).host} answers 401 Unauthorized. This server wants a sign-in (OAuth). Choose OAuth 2.`,
      error: { code: 'authorization_required' },
    })
  })

  it('suggests nothing where it does not, or where a credential was sent', async () => {
    const plain = await refusing('Bearer')
    expect(await probe(plain.origin)).toMatchObject({
      ok: true,
      suggested_auth: null,
      message: expect.stringContaining('wants credentials, and has none') as string,
    })
    const { origin } = await refusing(METADATA)
    const result = await probe(origin, { query: { key: 'typed-key' } })
    expect(result).toMatchObject({ ok: true, suggested_auth: null })
    expect(result.message).toContain('the credentials were not accepted')
  })

  it('sends a token, and another one where it was refused', async () => {
    const { origin, sent, tokens } = await guardedApi()
    tokens.now = OLD
    const result = await probe(origin, { token: tokens })
    expect(result).toMatchObject({ ok: true, suggested_auth: null })
    expect(result.message).toContain('answers 200 OK')
    expect(sent).toHaveLength(2)
  })

  it('says who has to do what where there is none', async () => {
    const { origin, sent, tokens } = await guardedApi()
    tokens.failure = signInNeeded()
    expect(await probe(origin, { token: tokens })).toMatchObject({
      ok: false,
      message: 'The sign-in has ended. Sign in to test in Gatehouse.',
      error: { code: 'authorization_required' },
    })
    expect(sent).toEqual([])
  })
})
