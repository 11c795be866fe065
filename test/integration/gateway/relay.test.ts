import { afterEach, describe, expect, it } from 'vitest'
import { AppError } from '../../../src/main/base/app-error.ts'
import type { Era } from '../../../src/main/upstream/upstream.ts'
import {
  fakeUpstream,
  modern,
  result,
  rpcError,
  served,
  startGateway,
  toolsNamed,
  type Answer,
  type TestGateway,
} from '../../helpers/gateway-fixture.ts'

let gateway: TestGateway

afterEach(() => gateway.close())

const ERAS: Era[] = ['legacy', 'modern']
const PAIRS = ERAS.flatMap((agent) => ERAS.map((upstream) => [agent, upstream] as const))

/** Calls as an agent of one era; `params` is JSON text, since what matters here are bytes. */
async function call(
  era: Era,
  name: string,
  params: string,
  options: { id?: string; path?: string; meta?: string } = {},
): Promise<Answer> {
  const { id = '1', path = '/mcp', meta } = options
  if (era === 'modern') {
    const { headers } = modern('tools/call', { name })
    const envelope =
      '"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"elicitation":{}},' +
      '"io.modelcontextprotocol/clientInfo":{"name":"agent","version":"1","x":1e400},"io.modelcontextprotocol/logLevel":"debug"'
    const body = `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"_meta":{${envelope}${meta ? `,${meta}` : ''}},${params}}}`
    return gateway.post(body, { headers, path })
  }
  const session = await gateway.initialize({ path })
  const body = `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{${meta ? `"_meta":{${meta}},` : ''}${params}}}`
  return gateway.post(body, { path, headers: { 'Mcp-Session-Id': session } })
}

describe.each(PAIRS)('a %s agent and a %s upstream', (agent, upstream) => {
  const ODD =
    '"arguments":{"big":12345678901234567890,"huge":1e400,"tiny":-0.0,"text":"\\u0041\\ud83d\\ude00","__proto__":{"x":1}}'

  it('carries arguments and unknown fields byte for byte', async () => {
    const files = fakeUpstream('files', toolsNamed('read'), { era: upstream })
    gateway = await startGateway([served(files)])
    const name = '"name":"files__read"'
    expect((await call(agent, 'files__read', `${ODD}, ${name} ,"future":[1E+2, {"a":null}]`)).status).toBe(200)
    const sent = files.received[0]
    expect([sent?.method, sent?.name]).toEqual(['tools/call', 'read'])
    expect(sent?.params).toContain(ODD)
    expect(sent?.params).toContain('"name":"read"')
    expect(sent?.params).toContain('"future":[1E+2, {"a":null}]')
    expect(({} as { x?: unknown }).x).toBeUndefined()
  })

  it('carries the result byte for byte and adds only what the era of the agent needs', async () => {
    const body =
      '"content":[{"type":"text","text":"\\u00e9","n":12345678901234567890}],"structuredContent":{"v":1e400},"later":{"k":[ ]}'
    const text = upstream === 'modern' ? `{${body},"resultType":"complete"}` : `{${body}}`
    const files = fakeUpstream('files', toolsNamed('read'), { era: upstream, answer: () => result(text) })
    gateway = await startGateway([served(files)])
    const answer = await call(agent, 'files__read', '"name":"files__read"')
    expect(answer.text).toContain(body)
    expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.text)))
    if (agent === 'modern') expect(answer.json.result.resultType).toBe('complete')
    else expect(Object.keys(answer.json.result)).toEqual(['content', 'structuredContent', 'later'])
  })

  it('gives the upstream the _meta of its own era and no progress token', async () => {
    const files = fakeUpstream('files', toolsNamed('read'), { era: upstream })
    gateway = await startGateway([served(files)])
    await call(agent, 'files__read', '"name":"files__read"', {
      meta: '"progressToken":7,"traceparent":"00-1","x.dev/n":1.50',
    })
    const params = JSON.parse(files.received[0]?.params ?? '') as { _meta: Record<string, unknown> }
    const envelope = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo':
        agent === 'modern' ? { name: 'agent', version: '1', x: Infinity } : { name: 'test', version: '0' },
      'io.modelcontextprotocol/clientCapabilities': agent === 'modern' ? { elicitation: {} } : {},
      // A legacy agent that never set a level gets what most legacy servers send by themselves.
      'io.modelcontextprotocol/logLevel': agent === 'modern' ? 'debug' : 'info',
    }
    expect(params._meta).toEqual({ traceparent: '00-1', 'x.dev/n': 1.5, ...(upstream === 'modern' ? envelope : {}) })
    expect(files.received[0]?.params).toContain('"x.dev/n":1.50')
  })

  it('carries a JSON-RPC error of the upstream byte for byte', async () => {
    const text = '{"code":-32099,"message":"no \\u20ac","data":{"n":12345678901234567890},"extra":1}'
    const files = fakeUpstream('files', toolsNamed('read'), { era: upstream, answer: () => rpcError(text) })
    gateway = await startGateway([served(files)])
    const answer = await call(agent, 'files__read', '"name":"files__read"')
    expect([answer.status, answer.text]).toEqual([200, `{"jsonrpc":"2.0","id":1,"error":${text}}`])
  })

  it('crosses no answers between two agents that use the same ids', async () => {
    const files = fakeUpstream('files', toolsNamed('echo'), {
      era: upstream,
      answer: async ({ params }) => {
        const { arguments: given } = JSON.parse(params.toString()) as { arguments: { nonce: string; wait: number } }
        await new Promise((resolve) => setTimeout(resolve, given.wait))
        return result(JSON.stringify({ content: [{ type: 'text', text: given.nonce }] }))
      },
    })
    gateway = await startGateway([served(files)])
    const sessions = {
      'token-one': await gateway.initialize(),
      'token-two': await gateway.initialize({ token: 'token-two' }),
    }
    const calls = Array.from({ length: 60 }, async (_, index) => {
      const token = index % 2 === 0 ? 'token-one' : 'token-two'
      const nonce = `${token}-${index}`
      const params = { name: 'files__echo', arguments: { nonce, wait: (index * 7) % 20 } }
      const request = modern('tools/call', params, index >> 1)
      const legacy = { jsonrpc: '2.0', id: index >> 1, method: 'tools/call', params }
      const { json } = await (agent === 'modern'
        ? gateway.post(request.body, { token, headers: request.headers })
        : gateway.post(legacy, { token, headers: { 'Mcp-Session-Id': sessions[token] } }))
      expect(json.id).toBe(index >> 1)
      expect(json.result.content).toEqual([{ type: 'text', text: nonce }])
    })
    await Promise.all(calls)
  })
})

describe('the id of a request', () => {
  it.each(['0', '-7', '12345678901234567890', '1e2', '1.50', '""', '"a\\"b\\\\\\u00e9\\n"', '"é😀"', '"__proto__"'])(
    'comes back as it went: %s',
    async (id) => {
      gateway = await startGateway([served(fakeUpstream('files', toolsNamed('read')))])
      for (const era of ERAS) {
        const answer = await call(era, 'files__read', '"name":"files__read"', { id })
        expect(answer.text.startsWith(`{"jsonrpc":"2.0","id":${id},"result":{`)).toBe(true)
        const unknown = await call(era, 'none', '"name":"none"', { id })
        expect(unknown.text.startsWith(`{"jsonrpc":"2.0","id":${id},"error":{`)).toBe(true)
      }
    },
  )
})

describe('results between eras', () => {
  it('get resultType and the gateway as server for a modern agent', async () => {
    const texts = [
      '{}',
      '{ }',
      '{"content":[]}',
      '{"content":[],"_meta":{"a":1}}',
      '{"_meta":{},"content":[]}',
      '{"_meta":7,"content":[]}',
      '{"resultType":"odd"}',
    ]
    const files = fakeUpstream('files', toolsNamed('read'), { answer: () => result(texts[index] ?? '') })
    gateway = await startGateway([served(files)])
    let index = 0
    for (; index < texts.length; index++) {
      const { json } = await call('modern', 'files__read', '"name":"files__read"')
      expect(json.result).toMatchObject({
        resultType: 'complete',
        _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'gatehouse' } },
      })
      if (texts[index]?.includes('"a":1')) expect(json.result._meta).toMatchObject({ a: 1 })
    }
  })

  it('lose the modern keys for a legacy agent', async () => {
    const text =
      '{"resultType":"complete","content":[],"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"x"},"a":1}}'
    gateway = await startGateway([
      served(fakeUpstream('files', toolsNamed('read'), { era: 'modern', answer: () => result(text) })),
    ])
    const answer = await call('legacy', 'files__read', '"name":"files__read"')
    expect(answer.text).toBe('{"jsonrpc":"2.0","id":1,"result":{"content":[],"_meta":{"a":1}}}')
  })

  it('that ask for input reach a modern agent untouched and are an error for a legacy one', async () => {
    const text =
      '{"resultType":"input_required","inputRequests":{"a":{"method":"elicitation/create"}},"requestState":"s"}'
    gateway = await startGateway([
      served(fakeUpstream('files', toolsNamed('read'), { era: 'modern', answer: () => result(text) })),
    ])
    expect((await call('modern', 'files__read', '"name":"files__read"')).text).toContain(text)
    const refused = await call('legacy', 'files__read', '"name":"files__read"')
    expect(refused.json.error).toMatchObject({ code: -32603, data: { code: 'upstream_invalid', integration: 'files' } })
  })

  it('tell a modern agent by status 400 that it lacks a capability', async () => {
    const files = fakeUpstream('files', toolsNamed('read'), {
      era: 'modern',
      answer: () => rpcError('{"code":-32021,"message":"x"}'),
    })
    gateway = await startGateway([served(files)])
    expect((await call('modern', 'files__read', '"name":"files__read"')).status).toBe(400)
  })

  it('tell a modern agent by status 404 that the server has no such method, which is not about a tool', async () => {
    const files = fakeUpstream('files', toolsNamed('read'), {
      era: 'modern',
      answer: () => rpcError('{"code":-32601,"message":"x"}'),
    })
    gateway = await startGateway([served(files)])
    const { body, headers } = modern('x.dev/unheard', {})
    const unheard = await gateway.post(body, { headers, path: '/mcp/files' })
    expect([unheard.status, unheard.json.error]).toEqual([404, { code: -32601, message: 'x' }])
    const tool = await call('modern', 'files__read', '"name":"files__read"')
    expect([tool.status, tool.json.error.code]).toEqual([200, -32601])
  })

  it('of tasks are not asked for on behalf of a legacy agent, whose tasks are others', async () => {
    const files = fakeUpstream('files', toolsNamed('read'), { era: 'modern' })
    gateway = await startGateway([served(files)])
    const extensions = { 'io.modelcontextprotocol/tasks': {}, 'x.dev/y': { z: 1 } }
    const capabilities = { tasks: { list: {} }, extensions, elicitation: {} }
    const params = { protocolVersion: '2025-11-25', capabilities, clientInfo: { name: 'test', version: '0' } }
    const opened = await gateway.post({ jsonrpc: '2.0', id: 0, method: 'initialize', params })
    const session = String(opened.headers['mcp-session-id'])
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'files__read' } }
    await gateway.post(body, { headers: { 'Mcp-Session-Id': session } })
    expect(JSON.parse(files.received[0]?.params ?? '')).toMatchObject({
      _meta: { 'io.modelcontextprotocol/clientCapabilities': { extensions: { 'x.dev/y': { z: 1 } }, elicitation: {} } },
    })
    expect(files.received[0]?.params).not.toContain('tasks')
  })
})

describe('a tool that an agent may not call', () => {
  it('is absent and answers as one that never was, on both endpoints', async () => {
    const files = fakeUpstream('files', toolsNamed('read', 'write', 'delete_all'))
    gateway = await startGateway([served(files, { enabledTools: ['read', 'delete_*'], disabledTools: ['*_all'] })])
    for (const era of ERAS) {
      for (const name of [
        'files__write',
        'files__delete_all',
        'files__never',
        'read',
        '__proto__',
        'constructor',
        '',
      ]) {
        const { status, json } = await call(era, name, `"name":${JSON.stringify(name)}`)
        expect([status, json.error]).toEqual([200, { code: -32602, message: `Unknown tool: ${name}` }])
      }
      for (const name of ['write', 'delete_all', 'never', 'files__read']) {
        const { json } = await call(era, name, `"name":${JSON.stringify(name)}`, { path: '/mcp/files' })
        expect(json.error).toEqual({ code: -32602, message: `Unknown tool: ${name}` })
      }
      expect((await call(era, 'read', '"name":"read"', { path: '/mcp/files' })).json.result).toBeDefined()
    }
    expect(files.received.map(({ name }) => name)).toEqual(['read', 'read'])
    const { body, headers } = modern('tools/list')
    expect((await gateway.post(body, { headers })).text).not.toMatch(/write|delete_all/)
    expect((await gateway.post(body, { headers, path: '/mcp/files' })).text).not.toMatch(/write|delete_all|discover/)
  })

  it('cannot be reached by a name that stands twice', async () => {
    const files = fakeUpstream('files', toolsNamed('read', 'write'))
    gateway = await startGateway([served(files, { disabledTools: ['write'] })])
    await call('legacy', 'files__read', '"name":"write","n\\u0061me":"write","name":"files__read"')
    expect(files.received[0]?.params).toBe('{"name":"read"}')
  })

  it('needs a name that is a text', async () => {
    gateway = await startGateway([])
    for (const params of ['"name":7', '"arguments":{}', '"name":["files__read"]']) {
      expect((await call('legacy', '', params)).json.error.code).toBe(-32602)
    }
  })

  it('is gone from the next call on when the filter changes', async () => {
    const files = fakeUpstream('files', toolsNamed('read'))
    gateway = await startGateway([served(files)])
    expect((await call('legacy', 'files__read', '"name":"files__read"')).json.result).toBeDefined()
    gateway.integrations = [served(files, { disabledTools: ['read'] })]
    gateway.gateway.invalidate('default')
    expect((await call('legacy', 'files__read', '"name":"files__read"')).json.error.code).toBe(-32602)
  })
})

describe('names', () => {
  it('that cleaning makes equal stay two tools that can both be called', async () => {
    const odd = fakeUpstream('odd', toolsNamed('a.b', 'a/b', 'a_b', '__proto__'))
    gateway = await startGateway([served(odd)])
    const { body, headers } = modern('tools/list')
    const tools = (await gateway.post(body, { headers })).json.result.tools as { name: string }[]
    const names = tools.map(({ name }) => name).slice(1)
    expect(new Set(names).size).toBe(4)
    for (const name of names) expect((await call('modern', name, `"name":"${name}"`)).json.result).toBeDefined()
    expect(odd.received.map(({ name }) => name)).toEqual(['a.b', 'a/b', 'a_b', '__proto__'])
    expect(odd.received[3]?.params).toContain('"name":"__proto__"')
  })

  it('on the endpoint of one integration are its own', async () => {
    const odd = fakeUpstream('odd', toolsNamed('a.b', '__proto__', 'discover_tools'))
    gateway = await startGateway([served(odd)])
    const { body, headers } = modern('tools/list')
    const { json } = await gateway.post(body, { headers, path: '/mcp/odd' })
    expect((json.result.tools as { name: string }[]).map(({ name }) => name)).toEqual([
      'a.b',
      '__proto__',
      'discover_tools',
    ])
    await call('modern', 'discover_tools', '"name":"discover_tools"', { path: '/mcp/odd' })
    expect(odd.received[0]?.name).toBe('discover_tools')
  })
})

describe('an integration that cannot be called', () => {
  it.each(['upstream_unavailable', 'upstream_timeout', 'authorization_required', 'vault_locked'] as const)(
    'says why: %s',
    async (code) => {
      const down = fakeUpstream('down', toolsNamed('read'), {
        session: () => Promise.reject(new AppError(code, { message: 'Start it.', cause: new Error('secret detail') })),
      })
      gateway = await startGateway([served(down), served(fakeUpstream('up', toolsNamed('read')))])
      for (const era of ERAS) {
        const { status, json, text } = await call(era, 'down__read', '"name":"down__read"')
        expect([status, json.error]).toEqual([
          200,
          { code: -32603, message: 'Start it.', data: { code, integration: 'down' } },
        ])
        expect(text).not.toContain('secret')
        expect((await call(era, 'up__read', '"name":"up__read"')).json.result).toBeDefined()
      }
    },
  )

  it('tells nothing of a fault of our own', async () => {
    const broken = fakeUpstream('broken', toolsNamed('read'), {
      session: () => Promise.reject(new TypeError('secret detail')),
    })
    gateway = await startGateway([served(broken)])
    const { json, text } = await call('modern', 'broken__read', '"name":"broken__read"')
    expect(json.error).toMatchObject({ code: -32603, data: { code: 'internal', integration: 'broken' } })
    expect(text).not.toContain('secret')
  })

  it('stays in the list with its last known tools', async () => {
    const down = fakeUpstream('down', toolsNamed('read'), { session: () => new Promise(() => undefined) })
    gateway = await startGateway([served(down)])
    const { body, headers } = modern('tools/list')
    expect((await gateway.post(body, { headers })).text).toContain('down__read')
  })
})

describe('lists', () => {
  it('keep every byte of a definition but its name, in the order of slug and upstream', async () => {
    const first =
      '{ "title":"\\u0054","name" : "read" ,"inputSchema":{"type":"object","default":12345678901234567890,"x":[ 1e400 ]},"icons":[{"src":"i"}],"_meta":{"v.dev/k":1.0} }'
    const second = '{"inputSchema":{"type":"object"},"annotations":{"x":0.10},"name":"a"}'
    const beta = fakeUpstream('beta', `[${first},${second}]`)
    const alpha = fakeUpstream('alpha', `[${second}]`)
    gateway = await startGateway([served(beta), served(alpha)])
    const { body, headers } = modern('tools/list')
    const { text } = await gateway.post(body, { headers })
    const expected = [
      second.replace('"a"', '"alpha__a"'),
      first.replace('"read"', '"beta__read"'),
      second.replace('"a"', '"beta__a"'),
    ].join(',')
    expect(text).toContain(`,${expected}]`)
    expect((await gateway.post(body, { headers, path: '/mcp/beta' })).text).toContain(`"tools":[${first},${second}]`)
  })

  it('can have 10,000 tools', async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `tool_${index}`)
    gateway = await startGateway([served(fakeUpstream('many', toolsNamed(...names)), { disabledTools: ['*99'] })])
    const { body, headers } = modern('tools/list')
    const tools = (await gateway.post(body, { headers })).json.result.tools as { name: string }[]
    expect(tools).toHaveLength(10_000 - 100 + 1)
    expect(tools.at(-1)?.name).toBe('many__tool_9998')
    expect((await call('modern', 'many__tool_9998', '"name":"many__tool_9998"')).json.result).toBeDefined()
  })

  it('are those of the workspace of the agent', async () => {
    gateway = await startGateway([served(fakeUpstream('files', toolsNamed('read')))])
    const { body, headers } = modern('tools/list')
    const { json } = await gateway.post(body, { headers, token: 'token-elsewhere' })
    expect((json.result.tools as unknown[]).length).toBe(1)
    const other = modern('tools/call', { name: 'files__read' })
    expect((await gateway.post(other.body, { headers: other.headers, token: 'token-elsewhere' })).json.error.code).toBe(
      -32602,
    )
  })
})
