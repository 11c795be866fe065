import { afterEach, describe, expect, it } from 'vitest'
import { AppError } from '../../../src/main/base/app-error.ts'
import { Gateway } from '../../../src/main/gateway/gateway.ts'
import type { ServedIntegration } from '../../../src/main/integrations/served-integration.ts'
import { parseToolList } from '../../../src/main/upstream/tool-list.ts'
import { fakeUpstream, log, result, rpcError, served, toolsNamed } from '../../helpers/gateway-fixture.ts'

let gateway: Gateway

function start(...integrations: ServedIntegration[]): Gateway {
  gateway = new Gateway({ served: (workspace) => (workspace === 'default' ? integrations : []), log, version: '1' })
  return gateway
}
afterEach(() => gateway.close())

describe('tools for the console', () => {
  const files = served(fakeUpstream('files', toolsNamed('read_file', 'write_file')), { disabledTools: ['write*'] })
  const mail = served(
    fakeUpstream('mail', '[{"name":"send","description":"Send a Letter.","inputSchema":{"type":"object"}}]'),
  )

  it('are those that agents see, of one workspace', () => {
    expect(
      start(files, mail)
        .listTools('default')
        .map((tool) => tool.gateway_name),
    ).toEqual(['files__read_file', 'mail__send'])
    expect(gateway.listTools('elsewhere')).toEqual([])
  })

  it('are found by words in name, title and description, in one integration or all', () => {
    start(files, mail)
    const found = (filter: object) => gateway.listTools('default', filter).map((tool) => tool.name)
    expect(found({ query: 'letter SEND' })).toEqual(['send'])
    expect(found({ query: 'letter read' })).toEqual([])
    expect(found({ integration: 'files' })).toEqual(['read_file'])
    expect(found({ query: '', integration: 'none' })).toEqual([])
  })

  it('come with their state for one integration, served or not', () => {
    const tools = parseToolList(toolsNamed('read_file', 'write_file'))
    const states = start().toolsOf({ slug: 'off', enabledTools: [], disabledTools: ['write*'], tools })
    expect(states.map(({ gateway_name, state }) => [gateway_name, state])).toEqual([
      ['off__read_file', 'allowed'],
      ['off__write_file', 'in_disabled_tools'],
    ])
  })
})

describe('a call from the console', () => {
  it('gives the result as it came and tells the upstream who calls', async () => {
    const upstream = fakeUpstream('files', toolsNamed('read'), {
      era: 'modern',
      answer: () => result('{"resultType":"complete","content":[],"later":{"a":1}}'),
    })
    const answer = await start(served(upstream)).callTool('default', 'files__read', { path: '/x' })
    expect(answer).toEqual({ content: [], later: { a: 1 } })
    expect(JSON.parse(upstream.received[0]?.params ?? '')).toMatchObject({
      name: 'read',
      arguments: { path: '/x' },
      _meta: { 'io.modelcontextprotocol/clientInfo': { name: 'gatehouse' } },
    })
  })

  it('is refused like an agent’s: blocked, unknown, another workspace', async () => {
    start(served(fakeUpstream('files', toolsNamed('read', 'write')), { enabledTools: ['read'] }))
    await expect(gateway.callTool('default', 'files__write', {})).rejects.toMatchObject({ code: 'not_found' })
    await expect(gateway.callTool('default', '__proto__', {})).rejects.toMatchObject({ code: 'not_found' })
    await expect(gateway.callTool('elsewhere', 'files__read', {})).rejects.toMatchObject({ code: 'not_found' })
  })

  it('answers discover_tools itself', async () => {
    expect(await start().callTool('default', 'discover_tools', {})).toHaveProperty('content')
  })

  it.each([
    [-32602, 'invalid_input'],
    [-32000, 'upstream_invalid'],
  ] as const)('tells an error of the upstream in its words: %s', async (code, expected) => {
    const upstream = fakeUpstream('files', toolsNamed('read'), {
      answer: () => rpcError(`{"code":${code},"message":"Not so."}`),
    })
    await expect(start(served(upstream)).callTool('default', 'files__read', {})).rejects.toMatchObject({
      code: expected,
      message: 'Not so.',
      integration: 'files',
    })
  })

  it('fails with the reason of the upstream', async () => {
    const down = fakeUpstream('down', toolsNamed('read'), {
      session: () => Promise.reject(new AppError('upstream_timeout')),
    })
    await expect(start(served(down)).callTool('default', 'down__read', {})).rejects.toMatchObject({
      code: 'upstream_timeout',
    })
  })
})
