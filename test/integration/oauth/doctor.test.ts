import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { Redactor } from '../../../src/main/base/redact.ts'
import { beginAuthorization } from '../../../src/main/oauth/authorization-request.ts'
import { diagnose, type DoctorOptions } from '../../../src/main/oauth/doctor.ts'
import { oauthFetchFor } from '../../../src/main/oauth/oauth-fetch.ts'
import { clientFor } from '../../../src/main/oauth/registration.ts'
import { clientCredentials } from '../../../src/main/oauth/token-requests.ts'
import type { TestResult } from '../../../src/shared/contract/integrations.ts'
import { OAuthSettings, type DoctorReport, type DoctorStep } from '../../../src/shared/contract/oauth.ts'
import { serveHttp } from '../../helpers/serve-http.ts'
import { machine, startLife, startServers } from './life-fixture.ts'

type Life = Awaited<ReturnType<typeof startLife>>

let servers: Awaited<ReturnType<typeof startServers>>
beforeAll(async () => {
  servers = await startServers()
})
afterAll(() => servers.stop())

const result = (status: number) =>
  ({
    ok: status === 200,
    message: status === 200 ? 'Connected. 3 tools found.' : `It answered ${status}.`,
  }) as TestResult

async function examine(life: Life, changes: Partial<DoctorOptions> = {}) {
  const keeper = life.keeper()
  const told: DoctorStep[] = []
  const diagnosis = diagnose({
    title: 'The API',
    target: life.target,
    records: structuredClone(life.stored.records),
    redirectUri: keeper.status().redirect_uri,
    status: () => keeper.status(),
    token: keeper,
    fetch: (target, options) => oauthFetchFor(target, options),
    protocol: { clientFor, beginAuthorization, clientCredentials },
    call: async () => result(await life.call()),
    redactor: new Redactor(),
    signal: new AbortController().signal,
    ...changes,
  })
  let report: DoctorReport | undefined
  while (report === undefined) {
    const next = await diagnosis.next()
    if (next.done === true) report = next.value
    else told.push(next.value)
  }
  const states = Object.fromEntries(report.steps.map(({ step, state }) => [step, state]))
  const step = (name: DoctorStep['step']) => report.steps.find((each) => each.step === name)
  return { report, told, states, step }
}

describe('a diagnosis', () => {
  it('goes through all that works, tells each step twice, and shows no secret', async () => {
    const life = await startLife(servers)
    await life.signIn()
    const before = await life.tokenRequests()
    const { report, told, states, step } = await examine(life)

    expect(states).toEqual({
      resource: 'ok',
      authorization_server: 'ok',
      registration: 'ok',
      authorization: 'ok',
      token: 'ok',
      call: 'ok',
    })
    expect(report).toMatchObject({ ok: true, message: 'It works. Connected. 3 tools found.' })
    expect(told.map(({ state }) => state)).toEqual(report.steps.flatMap(({ state }) => ['running', state]))
    expect(step('authorization_server')?.message).toContain(life.as.issuer)
    expect(step('authorization_server')?.exchanges.map(({ status }) => status)).toContain(200)
    expect(report.text).toContain(`GET ${life.as.issuer}/.well-known/`)
    const { grant } = life.stored.records
    for (const secret of [grant?.accessToken, grant?.refreshToken]) {
      expect(secret).toBeTruthy()
      expect(JSON.stringify(report)).not.toContain(secret)
    }
    // Nobody was signed in, nothing renewed or registered.
    expect(await life.tokenRequests()).toEqual(before)
  })

  it('says that nobody has signed in, and registers nothing to find out', async () => {
    const life = await startLife(servers)
    const registrations = (await life.as.requests('registration')).length
    const { report, states, step } = await examine(life)
    expect(states).toMatchObject({ registration: 'ok', authorization: 'failed', token: 'skipped', call: 'skipped' })
    expect(step('authorization')).toMatchObject({ fix: 'Sign in to The API in Gatehouse.' })
    expect(report).toMatchObject({ ok: false, message: 'It does not work yet: see step 4, the sign-in.' })
    expect(report.text.match(/Nobody has signed in yet\./g)).toHaveLength(1)
    expect((await life.as.requests('registration')).length).toBe(registrations)
  })

  it('says that the sign-in page does not know the client', async () => {
    const life = await startLife(servers, { settings: { client_id: 'unknown-client' } })
    const { states, step } = await examine(life)
    expect(states).toMatchObject({ registration: 'ok', authorization: 'failed' })
    expect(step('authorization')).toMatchObject({
      message: expect.stringContaining('answers 400') as string,
      fix: expect.stringContaining(life.keeper().status().redirect_uri) as string,
    })
    const [asked] = step('authorization')?.exchanges ?? []
    expect(asked).toMatchObject({ method: 'GET', status: 400 })
    expect(new URL(asked?.url ?? '').searchParams.get('state')).toBe('[masked]')
  })

  it('says with which error the browser would come back, and does not go there', async () => {
    const life = await startLife(servers)
    const visits: string[] = []
    let redirectUri = ''
    const origin = await serveHttp(({ url = '' }, response) => {
      visits.push(url)
      const location = `${redirectUri}?error=invalid_scope&error_description=injected+words&state=x`
      response.writeHead(302, { location }).end()
    })
    redirectUri = `${origin}/callback`
    const settings = OAuthSettings.parse({
      client_id: 'c',
      authorization_url: `${origin}/authorize`,
      token_url: `${origin}/token`,
    })
    const target = { ...life.target, settings }
    const { step } = await examine(life, { target, redirectUri })
    expect(step('authorization')).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('invalid_scope') as string,
      fix: expect.stringContaining('scopes') as string,
    })
    expect(step('authorization')?.message).not.toContain('injected')
    expect(visits).toHaveLength(1)
  })

  it('gets a token as a program, and says when its secret is wrong', async () => {
    const settings = { grant_type: 'client_credentials', client_id: machine.client_id } as const
    const right = await startLife(servers, { settings, credentials: { clientSecret: machine.client_secret } })
    const works = await examine(right)
    expect(works.states).toMatchObject({ authorization: 'skipped', token: 'ok', call: 'ok' })
    const request = works.step('token')?.exchanges.at(-1)
    expect(request).toMatchObject({ method: 'POST', status: 200 })
    expect(request?.request).toContain('authorization: Basic [masked]')
    expect(request?.request).toContain('grant_type=client_credentials')
    expect(request?.response).toContain('"access_token":"[masked]"')
    expect(works.report.text).not.toContain(machine.client_secret)

    const wrong = await startLife(servers, {
      settings,
      credentials: { clientSecret: 'another-secret-of-many-letters' },
    })
    const fails = await examine(wrong)
    expect(fails.states).toMatchObject({ token: 'failed', call: 'skipped' })
    expect(fails.step('token')?.fix).toBeTruthy()
    expect(fails.report.text).not.toContain('another-secret')
  })

  it('says that the server refuses a token that holds', async () => {
    const life = await startLife(servers)
    await life.signIn()
    await life.api.change({ refuse: 'all' })
    onTestFinished(() => life.api.change({ refuse: 'none' }))
    const { states, step } = await examine(life, { call: () => Promise.resolve(result(401)) })
    expect(states).toMatchObject({ token: 'ok', call: 'failed' })
    expect(step('call')).toMatchObject({ message: expect.stringContaining('answers 401') as string })
    expect(step('call')?.exchanges.at(-1)).toMatchObject({ status: 401 })
    expect(step('call')?.exchanges.at(-1)?.request).toContain('authorization: Bearer [masked]')
  })

  it('goes on where nobody answers, and says so', async () => {
    const life = await startLife(servers)
    const target = { ...life.target, protocol: 'mcp' as const, url: new URL('http://127.0.0.1:1/mcp') }
    const { states, step, report } = await examine(life, { target })
    expect(states).toMatchObject({ resource: 'failed', authorization_server: 'failed', registration: 'skipped' })
    expect(step('resource')).toMatchObject({ fix: expect.stringContaining('runs') as string })
    expect(step('resource')?.exchanges).toMatchObject([
      { status: null, response: expect.stringContaining('127.0.0.1:1') as string },
    ])
    expect(report.text).toContain('no answer')
  })

  it('says that the sign-in is of another authorization server than the one that is named now', async () => {
    const life = await startLife(servers)
    await life.signIn()
    const records = structuredClone(life.stored.records)
    if (records.grant !== undefined) {
      records.grant.server = { ...records.grant.server, issuer: 'https://former.example' }
    }
    const { step } = await examine(life, { records })
    expect(step('authorization_server')).toMatchObject({ state: 'warning', fix: 'Sign in again.' })
  })

  it('says that the clock is wrong', async () => {
    const life = await startLife(servers)
    await life.signIn()
    const { step } = await examine(life, { now: () => Date.now() + 3_600_000 })
    expect(step('authorization_server')).toMatchObject({
      state: 'warning',
      message: expect.stringMatching(/(59|60) minutes ahead/) as string,
    })
  })

  it('of an MCP server that wants no sign-in, or is not there, says so', async () => {
    const life = await startLife(servers)
    const origin = await serveHttp(({ url }, response) => void response.writeHead(url === '/open' ? 200 : 404).end())
    const at = (path: string) => ({ ...life.target, protocol: 'mcp' as const, url: new URL(path, origin) })
    expect((await examine(life, { target: at('/open') })).step('resource')).toMatchObject({ state: 'warning' })
    expect((await examine(life, { target: at('/gone') })).step('resource')).toMatchObject({ state: 'failed' })
  })

  it('stops when nobody wants it any more', async () => {
    const life = await startLife(servers)
    const reader = new AbortController()
    const silent = await serveHttp(() => reader.abort(new Error('left')))
    const target = { ...life.target, url: new URL(silent) }
    await expect(examine(life, { target, signal: reader.signal })).rejects.toThrow('left')
  })
})
