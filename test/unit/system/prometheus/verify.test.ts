import { describe, expect, it } from 'vitest'
import type { SetupCheck } from '../../../../src/shared/contract/setup.ts'
import { AppError } from '../../../../src/main/base/app-error.ts'
import { prometheusAdapter } from '../../../../src/main/system/prometheus/prometheus-adapter.ts'
import { answer, ScriptedServer, vector, type Script } from './scripted-server.ts'

async function verified(script: Script, values: Record<string, unknown> = {}): Promise<SetupCheck[]> {
  const checks: SetupCheck[] = []
  const access = new ScriptedServer(script).access(values)
  for await (const check of prometheusAdapter.verify(access, new AbortController().signal)) checks.push(check)
  return checks.filter(({ state }) => state !== 'running')
}

const one = { 'query 1': { data: { resultType: 'scalar', result: [1_800_000_000, '1'] } } }
const clusters = 'query count_values by (cluster, job) ("gatehouse_up", up)'
const target = (instance: string, health: string, lastError = '') => ({
  labels: { job: 'node', instance },
  discoveredLabels: { __address__: instance },
  scrapeUrl: `http://${instance}/metrics`,
  health,
  lastError,
  lastScrape: '2026-03-01T10:00:00Z',
  lastScrapeDuration: 0.01,
})
const prometheus: Script = {
  ...one,
  'status/buildinfo': { data: { version: '2.42.0', revision: 'x' } },
  'status/runtimeinfo': { data: { startTime: '2026-03-01T10:00:00Z', storageRetention: '15d' } },
  targets: { data: { activeTargets: [target('a:1', 'up'), target('b:1', 'up')], droppedTargets: [] } },
  [clusters]: vector([{ cluster: 'eu', job: 'node', gatehouse_up: '1' }, 2]),
  'query count(up{cluster!=""})': vector([{}, 2]),
  rules: {
    data: {
      groups: [{ name: 'g', rules: [{ type: 'alerting', name: 'Down', lastEvaluation: '2026-03-01T10:00:00Z' }] }],
    },
  },
  alerts: { data: { alerts: [] } },
}

const states = (checks: SetupCheck[]) => Object.fromEntries(checks.map(({ id, state }) => [id, state]))

describe('the checks of a setup', () => {
  it('say what is there', async () => {
    const checks = await verified(prometheus)
    expect(new Set(checks.map(({ state }) => state))).toEqual(new Set(['ok']))
    expect(checks.map(({ message }) => message).join(' ')).toMatch(
      /Prometheus 2\.42\.0.*15d.*2 targets.*1 cluster by label cluster.*1 alerting rule/,
    )
  })

  it('name the targets that are down, and why', async () => {
    const many = ['b', 'c', 'd', 'e', 'f', 'g'].map((name) => target(`${name}:1`, 'down', 'connection refused'))
    const checks = await verified({
      ...prometheus,
      targets: { data: { activeTargets: [target('a:1', 'up'), ...many] } },
    })
    const { state, message } = checks.find(({ id }) => id === 'targets') ?? {}
    expect(state).toBe('warning')
    expect(message).toMatch(/^6 of 7 targets are down: node b:1 \(connection refused\);.*and 1 more\.$/)
  })

  it('take VictoriaMetrics for what it is: no rules, no alerts, no build info', async () => {
    const checks = await verified({
      ...prometheus,
      'status/buildinfo': { data: {} },
      'status/runtimeinfo': answer(400, 'unsupported path requested: "/api/v1/status/runtimeinfo"', 'text/plain'),
      rules: { data: { groups: [] } },
      alerts: { data: { alerts: [] } },
    })
    expect(states(checks)).toMatchObject({
      query: 'ok',
      build: 'warning',
      runtime: 'warning',
      alerts: 'warning',
      targets: 'ok',
    })
    expect(checks.find(({ id }) => id === 'alerts')?.fix).toContain('vmalert')
  })

  it('take Thanos for what it is: partial answers with warnings, no targets of its own', async () => {
    const partial = { warnings: ['No StoreAPIs matched for this query'] }
    const checks = await verified({
      ...prometheus,
      'query 1': { ...one['query 1'], more: partial },
      [clusters]: { ...vector([{ job: 'node', gatehouse_up: '1' }, 2]), more: partial },
      targets: { data: { activeTargets: [] } },
      'status/runtimeinfo': answer(404, { status: 'error', errorType: 'not_found', error: 'not here' }),
    })
    expect(states(checks)).toMatchObject({
      query: 'warning',
      targets: 'warning',
      clusters: 'warning',
      runtime: 'warning',
    })
    expect(checks[0]?.message).toContain('No StoreAPIs matched')
  })

  it('take Mimir for what it is: it lacks targets and runtime, and says which application it is', async () => {
    const lacks = answer(404, '404 page not found\n', 'text/plain; charset=utf-8')
    const checks = await verified({
      ...prometheus,
      'status/buildinfo': { data: { application: 'Grafana Mimir', version: '2.10.0' } },
      targets: lacks,
      'status/runtimeinfo': lacks,
      rules: answer(404, { status: 'error', errorType: 'not_found', error: 'the ruler API is not enabled' }),
    })
    expect(states(checks)).toMatchObject({ build: 'ok', targets: 'warning', runtime: 'warning', alerts: 'warning' })
    expect(checks.find(({ id }) => id === 'targets')?.message).toContain('the tool targets does not work')
  })

  it('end where nothing answers, with the field', async () => {
    const details = [{ path: 'values.ca', message: 'unable to verify the first certificate' }]
    const refused = new AppError('upstream_unavailable', { message: 'Its certificate is not trusted.', details })
    const checks = await verified({ query: refused })
    expect(checks).toMatchObject([{ id: 'query', state: 'failed', field: 'values.ca' }])
    expect(checks[0]?.fix).toContain('custom CA')
  })

  it.each([
    ['none', 'values.auth', /wants credentials/],
    ['bearer', 'credentials.api_token', /does not accept the token/],
    ['basic', 'credentials.password', /user name with this password/],
  ])('say what is wrong with %s credentials', async (auth, field, message) => {
    const checks = await verified({ query: answer(401, 'Unauthorized s3cret-token', 'text/plain') }, { auth })
    expect(checks).toMatchObject([{ state: 'failed', field }])
    expect(checks[0]?.message).toMatch(message)
    expect(checks[0]?.message).not.toContain('s3cret-token')
  })

  it.each([
    ['a page', answer(200, '<!doctype html><title>Grafana</title>', 'text/html')],
    ['nothing', answer(404, '404 page not found', 'text/plain')],
    ['another API', answer(200, { hello: 'world' })],
    ['a sign-in', { status: 302, headers: new Map([['location', 'https://login.test/']]), body: '' }],
  ])('say that %s is at the wrong path', async (_what, reply) => {
    const checks = await verified({ query: reply })
    expect(checks).toMatchObject([{ state: 'failed', field: 'values.endpoint' }])
    expect(checks[0]?.fix).toMatch(/address/)
  })

  it('tell a server that starts from one that is not there', async () => {
    const checks = await verified({ query: answer(503, 'Service Unavailable', 'text/plain') })
    expect(checks).toMatchObject([{ state: 'failed', field: null }])
    expect(checks[0]?.fix).toMatch(/starting/)
  })

  it('refuse severities that are none of ours', async () => {
    const checks = await verified(prometheus, { severities: { P1: 'catastrophic' } })
    expect(checks.find(({ id }) => id === 'severities')).toMatchObject({ state: 'failed', field: 'values.severities' })
  })
})
