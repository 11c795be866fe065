import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  fakeUpstream,
  modern,
  result,
  rpcError,
  served,
  startGateway,
  toolsNamed,
  type Answer,
  type FakeUpstream,
  type TestGateway,
} from '../../helpers/gateway-fixture.ts'
import { openStream } from './open-stream.ts'

let gateway: TestGateway
let files: FakeUpstream

beforeEach(async () => {
  files = fakeUpstream('files', toolsNamed('read', 'call_tool'))
  gateway = await startGateway([served(files)])
})
afterEach(() => gateway.close())

async function ask(method: string, params: Record<string, unknown> = {}, path = '/mcp?mode=lazy'): Promise<Answer> {
  const { body, headers } = modern(method, params)
  return gateway.post(body, { headers, path })
}

async function namesIn(path?: string): Promise<string[]> {
  const { json } = await ask('tools/list', {}, path)
  return (json.result.tools as { name: string }[]).map(({ name }) => name)
}

const FULL = ['discover_tools', 'files__read', 'files__call_tool']
const LAZY = ['discover_tools', 'call_tool']

describe('the mode', () => {
  it('is asked for in the address, of either era', async () => {
    expect(await namesIn()).toEqual(LAZY)
    expect(await namesIn('/mcp?x=1&mode=lazy')).toEqual(LAZY)
    const session = await gateway.initialize({ path: '/mcp?mode=lazy' })
    const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
    const inSession = { path: '/mcp?mode=lazy', headers: { 'Mcp-Session-Id': session } }
    expect((await gateway.post(list, inSession)).json.result.tools).toHaveLength(2)
  })

  it('is else that of the agent, and the address has the last word', async () => {
    expect(await namesIn('/mcp')).toEqual(FULL)
    gateway.changeAgent('one', { discoveryMode: 'lazy' })
    expect(await namesIn('/mcp')).toEqual(LAZY)
    expect(await namesIn('/mcp?mode=full')).toEqual(FULL)
  })

  it('does not exist on the endpoint of one integration', async () => {
    gateway.changeAgent('one', { discoveryMode: 'lazy' })
    expect(await namesIn('/mcp/files')).toEqual(['read', 'call_tool'])
    expect(await namesIn('/mcp/files?mode=lazy')).toEqual(['read', 'call_tool'])
  })

  it('must be one that exists', async () => {
    const { status, json } = await ask('tools/list', {}, '/mcp?mode=eager')
    expect([status, json.error.message]).toEqual([400, 'The mode in the address must be one of: full, lazy.'])
  })

  it('has instructions of its own: how to find and call what is not listed', async () => {
    const { text } = await ask('server/discover')
    expect(text).toContain('discover_tools')
    expect(text).toContain('call_tool')
    expect((await ask('server/discover', {}, '/mcp')).text).not.toContain('call_tool')
  })

  it('that changes is told to the agent, and a list that never changes is not', async () => {
    const { body, headers } = modern('subscriptions/listen', { notifications: { toolsListChanged: true } }, 'l')
    const following = await openStream(gateway, 'POST', '/mcp', headers, JSON.stringify(body))
    const lazy = await openStream(gateway, 'POST', '/mcp?mode=lazy', headers, JSON.stringify(body))
    for (const stream of [following, lazy]) await stream.next()
    gateway.integrations = [served(fakeUpstream('files', toolsNamed('other')))]
    gateway.gateway.invalidate('default')
    expect((await following.next())?.method).toBe('notifications/tools/list_changed')
    gateway.changeAgent('one', { discoveryMode: 'lazy' })
    expect((await following.next())?.method).toBe('notifications/tools/list_changed')
    gateway.gateway.endStreams()
    expect((await lazy.next())?.id).toBe('l')
  })
})

describe('call_tool', () => {
  const call = (given: object, path?: string) => ask('tools/call', { name: 'call_tool', arguments: given }, path)

  it('carries the inner arguments and every other member byte for byte', async () => {
    const inner = '{ "n":12345678901234567890,"x":[1e400, "\\u0041"],"__proto__":{"a":1} }'
    const session = await gateway.initialize()
    const params = `{"arguments":{"arguments":${inner},"name":"files__read"},"later":1.50,"name":"call_tool","_meta":{"v.dev/k":1.0}}`
    const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`
    const { json } = await gateway.post(body, { headers: { 'Mcp-Session-Id': session } })
    expect(json.result).toEqual({ content: [] })
    expect(files.received).toEqual([
      {
        method: 'tools/call',
        name: 'read',
        params: `{"arguments":${inner},"later":1.50,"name":"read","_meta":{"v.dev/k":1.0}}`,
      },
    ])
  })

  it('needs no arguments for a tool that takes none', async () => {
    await call({ name: 'files__read' })
    expect(JSON.parse(files.received[0]?.params ?? '')).not.toHaveProperty('arguments')
  })

  it('passes the answer on as it came, an error too', async () => {
    const answers = [
      result('{"content":[],"isError":true,"later":1.0}'),
      rpcError('{"code":-32099,"message":"no","x":1}'),
    ]
    const given = fakeUpstream('files', toolsNamed('read'), { answer: () => answers.shift() ?? result('{}') })
    gateway.integrations = [served(given)]
    gateway.gateway.invalidate('default')
    expect((await call({ name: 'files__read' })).text).toContain('"content":[],"isError":true,"later":1.0')
    expect((await call({ name: 'files__read' })).text).toBe(
      '{"jsonrpc":"2.0","id":1,"error":{"code":-32099,"message":"no","x":1}}',
    )
  })

  it('works in full mode as well, and next to the names themselves in lazy mode', async () => {
    expect((await call({ name: 'files__read' }, '/mcp')).json.result).toBeDefined()
    expect((await ask('tools/call', { name: 'files__read' })).json.result).toBeDefined()
    expect(files.received).toHaveLength(2)
  })

  it('is not in the way of a tool of that name', async () => {
    expect((await ask('tools/call', { name: 'call_tool' }, '/mcp/files')).json.result).toBeDefined()
    expect((await call({ name: 'files__call_tool' })).json.result).toBeDefined()
    expect(files.received.map(({ name }) => name)).toEqual(['call_tool', 'call_tool'])
  })

  it('finds tools as well, and does not call itself', async () => {
    const found = await call({ name: 'discover_tools', arguments: { query: 'read', detail: 'names' } })
    expect(found.text).toContain('files__read')
    expect((await call({ name: 'call_tool', arguments: { name: 'files__read' } })).json.error.code).toBe(-32602)
  })

  it('says of an unknown tool how to find the others', async () => {
    const { json } = await call({ name: 'files__nothing' })
    expect(json.error).toEqual({
      code: -32602,
      message: 'Unknown tool: files__nothing. Call discover_tools to find the tools that there are.',
    })
  })

  it.each([
    [undefined],
    [{}],
    [{ name: 7 }],
    [{ name: 'files__read', arguments: '{"path":"/x"}' }],
    [{ name: 'files__read', arguments: [] }],
    [{ name: 'files__read', arguments: null }],
    [{ name: 'files__read', path: '/x' }],
  ])('answers wrong arguments in a result that a model can read: %j', async (given) => {
    const { json } = await ask('tools/call', { name: 'call_tool', ...(given && { arguments: given }) })
    expect(json.result.isError).toBe(true)
    expect(JSON.stringify(json.result.content)).toContain('Invalid arguments')
    expect(files.received).toEqual([])
  })
})
