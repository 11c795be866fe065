import { afterEach, describe, expect, it } from 'vitest'
import type { CancelSignal } from '../../../src/main/base/cancellation.ts'
import type { AgentIdentity } from '../../../src/main/agents/agent-identity.ts'
import { AppError } from '../../../src/main/base/app-error.ts'
import { Gateway } from '../../../src/main/gateway/gateway.ts'
import type { FilteredTools, ServedIntegration } from '../../../src/main/integrations/served-integration.ts'
import type { FinishedCall } from '../../../src/main/records/finished-call.ts'
import { nothingHeld } from '../../../src/main/pins/tool-pins.ts'
import { parseToolList } from '../../../src/main/upstream/tool-list.ts'
import { fakeUpstream, log, profileOf, result, rpcError, served, toolsNamed } from '../../helpers/gateway-fixture.ts'

let gateway: Gateway
let disabled: FilteredTools[] = []
const calls: FinishedCall[] = []
const reader: AgentIdentity = {
  id: 'reader',
  name: 'Reader',
  workspace: 'default',
  profile: profileOf({ enabled_tools: ['files__read*'] }),
  discoveryMode: 'full',
}

function start(...integrations: ServedIntegration[]): Gateway {
  calls.length = 0
  gateway = new Gateway({
    served: (workspace) => (workspace === 'default' ? integrations : []),
    disabled: (workspace) => (workspace === 'default' ? disabled : []),
    agentOf: (id) => (id === reader.id ? reader : undefined),
    mergesInstructions: () => true,
    calls: { record: (call) => calls.push(call) },
    log,
    version: '1',
  })
  return gateway
}
afterEach(async () => {
  disabled = []
  await gateway.close()
})

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
    const states = start().toolsOf('default', {
      slug: 'off',
      enabledTools: [],
      disabledTools: ['write*'],
      tools,
      review: nothingHeld,
    })
    expect(states.map(({ gateway_name, state }) => [gateway_name, state])).toEqual([
      ['off__read_file', 'allowed'],
      ['off__write_file', 'in_disabled_tools'],
    ])
  })

  it('are, for one agent, those that its profile shows', () => {
    start(files, mail)
    const found = (filter: object) => gateway.listTools('default', filter).map((tool) => [tool.name, tool.state])
    expect(found({ agent: 'reader' })).toEqual([['read_file', 'allowed']])
    expect(found({ agent: 'reader', hidden: true })).toEqual([
      ['read_file', 'allowed'],
      ['write_file', 'in_disabled_tools'],
      ['send', 'not_in_profile'],
    ])
    expect(() => gateway.listTools('default', { agent: 'nobody' })).toThrow(/no such agent/)
    expect(() => gateway.listTools('elsewhere', { agent: 'reader' })).toThrow(/no such agent/)
  })

  it('are also the hidden ones where that is wanted, each with the nearest reason', () => {
    const tools = parseToolList(toolsNamed('sign', 'delete'))
    disabled = [{ slug: 'legal', enabledTools: [], disabledTools: ['delete'], tools, review: nothingHeld }]
    start(files, mail)
    const all = gateway.listTools('default', { hidden: true })
    expect(all.map(({ gateway_name, state }) => [gateway_name, state])).toEqual([
      ['files__read_file', 'allowed'],
      ['files__write_file', 'in_disabled_tools'],
      ['legal__sign', 'integration_disabled'],
      ['legal__delete', 'integration_disabled'],
      ['mail__send', 'allowed'],
    ])
    expect(gateway.listTools('default', { hidden: true, query: 'sign' })).toHaveLength(1)
    expect(gateway.listTools('default').map(({ integration }) => integration)).toEqual(['files', 'mail'])
  })

  it('come one by one with the schema, hidden or not', () => {
    start(files, mail)
    expect(gateway.tool('default', 'files__write_file')).toMatchObject({
      name: 'write_file',
      state: 'in_disabled_tools',
      input_schema: { type: 'object' },
    })
    expect(gateway.listTools('default')[0]).not.toHaveProperty('input_schema')
    expect(() => gateway.tool('default', 'files__nothing')).toThrow('Unknown tool: files__nothing')
    expect(() => gateway.tool('elsewhere', 'files__read_file')).toThrow('Unknown tool')
  })

  it('tell what they cost: a quarter of the bytes of the definition that agents get', () => {
    start(mail)
    const definition = '{"name":"mail__send","description":"Send a Letter.","inputSchema":{"type":"object"}}'
    expect(gateway.tool('default', 'mail__send').tokens).toBe(Math.ceil(definition.length / 4))
  })

  it('are listed from ready texts, however many there are', () => {
    const many = served(fakeUpstream('many', toolsNamed(...Array.from({ length: 10_000 }, (_, index) => `t_${index}`))))
    start(many)
    const first = gateway.listTools('default', { query: 't_77' })
    expect(first).toHaveLength(111)
    const again = gateway.listTools('default', { query: 't_77', hidden: true })
    expect(again.every((tool, index) => tool === first[index])).toBe(true)
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

describe('calls from the console in the log', () => {
  it('have no agent and the messages as JSON-RPC', async () => {
    start(served(fakeUpstream('files', toolsNamed('read'), { answer: () => result('{"content":[],"isError":true}') })))
    await gateway.callTool('default', 'files__read', { path: '/x' })
    await expect(gateway.callTool('default', 'nothing', {})).rejects.toMatchObject({ code: 'not_found' })
    await gateway.callTool('default', 'discover_tools', {})
    await gateway.close()
    const told = calls.map(({ agent, integration, tool, outcome, error }) => [agent, integration, tool, outcome, error])
    expect(told).toEqual([
      [null, 'files', 'files__read', 'tool_error', null],
      [null, null, 'nothing', 'error', { code: -32602, message: 'Unknown tool: nothing' }],
      [null, null, 'discover_tools', 'ok', null],
    ])
    const [call] = calls
    expect(JSON.parse(call?.request.toString() ?? '')).toEqual({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'files__read', arguments: { path: '/x' } },
    })
    const response = Buffer.concat(call?.response ?? [])
    expect(JSON.parse(response.toString())).toEqual({ jsonrpc: '2.0', id: 1, result: { content: [], isError: true } })
    expect([call?.requestBytes, call?.responseBytes]).toEqual([call?.request.length, response.length])
  })
})

describe('a followed call', () => {
  const telling = (...progress: object[]) =>
    fakeUpstream('files', toolsNamed('read'), {
      era: 'modern',
      answer: ({ onProgress }) => {
        for (const value of progress) {
          onProgress?.({ value: value as Record<string, unknown>, bytes: Buffer.from(JSON.stringify(value)) })
        }
        return result('{"resultType":"complete","content":[],"later":1.0}')
      },
    })

  it('gives the newest progress, then the result as the upstream sent it', async () => {
    start(served(telling({ progress: 1 }, { progress: 'x' }, { progress: 2, total: 3, message: 'half' })))
    const run = gateway.runTool('default', 'files__read', { a: 1 })
    expect(await run.next()).toEqual({ done: false, value: { progress: 2, total: 3, message: 'half' } })
    const { done, value } = await run.next()
    expect(done).toBe(true)
    await gateway.close()
    expect(value).toMatchObject({
      result: { resultType: 'complete', content: [], later: 1 },
      result_json: '{"resultType":"complete","content":[],"later":1.0}',
      error: null,
      request_bytes: calls[0]?.requestBytes,
      response_bytes: calls[0]?.responseBytes,
    })
  })

  it('sends the arguments as they were written, and does not repeat a result that says all', async () => {
    let sent = ''
    const files = fakeUpstream('files', toolsNamed('read'), {
      answer: ({ params }) => {
        sent = params.toString()
        return result('{"content":[],"n":1}')
      },
    })
    const json = '{ "id": 12345678901234567890, "rate": 1.0 }'
    const input = JSON.parse(json) as Record<string, unknown>
    const run = start(served(files)).runTool('default', 'files__read', input, undefined, json)
    expect((await run.next()).value).toMatchObject({ result: { n: 1 }, result_json: null })
    expect(sent).toContain(json)
  })

  it('gives an error with its data and without secrets, whoever made it', async () => {
    const secret = 'a secret / that "nobody" sees'
    log.redactor.register(secret)
    const said = { code: -32050, message: `No: ${secret}`, data: { deep: [secret, 7] } }
    start(
      served(fakeUpstream('files', toolsNamed('read'), { answer: () => rpcError(JSON.stringify(said)) })),
      served(
        fakeUpstream('down', toolsNamed('read'), {
          session: () => Promise.reject(new AppError('upstream_unavailable', { message: 'Start it.' })),
        }),
      ),
    )
    const ended = async (name: string) => (await gateway.runTool('default', name, {}).next()).value
    expect(await ended('files__read')).toMatchObject({
      result: null,
      error: { code: -32050, message: 'No: [redacted]', data: { deep: ['[redacted]', 7] } },
    })
    expect(await ended('down__read')).toMatchObject({
      result: null,
      error: { code: -32603, message: 'Start it.', data: { code: 'upstream_unavailable', integration: 'down' } },
    })
    await expect(gateway.runTool('default', 'files__nothing', {}).next()).rejects.toMatchObject({ code: 'not_found' })
  })

  it.each(['left', 'aborted'] as const)('that is %s cancels the call upstream', async (how) => {
    let aborted: CancelSignal | undefined
    const slow = fakeUpstream('slow', toolsNamed('wait'), {
      answer: ({ signal }) =>
        new Promise((_resolve, reject) => {
          aborted = signal
          signal?.addEventListener('abort', () => reject(new Error('cancelled')))
        }),
    })
    const aborting = new AbortController()
    const run = start(served(slow)).runTool('default', 'slow__wait', {}, aborting.signal)
    const waiting = run.next()
    await expect.poll(() => aborted).toBeDefined()
    if (how === 'left') void run.return(undefined as never)
    else aborting.abort()
    expect((await waiting).value).toMatchObject({ error: { code: -32800 } })
    expect(aborted?.aborted).toBe(true)
    await gateway.close()
    expect(calls.map(({ outcome }) => outcome)).toEqual(['cancelled'])
  })
})
