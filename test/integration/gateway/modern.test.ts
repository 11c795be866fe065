import { request as httpRequest } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  fakeUpstream,
  modern,
  served,
  startGateway,
  toolsNamed,
  type FakeUpstream,
  type TestGateway,
} from '../../helpers/gateway-fixture.ts'
import { openStream, type OpenStream } from './open-stream.ts'

let files: FakeUpstream
let gateway: TestGateway
const streams: OpenStream[] = []

beforeEach(async () => {
  files = fakeUpstream('files', toolsNamed('read', 'write'))
  gateway = await startGateway([served(files, { disabledTools: ['write'] })])
})
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close()
  await gateway.close()
})

const META_VERSION = 'io.modelcontextprotocol/protocolVersion'
const META_SERVER = 'io.modelcontextprotocol/serverInfo'
const META_SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId'

async function ask(method: string, params: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
  const request = modern(method, params)
  return gateway.post(request.body, { headers: { ...request.headers, ...headers } })
}

async function listen(notifications: object, id: unknown = 'listen-1'): Promise<OpenStream> {
  const { body, headers } = modern('subscriptions/listen', { notifications }, id)
  const stream = await openStream(gateway, 'POST', '/mcp', headers, JSON.stringify(body))
  streams.push(stream)
  return stream
}

describe('server/discover', () => {
  it('says what the gateway is, at once and without a session', async () => {
    const { status, headers, json } = await ask('server/discover')
    expect(status).toBe(200)
    expect(headers['mcp-session-id']).toBeUndefined()
    expect(json.result).toMatchObject({
      resultType: 'complete',
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: { listChanged: true } },
      cacheScope: 'private',
      _meta: { [META_SERVER]: { name: 'gatehouse', version: '1.2.3' } },
    })
    expect(json.result.instructions).toContain('files')
  })
})

describe('tools/list', () => {
  it('carries what a list of this revision carries', async () => {
    const { json } = await ask('tools/list')
    expect(json.result).toMatchObject({ resultType: 'complete', cacheScope: 'private', _meta: { [META_SERVER]: {} } })
    expect(json.result.ttlMs).toBeTypeOf('number')
    expect((json.result.tools as { name: string }[]).map(({ name }) => name)).toEqual(['discover_tools', 'files__read'])
  })

  it('has one page, so any cursor is a wrong one', async () => {
    expect((await ask('tools/list', { cursor: 'x' })).json.error.code).toBe(-32602)
  })
})

describe('what is checked before a request is carried out', () => {
  it.each([
    ['no _meta', {}],
    ['no version', { 'io.modelcontextprotocol/clientCapabilities': {} }],
    ['no capabilities', { [META_VERSION]: '2026-07-28' }],
    [
      'capabilities of another type',
      { [META_VERSION]: '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': [] },
    ],
    ['a version of another type', { [META_VERSION]: 2, 'io.modelcontextprotocol/clientCapabilities': {} }],
  ])('refuses %s with -32602', async (_case, _meta) => {
    const { headers } = modern('tools/list')
    const { status, json } = await gateway.post(
      { jsonrpc: '2.0', id: 7, method: 'tools/list', params: { _meta } },
      { headers },
    )
    expect([status, json.id, json.error.code]).toEqual([400, 7, -32602])
  })

  it('refuses an unknown version and names the known ones', async () => {
    const { status, json } = await ask(
      'tools/list',
      { _meta: { [META_VERSION]: '1900-01-01' } },
      { 'MCP-Protocol-Version': '1900-01-01' },
    )
    expect([status, json.error.code]).toEqual([400, -32022])
    expect(json.error.data).toMatchObject({ requested: '1900-01-01' })
    expect(json.error.data?.supported).toEqual(['2026-07-28'])
  })

  it.each([
    ['another version', { 'MCP-Protocol-Version': '2025-11-25' }],
    ['another method', { 'Mcp-Method': 'tools/list' }],
    ['another name', { 'Mcp-Name': 'files__write' }],
    ['a name that is not base64', { 'Mcp-Name': '=?base64?%%?=' }],
  ])('refuses headers that say something else than the body: %s', async (_case, headers) => {
    const { status, json } = await ask('tools/call', { name: 'files__read' }, headers)
    expect([status, json.error.code]).toEqual([400, -32020])
    expect(files.received).toEqual([])
  })

  it.each(['MCP-Protocol-Version', 'Mcp-Method', 'Mcp-Name'])('needs the %s header', async (missing) => {
    const { body, headers } = modern('tools/call', { name: 'files__read' })
    const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== missing))
    const { status, json } = await gateway.post(body, { headers: kept })
    expect([status, json.error.code]).toEqual([400, -32020])
  })

  it('takes a name in base64, as one that no header can carry is sent', async () => {
    const encoded = `=?base64?${Buffer.from('files__read').toString('base64')}?=`
    expect((await ask('tools/call', { name: 'files__read' }, { 'Mcp-Name': encoded })).status).toBe(200)
  })

  it('compares Mcp-Param headers with the arguments of a tool that asks for them', async () => {
    const tool = {
      name: 'query',
      inputSchema: {
        type: 'object',
        properties: {
          region: { type: 'string', 'x-mcp-header': 'Region' },
          limit: { type: 'integer', 'x-mcp-header': 'Limit' },
        },
      },
    }
    const database = fakeUpstream('db', JSON.stringify([tool]))
    gateway.integrations = [served(database)]
    gateway.gateway.invalidate('default')
    const call = async (callArguments: object, headers: Record<string, string>) => {
      const { status, json } = await ask('tools/call', { name: 'db__query', arguments: callArguments }, headers)
      return status === 200 ? 200 : json.error.code
    }
    expect(await call({ region: 'eu', limit: 5 }, { 'Mcp-Param-Region': 'eu', 'Mcp-Param-Limit': '5.0' })).toBe(200)
    expect(await call({ region: 'eü' }, { 'Mcp-Param-Region': '=?base64?ZcO8?=' })).toBe(200)
    expect(await call({}, {})).toBe(200)
    expect(await call({ region: 'eu' }, {})).toBe(-32020)
    expect(await call({ region: 'eu' }, { 'Mcp-Param-Region': 'us' })).toBe(-32020)
    expect(database.received).toHaveLength(3)
  })

  it.each(['tools/other', 'ping', 'logging/setLevel', 'initialize', 'nothing'])('has no method %s', async (method) => {
    const { status, json } = await ask(method)
    expect([status, json.error.code]).toEqual([404, -32601])
  })

  it('has neither GET nor DELETE', async () => {
    const headers = { Authorization: 'Bearer token-one', 'MCP-Protocol-Version': '2026-07-28' }
    expect((await gateway.send('GET', '/mcp', headers)).status).toBe(405)
    expect((await gateway.send('DELETE', '/mcp', headers)).status).toBe(405)
  })

  it('ignores a session id and accepts notifications without an answer', async () => {
    expect((await ask('tools/list', {}, { 'Mcp-Session-Id': 'anything' })).status).toBe(200)
    const { headers } = modern('notifications/x')
    expect((await gateway.post({ jsonrpc: '2.0', method: 'notifications/x' }, { headers })).status).toBe(202)
  })
})

describe('subscriptions/listen', () => {
  it('acknowledges first, then tells of a changed list once', async () => {
    await ask('tools/list')
    const stream = await listen({ toolsListChanged: true, promptsListChanged: true }, 12)
    expect(await stream.next()).toEqual({
      jsonrpc: '2.0',
      method: 'notifications/subscriptions/acknowledged',
      params: { _meta: { [META_SUBSCRIPTION]: 12 }, notifications: { toolsListChanged: true } },
    })
    for (const tools of [toolsNamed('read', 'a'), toolsNamed('read', 'b'), toolsNamed('read', 'c')]) {
      gateway.integrations = [served(fakeUpstream('files', tools))]
      gateway.gateway.invalidate('default')
    }
    expect(await stream.next()).toEqual({
      jsonrpc: '2.0',
      method: 'notifications/tools/list_changed',
      params: { _meta: { [META_SUBSCRIPTION]: 12 } },
    })
    gateway.gateway.endStreams()
    expect(await stream.next()).toEqual({
      jsonrpc: '2.0',
      id: 12,
      result: { resultType: 'complete', _meta: { [META_SUBSCRIPTION]: 12 } },
    })
    expect(await stream.next()).toBeUndefined()
  })

  it('tells nothing to who did not ask, nor when the list came out the same', async () => {
    await ask('tools/list')
    const deaf = await listen({})
    const listening = await listen({ toolsListChanged: true })
    expect((await deaf.next())?.params).toMatchObject({ notifications: {} })
    await listening.next()
    gateway.integrations = [served(fakeUpstream('files', toolsNamed('read', 'write')), { disabledTools: ['write'] })]
    gateway.gateway.invalidate('default')
    await ask('tools/list')
    await new Promise((resolve) => setTimeout(resolve, 150))
    gateway.gateway.endStreams()
    expect((await listening.next())?.id).toBe('listen-1')
    expect((await deaf.next())?.id).toBe('listen-1')
  })

  it('is bounded for one agent', async () => {
    await gateway.close()
    gateway = await startGateway([served(files)], { limits: { streamsPerAgent: 1 } })
    await listen({ toolsListChanged: true })
    const { body, headers } = modern('subscriptions/listen', { notifications: {} })
    expect((await gateway.post(body, { headers })).status).toBe(429)
  })

  it('ends with the agent', async () => {
    const stream = await listen({ toolsListChanged: true })
    await stream.next()
    gateway.gateway.endSessionsOf('one')
    expect((await stream.next())?.id).toBe('listen-1')
    expect(await stream.next()).toBeUndefined()
  })
})

describe('a closed connection', () => {
  it('cancels the call upstream', async () => {
    const aborted = new Promise<void>((resolve) => {
      const slow = fakeUpstream('slow', toolsNamed('wait'), {
        answer: ({ signal }) =>
          new Promise((_resolve, reject) => {
            signal?.addEventListener('abort', () => {
              resolve()
              reject(new Error('cancelled'))
            })
            request.destroy()
          }),
      })
      gateway.integrations = [served(slow)]
      gateway.gateway.invalidate('default')
    })
    const { body, headers } = modern('tools/call', { name: 'slow__wait' })
    const request = httpRequest({
      port: gateway.port,
      method: 'POST',
      path: '/mcp',
      headers: {
        Authorization: 'Bearer token-one',
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        ...headers,
      },
    })
    request.on('error', () => undefined)
    request.end(JSON.stringify(body))
    await aborted
  })
})
