import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { safe } from '@orpc/client'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { serveHttp } from '../../helpers/serve-http.ts'
import { startTestApp, type Client, type TestApp } from '../../helpers/start-app.ts'
import { SDK_AGENTS } from '../gateway/agents.ts'

const KEY = 'canary-api-key-0123456789'

interface Sent {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: string
}

const getInvoice = {
  name: 'get_invoice',
  description: 'One invoice',
  method: 'GET',
  path: '/invoices/{id}',
  parameters: [{ name: 'id', in: 'path' as const, required: true, schema: { type: 'string' } }],
}
const slow = { name: 'slow', method: 'POST', path: '/slow' }

let app: TestApp
let client: Client
let origin = ''
let sent: Sent[] = []
let answer: (request: Sent, response: ServerResponse) => unknown

beforeEach(async () => {
  sent = []
  answer = (_request, response) => response.setHeader('content-type', 'application/json').end('{"total":42}')
  origin = await serveHttp((request, response) => {
    void text(request).then((body) => {
      const { method = '', url = '', headers } = request
      sent.push({ method, url, headers, body })
      answer({ method, url, headers, body }, response)
    })
  })
  app = await startTestApp()
  onTestFinished(() => app.close())
  client = app.client('http')
})

function billing(rest: object = {}, more: object = {}) {
  return client.integrations.create({
    name: 'billing',
    protocol: 'rest',
    rest: { base_url: `${origin}/v1`, tools: [getInvoice], ...rest },
    auth_type: 'api_key',
    auth: { in: 'query', header_name: 'api[key]' },
    credentials: { api_key: KEY },
    ...more,
  })
}

const anyAgent = new Map(SDK_AGENTS).get('SDK 1')

async function agentAt(path = '/mcp', onListChanged?: () => void, connect = anyAgent) {
  if (connect === undefined) throw new Error('no agent')
  const url = `${app.origin}${path}`
  const agent = await connect({ url, token: app.agentToken ?? '', ...(onListChanged && { onListChanged }) })
  onTestFinished(() => agent.close())
  return agent
}

describe('a REST API with a tool made by hand', () => {
  it.each(SDK_AGENTS)('is called by agents like any other tool, at both endpoints: %s', async (_name, connect) => {
    const created = await billing()
    expect(created).toMatchObject({
      protocol: 'rest',
      mcp: null,
      rest: { base_url: `${origin}/v1`, tools: [{ name: 'get_invoice' }], source: null },
      credentials: { api_key: '••••' },
      connection: { tool_count: 1 },
      unapproved_tools: 0,
    })
    const agent = await agentAt('/mcp', undefined, connect)
    expect((await agent.listTools()).tools.map(({ name }) => name)).toContain('billing__get_invoice')
    const result = await agent.callTool({ name: 'billing__get_invoice', arguments: { id: 'a/b' } })
    expect(result).toMatchObject({ structuredContent: { total: 42 } })
    const own = await agentAt('/mcp/billing', undefined, connect)
    expect((await own.listTools()).tools.map(({ name }) => name)).toEqual(['get_invoice'])
    await own.callTool({ name: 'get_invoice', arguments: { id: '2' } })
    expect(sent.map(({ url }) => url)).toEqual([
      `/v1/invoices/a%2Fb?api%5Bkey%5D=${KEY}`,
      `/v1/invoices/2?api%5Bkey%5D=${KEY}`,
    ])

    await vi.waitFor(async () => {
      const { items } = await client.calls.list({})
      expect(items.map(({ tool, outcome }) => [tool, outcome])).toContainEqual(['billing__get_invoice', 'ok'])
    })
    const discover = { name: 'discover_tools', arguments: { query: 'invoice' } }
    expect(JSON.stringify(await agent.callTool(discover))).toContain('billing__get_invoice')
    expect(await client.tools.call({ name: 'billing__get_invoice', arguments: { id: '3' } })).toMatchObject({
      structuredContent: { total: 42 },
    })
  })

  it('keeps its filter', async () => {
    await billing({ tools: [getInvoice, slow] }, { disabled_tools: ['slow'] })
    const agent = await agentAt('/mcp/billing')
    expect((await agent.listTools()).tools.map(({ name }) => name)).toEqual(['get_invoice'])
  })

  it('has its tools where one integration is asked for, and not in lists and events', async () => {
    const leaving = new AbortController()
    const events = await app.client().system.stream(undefined, { signal: leaving.signal })
    await billing()
    const changed = []
    for await (const event of events) {
      if (event.type !== 'integration_changed') continue
      changed.push(event.integration)
      break
    }
    leaving.abort()
    const { items } = await client.integrations.list()
    for (const listed of [...changed, ...items.filter(({ name }) => name === 'billing')]) {
      expect(listed.rest).toMatchObject({ base_url: `${origin}/v1` })
      expect(listed.rest).not.toHaveProperty('tools')
    }
    expect((await client.integrations.get({ name: 'billing' })).rest?.tools).toHaveLength(1)
  })
})

it('changed tools reach agents at once, and calls that run go on', async () => {
  let release: (() => void) | undefined
  answer = ({ url }, response) => {
    if (url.startsWith('/v1/slow')) release = () => response.setHeader('content-type', 'text/plain').end('done')
    else response.setHeader('content-type', 'application/json').end('{"total":42}')
  }
  await billing({ tools: [getInvoice, slow] })
  const heard = vi.fn()
  const agent = await agentAt('/mcp', heard)
  await agent.listTools()
  const running = agent.callTool({ name: 'billing__slow' })
  await vi.waitFor(() => expect(release).toBeDefined())

  const { base_url } = { base_url: `${origin}/v1` }
  const changed = { ...getInvoice, description: 'An invoice by its number' }
  await client.integrations.update({
    name: 'billing',
    rest: { base_url, tools: [changed, slow, { ...getInvoice, name: 'find_invoice' }] },
  })
  await vi.waitFor(() => expect(heard).toHaveBeenCalled())
  const { tools } = await agent.listTools()
  expect(tools).toContainEqual(expect.objectContaining({ name: 'billing__find_invoice' }))
  expect(tools).toContainEqual(expect.objectContaining({ description: 'An invoice by its number' }))
  expect((await client.integrations.get({ name: 'billing' })).unapproved_tools).toBe(0)
  release?.()
  expect(JSON.stringify(await running)).toContain('done')
  await agent.callTool({ name: 'billing__find_invoice', arguments: { id: '1' } })
})

describe('what may not be', () => {
  const refused = async (operation: Promise<unknown>) => {
    const { error } = await safe(operation)
    const { code, data } = error as unknown as { code: string; data: { details: { path: string; message: string }[] } }
    return { code, paths: data.details.map(({ path }) => path), messages: data.details.map(({ message }) => message) }
  }

  it('names every tool that is wrong, and where', async () => {
    const tools = [
      getInvoice,
      { ...getInvoice, path: '/invoices/{number}' },
      { name: 'search', method: 'GET', path: '/s', body: { content_type: 'application/json', schema: {} } },
    ]
    const { code, paths, messages } = await refused(billing({ tools }))
    expect(code).toBe('invalid_input')
    expect(paths).toEqual([
      'rest.tools.1.name',
      'rest.tools.1.parameters.0.name',
      'rest.tools.1.path',
      'rest.tools.2.body',
    ])
    expect(messages[3]).toContain('search: A GET request has no body.')
    expect((await client.integrations.list()).items.some(({ name }) => name === 'billing')).toBe(false)
  })

  it('becoming an MCP server, or the other way round', async () => {
    await billing()
    const mcp = { transport: 'stdio' as const, command: 'true' }
    expect(await refused(client.integrations.update({ name: 'billing', mcp }))).toMatchObject({ paths: ['mcp'] })
    await client.integrations.create({ name: 'local', mcp })
    const rest = { base_url: origin }
    expect(await refused(client.integrations.update({ name: 'local', rest }))).toMatchObject({ paths: ['rest'] })
  })

  it('leading to the gateway itself', async () => {
    expect(await refused(billing({ base_url: app.origin }))).toMatchObject({ paths: ['rest.base_url'] })
    const tools = [getInvoice, { ...slow, base_url: `${app.origin}/api` }]
    expect(await refused(billing({ tools }))).toMatchObject({ paths: ['rest.tools.1.base_url'] })
  })

  it('stored secrets for another origin, in a draft that says nothing of secrets', async () => {
    await billing()
    const elsewhere = await serveHttp((_request, response) => void response.end())
    const draft = (rest: object) => ({
      connection: {
        name: 'billing',
        protocol: 'rest' as const,
        auth_type: 'api_key' as const,
        auth: { in: 'query' as const, header_name: 'key' },
        rest: { base_url: `${origin}/v1`, ...rest },
      },
      tool: getInvoice,
      arguments: { id: '1' },
    })
    for (const rest of [{ base_url: elsewhere }, { credential_origins: [elsewhere] }, { proxy_url: elsewhere }]) {
      expect(await refused(client.openapi.try_tool(draft(rest)))).toMatchObject({ paths: ['credentials'] })
    }
    const tried = await client.openapi.try_tool(draft({}))
    expect(tried).toMatchObject({ response: { status: 200 }, result: { structuredContent: { total: 42 } } })
    expect(sent.map(({ url }) => url)).toEqual([`/v1/invoices/1?key=${KEY}`])
    expect(JSON.stringify(tried)).not.toContain(KEY)
    const preview = await client.openapi.preview_tool(draft({}))
    expect(preview.request?.url).toBe(`${origin}/v1/invoices/1?key=••••`)
    expect(sent).toHaveLength(1)
  })
})

it('basic credentials, secret headers and plain ones arrive where they belong', async () => {
  await billing(
    { headers: { 'X-Plain': 'open' } },
    {
      auth_type: 'basic',
      auth: {},
      credentials: { username: 'jürgen', password: 'canary: pässword', headers: { 'X-Secret': 'canary-header' } },
    },
  )
  await client.tools.call({ name: 'billing__get_invoice', arguments: { id: '1' } })
  const [{ headers } = { headers: {} as IncomingMessage['headers'] }] = sent
  expect(headers['x-plain']).toBe('open')
  expect(headers['x-secret']).toBe('canary-header')
  const basic = Buffer.from(String(headers.authorization).replace('Basic ', ''), 'base64').toString('utf8')
  expect(basic).toBe('jürgen:canary: pässword')
  expect((await client.integrations.get({ name: 'billing' })).credentials).toEqual({
    username: '••••',
    password: '••••',
    headers: { 'X-Secret': '••••' },
  })
})

it('survives a restart as it was, with what its tools were imported from', async () => {
  const document = JSON.stringify({ openapi: '3.1.0', info: { title: 'B', version: '1' }, paths: {} })
  await billing({ source: { kind: 'file', name: 'billing.json', document } })
  const before = await client.integrations.get({ name: 'billing' })
  expect(before.rest?.source).toMatchObject({ kind: 'file', name: 'billing.json', format: 'OpenAPI 3.1.0' })
  await client.integrations.update({ name: 'billing', display_name: 'Billing' })
  await client.integrations.disable({ name: 'billing' })
  await client.integrations.remove({ name: 'billing', undo_s: 30 })
  await client.integrations.restore({ name: 'billing' })
  await client.integrations.enable({ name: 'billing' })
  expect((await client.integrations.get({ name: 'billing' })).rest).toEqual(before.rest)
  const exported = await client.openapi.export({ name: 'billing' })
  expect(exported).toMatchObject({ openapi: '3.1.0', servers: [{ url: `${origin}/v1` }] })
  expect(JSON.stringify(exported)).not.toContain(KEY)
})

it('an imported document is compared with a newer one, and that one kept', async () => {
  const operation = (description: string) => ({
    get: { operationId: 'list', description, responses: { 200: { description: 'ok' } } },
  })
  const document = (paths: object) =>
    JSON.stringify({ openapi: '3.1.0', info: { title: 'B', version: '1' }, servers: [{ url: origin }], paths })
  const former = document({ '/a': operation('A list') })
  const preview = await client.openapi.preview({ spec: former })
  expect(preview).toMatchObject({ title: 'B', tools: [{ name: 'list', method: 'GET', path: '/a' }] })
  const tools = preview.tools.map(({ input_schema: _i, reads: _r, tokens: _t, warnings: _w, ...tool }) => tool)
  await billing({ base_url: origin, tools, source: { kind: 'text', document: former } })

  const newer = document({
    '/a': operation('All of them'),
    '/b': { ...operation('More'), get: { ...operation('More').get, operationId: 'more' } },
  })
  const diff = await client.openapi.check({ name: 'billing', spec: newer })
  expect(diff.changed.map(({ tool }) => tool)).toEqual(['list'])
  expect(diff.added.map(({ name }) => name)).toEqual(['more'])
  const another = document({ '/a': operation('All of them, and more') })
  const stale = { name: 'billing', spec: another, sha256: diff.source.sha256, change: ['list'] }
  await expect(client.openapi.apply(stale)).rejects.toMatchObject({
    code: 'in_use',
    message: 'The document is not the one that was checked: it has changed since. Check for changes again.',
  })
  expect((await client.integrations.get({ name: 'billing' })).rest?.tools).toMatchObject([{ description: 'A list' }])
  await client.openapi.apply({
    name: 'billing',
    spec: newer,
    sha256: diff.source.sha256,
    add: ['more'],
    change: ['list'],
  })
  const { rest } = await client.integrations.get({ name: 'billing' })
  expect(rest?.tools?.map(({ name, description }) => [name, description])).toEqual([
    ['list', 'All of them'],
    ['more', 'More'],
  ])
  expect(rest?.source?.sha256).toBe(diff.source.sha256)
  const { items } = await client.audit.list({})
  expect(items.map(({ action, outcome }) => [action, outcome])).toEqual([
    ['openapi.apply', 'ok'],
    ['openapi.apply', 'in_use'],
    ['integrations.create', 'ok'],
  ])
})
