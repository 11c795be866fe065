import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startTestApp, type TestApp } from '../../helpers/start-app.ts'

const recorded = (name: string) =>
  readFileSync(new URL(`../../data/alertmanager/alertmanager-${name}.json`, import.meta.url), 'utf8')

async function start(): Promise<{ app: TestApp; token: string; post: Post }> {
  const app = await startTestApp()
  onTestFinished(() => app.close())
  const { token } = await app.client().hook_tokens.create({ name: 'monitoring' })
  const post: Post = async (path, body, { headers = {}, as = `Bearer ${token}`, method = 'POST' } = {}) => {
    const answer = await fetch(`${app.origin}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(as !== '' && { authorization: as }), ...headers },
      ...(method === 'GET' ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, text, json: parse(text) }
  }
  return { app, token, post }
}

type Post = (
  path: string,
  body: unknown,
  options?: { headers?: Record<string, string>; as?: string; method?: string },
) => Promise<{ status: number; headers: Headers; text: string; json: Answer }>

interface Answer {
  accepted?: number
  warnings?: string[]
  error?: { code: string; message: string; details: { path: string; message: string }[] }
}

function parse(text: string): Answer {
  try {
    return JSON.parse(text) as Answer
  } catch {
    return {}
  }
}

describe('a hook token', () => {
  it('is shown once, lists without it, and stops working when it is revoked', async () => {
    const { app, post } = await start()
    const { hook_tokens } = app.client('http')
    const made = await hook_tokens.create({ name: 'second' })
    expect(made.token).toMatch(/^ghh_[A-Za-z0-9_-]{43}$/)
    expect(made).toMatchObject({
      alertmanager_url: `${app.origin}/hooks/alertmanager`,
      events_url: `${app.origin}/hooks/events`,
      last_used_at: null,
    })
    const { items } = await hook_tokens.list()
    expect(items.map(({ name }) => name)).toEqual(['monitoring', 'second'])
    expect(JSON.stringify(items)).not.toContain(made.token)
    const as = `Bearer ${made.token}`
    expect((await post('/hooks/events', { title: 'a' }, { as })).status).toBe(200)
    expect((await hook_tokens.list()).items[1]?.last_used_at).not.toBeNull()
    await hook_tokens.remove({ id: made.id })
    expect((await post('/hooks/events', { title: 'a' }, { as })).status).toBe(401)
    await expect(hook_tokens.remove({ id: made.id })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('opens nothing else, and no other token opens the hooks', async () => {
    const { app, token, post } = await start()
    for (const path of ['/api/v1/incidents', '/api/v1/status', '/rpc/incidents/list', '/mcp']) {
      expect((await post(path, {}, { method: 'GET' })).status).toBe(401)
    }
    for (const as of [
      '',
      `Bearer ${app.adminToken}`,
      `Bearer ${app.agentToken ?? ''}`,
      `Bearer ${token}x`,
      'Basic !!',
    ]) {
      const refused = await post('/hooks/events', { title: 'a' }, { as })
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    }
    expect((await app.client().incidents.list({})).total).toBe(0)
  })

  it('is taken as the password of Basic authentication as well', async () => {
    const { token, post } = await start()
    const as = `Basic ${Buffer.from(`alertmanager:${token}`).toString('base64')}`
    expect((await post('/hooks/events', { title: 'a' }, { as })).status).toBe(200)
  })

  it('is of one workspace, and goes with it', async () => {
    const { app } = await start()
    await app.client().workspaces.create({ name: 'other', plan: 'pro' })
    const other = app.client('http', 'other')
    const { token } = await other.hook_tokens.create({ name: 'x' })
    const tell = () =>
      fetch(`${app.origin}/hooks/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ title: 'elsewhere' }),
      })
    expect((await tell()).status).toBe(200)
    expect((await other.incidents.list({})).total).toBe(1)
    expect((await app.client().incidents.list({})).total).toBe(0)
    await app.client().workspaces.remove({ name: 'other' })
    expect((await tell()).status).toBe(401)
  })
})

describe('POST /hooks/alertmanager', () => {
  it('takes what an Alertmanager sends: fires, is repeated, is resolved', async () => {
    const { app, post } = await start()
    for (const name of ['firing', 'firing', 'resolved']) {
      expect((await post('/hooks/alertmanager', recorded(name))).json).toEqual({ accepted: 1, warnings: [] })
    }
    const { items } = await app.client().incidents.list({})
    expect(items).toMatchObject([{ status: 'resolved', title: 'checkout fails 75% of its requests', event_count: 3 }])
    const { items: events } = await app.client().events.list({})
    expect(events.map(({ origin, told_by }) => [origin, told_by])).toEqual(
      Array(3).fill(['alertmanager', 'monitoring']),
    )
    const cut = await post('/hooks/alertmanager', recorded('truncated'))
    expect(cut.json.warnings?.[0]).toContain('3 alerts of a group were cut off')
  })

  it.each([
    ['{', 400, []],
    ['[]', 400, []],
    ['{}', 422, ['version', 'alerts']],
    [{ version: '3', alerts: [] }, 422, ['version']],
    [
      { version: '4', alerts: [{ status: 'firing' }] },
      422,
      ['alerts.0.labels', 'alerts.0.startsAt', 'alerts.0.fingerprint'],
    ],
    [{ version: '4', alerts: 'x' }, 422, ['alerts']],
    ['['.repeat(100_000), 400, []],
    [`{"version":"4","alerts":[],"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 200, []],
  ])('answers garbage with what is wrong: %#', async (body, status, paths) => {
    const { post } = await start()
    const answer = await post('/hooks/alertmanager', body)
    expect(answer.status).toBe(status)
    expect(answer.json.error?.details.map(({ path }) => path) ?? []).toEqual(paths)
  })
})

describe('POST /hooks/events', () => {
  it('takes one event or many, all or none of them', async () => {
    const { app, post } = await start()
    expect((await post('/hooks/events', { title: 'one', severity: 'high' })).json).toMatchObject({ accepted: 1 })
    const many = { events: [{ title: 'two' }, { title: 'three' }] }
    expect((await post('/hooks/events', many)).json).toMatchObject({ accepted: 2 })
    const wrong = await post('/hooks/events', { events: [{ title: 'four' }, { title: 'five', severity: 'bad' }] })
    expect(wrong.status).toBe(422)
    expect(wrong.json.error?.details.map(({ path }) => path)).toEqual(['events.1.severity'])
    expect((await post('/hooks/events', { title: 'x', colour: 'red' })).json.error?.details[0]?.path).toBe('colour')
    expect((await post('/hooks/events', { events: [] })).status).toBe(422)
    expect((await post('/hooks/events', { events: Array(501).fill({ title: 'x' }) })).status).toBe(422)
    const { items } = await app.client().incidents.list({})
    expect(items.map(({ title }) => title)).toEqual(['three', 'two', 'one'])
    const { items: events } = await app.client().events.list({})
    expect(events[0]).toMatchObject({ origin: 'hook', told_by: 'monitoring' })
  })

  it('refuses web pages, other methods, other types and what is too large', async () => {
    const { app, post } = await start()
    const event = { title: 'a' }
    expect((await post('/hooks/events', event, { headers: { origin: app.origin } })).status).toBe(403)
    expect((await post('/hooks/events', event, { headers: { origin: 'https://evil.example' } })).status).toBe(403)
    const got = await post('/hooks/events', event, { method: 'GET' })
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await post('/hooks/events', event, { headers: { 'content-type': 'text/plain' } })).status).toBe(415)
    expect((await post('/hooks/events', event, { headers: { 'content-encoding': 'gzip' } })).status).toBe(415)
    expect((await post('/hooks/nothing', event)).status).toBe(404)
    const large = await post('/hooks/events', { title: 'a', description: 'x'.repeat(10 * 1024 * 1024) })
    expect([large.status, large.json.error?.code]).toEqual([413, 'too_large'])
    const labels = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`l${index}`, '☃'.repeat(4_000)]))
    expect((await post('/hooks/events', { title: 'a', labels })).status).toBe(413)
    expect((await app.client().incidents.list({})).total).toBe(0)
  })
})

describe('GET /metrics', () => {
  it('is read with an admin or hook token, in the text format of Prometheus', async () => {
    const { app, post } = await start()
    await post('/hooks/events', { title: 'a', severity: 'high' })
    await app.client().workspaces.create({ name: 'other', plan: 'pro' })
    await app.client('router', 'other').events.create({ title: 'b', severity: 'low' })
    await app.client().tools.call({ name: 'gatehouse__list_incidents', arguments: {} })
    const own = await post('/metrics', undefined, { method: 'GET' })
    expect(own.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(own.text).toContain('gatehouse_up 1\n')
    expect(own.text).toContain('gatehouse_build_info{version="0.0.0-test"} 1\n')
    expect(own.text).toContain('gatehouse_incidents{workspace="default",status="open",severity="high"} 1\n')
    await expect
      .poll(async () => (await post('/metrics', undefined, { method: 'GET' })).text)
      .toContain('gatehouse_calls_total{workspace="default",outcome="ok"} 1\n')
    expect(own.text).toContain('gatehouse_deliveries{workspace="default",state="failed"} 0\n')
    expect(own.text).not.toContain('"other"')
    const all = await post('/metrics', undefined, { method: 'GET', as: `Bearer ${app.adminToken}` })
    expect(all.text).toContain('gatehouse_incidents{workspace="other",status="open",severity="low"} 1\n')
    for (const as of ['', `Bearer ${app.agentToken ?? ''}`]) {
      expect((await post('/metrics', undefined, { method: 'GET', as })).status).toBe(401)
    }
    expect((await post('/metrics', {})).status).toBe(405)
    const asPage = await post('/metrics', undefined, { method: 'GET', headers: { origin: app.origin } })
    expect(asPage.status).toBe(403)
    // Every line is a comment or a sample.
    const sample =
      /^(?:# (?:HELP|TYPE) gatehouse_[a-z_]+ .+|gatehouse_[a-z_]+(?:\{[a-z_]+="[^"]*"(?:,[a-z_]+="[^"]*")*\})? \d+)$/
    expect(
      all.text
        .trimEnd()
        .split('\n')
        .filter((line) => !sample.test(line)),
    ).toEqual([])
  })
})
