import { describe, expect, it, onTestFinished } from 'vitest'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { modern } from '../../helpers/gateway-fixture.ts'
import { startTestApp, type TestApp } from '../../helpers/start-app.ts'

const TOOLS = ['list_incidents', 'report_incident', 'report_rca', 'update_incident']

interface Result {
  isError?: boolean
  content: { type: string; text: string }[]
  structuredContent?: Record<string, unknown> & { incident?: Record<string, unknown> }
}
type Call = (tool: string, args?: Record<string, unknown>) => Promise<Result>

async function start(): Promise<TestApp> {
  const app = await startTestApp()
  onTestFinished(() => app.close())
  return app
}

/** An agent of the revisions with `initialize`. */
async function legacyAgent(app: TestApp, token: string, path = ''): Promise<Client> {
  const agent = new Client({ name: 'agent', version: '1' })
  const headers = { Authorization: `Bearer ${token}` }
  await agent.connect(new StreamableHTTPClientTransport(new URL(app.urls.mcp_url + path), { requestInit: { headers } }))
  onTestFinished(() => agent.close())
  return agent
}

async function legacy(app: TestApp, token: string): Promise<Call> {
  const agent = await legacyAgent(app, token)
  return async (tool, args = {}) =>
    (await agent.callTool({ name: `gatehouse__${tool}`, arguments: args })) as unknown as Result
}

/** An agent of 2026-07-28. */
function stateless(app: TestApp, token: string): Call {
  return async (tool, args = {}) => {
    const { body, headers } = modern('tools/call', { name: `gatehouse__${tool}`, arguments: args })
    const answer = await fetch(app.urls.mcp_url, {
      method: 'POST',
      headers: {
        ...headers,
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify(body),
    })
    const { result } = (await answer.json()) as { result: Result & { resultType?: string } }
    expect(result.resultType).toBe('complete')
    return result
  }
}

describe.each([
  ['with a session', legacy],
  ['without a session', (app: TestApp, token: string) => Promise.resolve(stateless(app, token))],
])('an agent %s', (_, connect) => {
  it('reports an incident, goes on with it, finds it, resolves it and hands in the report', async () => {
    const app = await start()
    const { token } = await app.client().agents.create({ name: 'claude' })
    const call = await connect(app, token)
    const report = { title: 'Checkout fails', severity: 'high', service: 'checkout', dedupe_key: 'checkout' }
    const first = await call('report_incident', report)
    expect(first.structuredContent).toMatchObject({
      is_new: true,
      incident: { number: 1, status: 'open', severity: 'high', source: 'claude', has_rca: false },
    })
    expect(JSON.parse(first.content[0]?.text ?? '')).toEqual(first.structuredContent)
    const again = await call('report_incident', { ...report, severity: 'critical' })
    expect(again.structuredContent).toMatchObject({ is_new: false, incident: { number: 1, severity: 'critical' } })
    expect((await call('list_incidents', { query: 'checkout' })).structuredContent).toMatchObject({
      total: 1,
      incidents: [{ number: 1, title: 'Checkout fails' }],
    })
    await call('update_incident', { incident: '#1', status: 'acknowledged', note: 'looking at the database' })
    const ended = await call('update_incident', { incident: 'checkout', status: 'resolved', note: 'restarted' })
    expect(ended.structuredContent?.incident).toMatchObject({ status: 'resolved' })
    const rca = await call('report_rca', { incident: '1', rca: '# A lock' })
    expect(rca.structuredContent?.incident).toMatchObject({ number: 1, has_rca: true })
    const { incidents, events } = app.client()
    const { items } = await incidents.list({})
    const detail = await incidents.get({ id: items[0]?.id ?? '' })
    expect(detail).toMatchObject({ acknowledged_by: 'claude', resolved_by: 'claude', rca: '# A lock' })
    expect(detail.timeline.map(({ kind, actor }) => [kind, actor])).toEqual([
      ['opened', 'claude'],
      ['severity_changed', 'claude'],
      ['acknowledged', 'claude'],
      ['resolved', 'claude'],
      ['rca', 'claude'],
    ])
    const told = (await events.list({})).items
    expect(new Set(told.map(({ origin, told_by }) => `${origin} ${told_by ?? ''}`))).toEqual(new Set(['agent claude']))
    await expect
      .poll(async () => (await app.client().calls.list({ integration: 'gatehouse' })).items.map(({ agent }) => agent))
      .toEqual(Array(6).fill('claude'))
  })

  it('is told what is wrong, in words that it can act on', async () => {
    const app = await start()
    const call = await connect(app, app.agentToken ?? '')
    const wrong = await call('report_incident', { severity: 'terrible', color: 'red' })
    expect(wrong.isError).toBe(true)
    expect(wrong.content[0]?.text).toMatch(
      /title: This field is required\.(.|\n)*severity: (.|\n)*color: There is no such field/,
    )
    expect((await call('update_incident', { incident: '#7', status: 'resolved' })).content[0]?.text).toMatch(
      /no such incident/,
    )
    expect((await call('update_incident', { incident: '#7' })).content[0]?.text).toMatch(/Say what to change/)
    expect((await call('report_rca', { rca: 'x' })).content[0]?.text).toMatch(/Name the incident/)
    await call('report_incident', { title: 'a', dedupe_key: 'a' })
    await call('update_incident', { incident: 'a', status: 'resolved' })
    const twice = await call('update_incident', { incident: '#1', status: 'resolved' })
    expect(twice).toMatchObject({ isError: true })
    expect(twice.content[0]?.text).toMatch(/was resolved by default already/)
  })

  it('may report ten times at once; another agent and its own reading are not held up', async () => {
    const app = await start()
    const { token } = await app.client().agents.create({ name: 'other' })
    const call = await connect(app, app.agentToken ?? '')
    // One comes back every two seconds: whatever this takes, it is not a minute.
    const reports = Array.from({ length: 40 }, (_, index) => call('report_incident', { title: `t${index}` }))
    const results = await Promise.all(reports)
    const refused = results.filter(({ isError }) => isError === true)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]?.content[0]?.text).toMatch(
      /^Too many reports in a minute: nothing was taken\. Call again in \d s\./,
    )
    expect((await call('list_incidents')).structuredContent).toMatchObject({ total: 40 - refused.length })
    const others = await connect(app, token)
    expect((await others('report_incident', { title: 'x' })).isError).toBeUndefined()
  })
})

describe('the tools', () => {
  it('are there when nothing else is, on /mcp and on /mcp/gatehouse, unless a profile hides them', async () => {
    const app = await start()
    const names = async (agent: Client) => (await agent.listTools()).tools.map(({ name }) => name).sort()
    const agent = await legacyAgent(app, app.agentToken ?? '')
    expect(await names(agent)).toEqual(['discover_tools', ...TOOLS.map((tool) => `gatehouse__${tool}`)])
    expect(await names(await legacyAgent(app, app.agentToken ?? '', '/gatehouse'))).toEqual(TOOLS)
    const { profiles, agents } = app.client()
    const profile = await profiles.create({ name: 'none', disabled_tools: ['gatehouse__*'] })
    const { token } = await agents.create({ name: 'quiet', profile_id: profile.id })
    const quiet = await legacyAgent(app, token)
    expect(await names(quiet)).toEqual(['discover_tools'])
    await expect(quiet.callTool({ name: 'gatehouse__report_incident', arguments: { title: 'x' } })).rejects.toThrow(
      /-32602/,
    )
    const found = await agent.callTool({
      name: 'discover_tools',
      arguments: { query: 'report an incident', detail: 'names' },
    })
    expect(JSON.stringify(found)).toContain('gatehouse__report_incident')
  })

  it('answer as their schemas say', async () => {
    const app = await start()
    const agent = await legacyAgent(app, app.agentToken ?? '')
    const { tools } = await agent.listTools()
    const ajv = new Ajv2020({ strict: false, formats: { uri: true } })
    for (const tool of tools.filter(({ name }) => name.startsWith('gatehouse__'))) {
      expect(tool.inputSchema).toMatchObject({ type: 'object', additionalProperties: false })
      expect(ajv.compile(tool.inputSchema)({ unknown: 1 })).toBe(false)
      expect(tool.annotations?.readOnlyHint).toBe(tool.name.endsWith('list_incidents'))
      expect(tool.annotations?.destructiveHint ?? false).toBe(false)
    }
    const check = async (name: string, args: Record<string, unknown>) => {
      const { outputSchema = {} } = tools.find((tool) => tool.name === `gatehouse__${name}`) ?? {}
      const { structuredContent } = await agent.callTool({ name: `gatehouse__${name}`, arguments: args })
      const isValid = ajv.compile(outputSchema)
      expect([isValid(structuredContent), isValid.errors]).toEqual([true, null])
    }
    await check('report_incident', { title: 'a', links: ['http://example.com/x'], labels: { a: 'b' } })
    await check('update_incident', { incident: '#1', note: 'n' })
    await check('report_rca', { incident: '#1', rca: 'x' })
    await check('report_rca', { title: 'of none', rca: 'x' })
    await check('list_incidents', {})
  })

  it('are called by the admin as well, who is nobody’s agent', async () => {
    const app = await start()
    const { tools, events } = app.client('http')
    await tools.call({ name: 'gatehouse__report_incident', arguments: { title: 'by hand' } })
    expect((await events.list({})).items).toMatchObject([{ origin: 'console', told_by: null, title: 'by hand' }])
  })
})
