import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { McpSettings, TestResult } from '../../../src/shared/contract/integrations.ts'
import { probeConnection } from '../../../src/main/upstream/probe.ts'
import type { UpstreamSecrets } from '../../../src/main/upstream/upstream.ts'
import { FakeTokenSource, signInNeeded } from '../../helpers/fake-token-source.ts'
import { startBadHttpServer, type BadHttpServer } from '../../servers/bad-http-server.ts'
import { startTokenGuard, type TokenGuard } from '../../servers/token-guard.ts'
import { clientInfo, Harness, http, limitsForTests, noSecrets, silentLog, sse } from './harness.ts'

const METADATA = 'Bearer resource_metadata="https://x.example/.well-known/oauth-protected-resource"'
const HINT = 'This server wants a sign-in (OAuth). Choose OAuth 2.'

let bad: BadHttpServer
let test: Harness
let guard: TokenGuard

beforeAll(async () => {
  bad = await startBadHttpServer()
  test = new Harness()
})
beforeEach(async () => {
  guard = await startTokenGuard(new URL(bad.url('x')).origin)
})
afterEach(() => guard.close())
afterAll(async () => {
  await test.close()
  await bad.close()
})

async function probe(mcp: McpSettings, secrets: UpstreamSecrets = noSecrets): Promise<TestResult> {
  const tries = probeConnection(
    { slug: 'test', mcp, secrets: () => secrets },
    {
      limits: limitsForTests(),
      children: test.children,
      clientInfo,
      signal: new AbortController().signal,
      log: silentLog,
    },
  )
  let next = await tries.next()
  while (next.done !== true) next = await tries.next()
  return next.value
}

/** Whoever has no token gets this answer. */
function challenging(challenge: string | string[] | undefined, status = 401) {
  guard.accepted.add('')
  guard.refuses = () => ({ status, ...(challenge !== undefined && { challenge }) })
}

describe('a connection test of a server that wants a sign-in', () => {
  it.each([
    ['names its metadata', METADATA],
    ['names it behind another challenge', ['Basic realm="x"', `Bearer realm="a, b", ${METADATA.slice(7)}`]],
    ['asks for a bearer token', 'Bearer'],
    ['asks for it in lower case, as the second', 'Basic realm="x", bearer realm="y"'],
  ])('suggests OAuth where it %s', async (_how, challenge) => {
    challenging(challenge)
    for (const settings of [http(guard.url('stream')), sse(guard.url('stream'))]) {
      const result = await probe(settings)
      expect(result).toMatchObject({
        ok: false,
        suggested_auth: 'oauth2',
        suggested_transport: null,
        message: HINT,
        error: { code: 'authorization_required' },
      })
      expect(result.error).not.toHaveProperty('field')
    }
  })

  it.each([
    ['a password', 'Basic realm="Bearer"', 401],
    ['nothing', undefined, 401],
    ['another right', METADATA, 403],
  ])('suggests nothing where it asks for %s', async (_what, challenge, status) => {
    challenging(challenge, status)
    const result = await probe(http(guard.url('stream')))
    expect(result).toMatchObject({ ok: false, suggested_auth: null, error: { field: 'credentials.api_token' } })
  })

  it('says of a token that was refused both what happened and that there is a sign-in', async () => {
    guard.accepted.add('Bearer typed')
    guard.refuses = () => ({ status: 401, challenge: METADATA, body: 'no such key' })
    const typed = { headers: { Authorization: 'Bearer typed' }, env: {} }
    const result = await probe(http(guard.url('stream')), typed)
    expect(result).toMatchObject({
      suggested_auth: 'oauth2',
      message:
        'The server answered 401: the token was not accepted. no such key It also takes a sign-in (OAuth): choose OAuth 2 for that.',
    })
    guard.refuses = () => ({ status: 401, challenge: 'Bearer' })
    expect(await probe(http(guard.url('stream')), typed)).toMatchObject({ suggested_auth: null })
  })

  it('suggests the other transport and a sign-in at once', async () => {
    guard.accepted.add('')
    guard.refuses = ({ verb }) => (verb === 'GET' ? { status: 405 } : { status: 401, challenge: METADATA })
    expect(await probe(sse(guard.url('stream')))).toMatchObject({
      ok: false,
      suggested_transport: 'http',
      suggested_auth: 'oauth2',
      message: `This looks like Streamable HTTP, not SSE. ${HINT}`,
    })
  })
})

describe('a connection test with a token that is renewed', () => {
  it('succeeds, also where the first one has ended', async () => {
    const token = new FakeTokenSource(guard.accepted, 'Bearer expired-access-token')
    const result = await probe(http(guard.url('stream')), { ...noSecrets, token })
    expect(result).toMatchObject({ ok: true, suggested_auth: null, tool_count: 2 })
    expect(token.made).toBe(1)
  })

  it('says who has to do what where there is none, and suggests nothing that is chosen already', async () => {
    const token = new FakeTokenSource(guard.accepted)
    token.failure = signInNeeded()
    const result = await probe(http(guard.url('stream')), { ...noSecrets, token })
    expect(result).toMatchObject({
      ok: false,
      suggested_auth: null,
      message: 'The sign-in has ended. Sign in to test in Gatehouse.',
      error: { code: 'authorization_required' },
    })
    expect(guard.seen).toEqual([])
  })

  it('suggests nothing where the server refuses each of them', async () => {
    const token = new FakeTokenSource(new Set())
    const result = await probe(http(guard.url('stream')), { ...noSecrets, token })
    expect(result).toMatchObject({ ok: false, suggested_auth: null })
    expect(result.message).toContain('a new token was not accepted either')
    expect(result.error).not.toHaveProperty('field')
  })
})
