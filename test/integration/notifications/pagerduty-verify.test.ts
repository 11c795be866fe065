import { describe, expect, it, onTestFinished } from 'vitest'
import { PagerDutyAdapter } from '../../../src/main/system/pagerduty/pagerduty-adapter.ts'
import type { SetupCheck } from '../../../src/shared/contract/setup.ts'
import { systemAccess } from '../../helpers/system-access.ts'
import { startPagerDuty, type PagerDutyOptions } from '../../servers/pagerduty/pagerduty-server.ts'

const KEY = 'a'.repeat(32)
const TOKEN = 'canary-rest-token-0123'

async function verify(
  options: PagerDutyOptions,
  { values = {}, credentials = {} }: { values?: object; credentials?: Record<string, string> } = {},
) {
  const server = await startPagerDuty({ keys: [KEY], token: TOKEN, ...options })
  onTestFinished(() => server.close())
  const access = systemAccess('pagerduty', {
    values: { region: 'own', events_url: server.url, api_url: server.url, ...values },
    credentials: { integration_key: KEY, ...credentials },
  })
  onTestFinished(() => access.close())
  const checks: SetupCheck[] = []
  const adapter = new PagerDutyAdapter({ lookMs: 200, everyMs: 100 })
  for await (const check of adapter.verify(access, new AbortController().signal)) checks.push(check)
  return { server, checks, ends: checks.filter(({ state }) => state !== 'running') }
}

describe('the setup of PagerDuty', () => {
  it('with a key alone warns of what it can not see', async () => {
    const { ends, checks, server } = await verify({})
    expect(checks.map(({ state }) => state)).toEqual(['running', 'warning'])
    expect(ends).toMatchObject([{ id: 'event', fix: expect.stringContaining('REST API token') as string }])
    expect(server.alerts).toMatchObject([{ status: 'resolved' }])
  })

  it('with a token and an author sees that all is well', async () => {
    const given = { credentials: { api_token: TOKEN }, values: { from_email: 'me@example.com' } }
    const { ends, server } = await verify({ users: ['me@example.com'] }, given)
    expect(ends.map(({ id, state }) => [id, state])).toEqual([
      ['token', 'ok'],
      ['from', 'ok'],
      ['event', 'ok'],
    ])
    const asked = server.requests.find(({ path }) => path === '/abilities')
    expect(asked?.headers).toMatchObject({
      authorization: `Token token=${TOKEN}`,
      accept: 'application/vnd.pagerduty+json;version=2',
      from: 'me@example.com',
    })
  })

  it('names the token that is not accepted', async () => {
    const { ends } = await verify({}, { credentials: { api_token: 'another-token-0123' } })
    expect(ends).toMatchObject([
      { id: 'token', state: 'failed', field: 'credentials.api_token' },
      { id: 'event', state: 'warning' },
    ])
  })

  it('names the author that nobody is', async () => {
    const given = { credentials: { api_token: TOKEN }, values: { from_email: 'me@example.com' } }
    const { ends } = await verify({ users: ['not-me@example.com'] }, given)
    expect(ends[1]).toMatchObject({ id: 'from', state: 'warning', field: 'values.from_email' })
  })

  it('names the key of which nothing comes', async () => {
    const { ends } = await verify({ keys: [] }, { credentials: { api_token: TOKEN } })
    expect(ends[1]).toMatchObject({ id: 'event', state: 'warning', field: 'credentials.integration_key' })
  })

  it('names the address that does not answer', async () => {
    const { ends } = await verify({}, { values: { events_url: 'http://127.0.0.1:1' } })
    expect(ends).toMatchObject([{ id: 'event', state: 'failed', field: 'values.events_url' }])
  })
})
