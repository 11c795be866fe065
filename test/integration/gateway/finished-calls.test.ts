import { afterEach, beforeEach, expect, it } from 'vitest'
import { AppError } from '../../../src/main/base/app-error.ts'
import type { FinishedCall } from '../../../src/main/records/finished-call.ts'
import {
  fakeUpstream,
  modern,
  result,
  rpcError,
  served,
  startGateway,
  toolsNamed,
  type TestGateway,
} from '../../helpers/gateway-fixture.ts'

let gateway: TestGateway
let session: string
let answers: (() => ReturnType<typeof result>)[] = []

beforeEach(async () => {
  answers = []
  const header = { type: 'string', 'x-mcp-header': 'Region' }
  const tools = [
    { name: 'read', inputSchema: { type: 'object' } },
    { name: 'query', inputSchema: { type: 'object', properties: { region: header } } },
  ]
  const files = fakeUpstream('files', JSON.stringify(tools), {
    era: 'modern',
    answer: () => (answers.shift() ?? (() => result('{"resultType":"complete","content":[]}')))(),
  })
  const down = fakeUpstream('down', toolsNamed('read'), {
    session: () => Promise.reject(new AppError('upstream_unavailable', { message: 'Start it.' })),
  })
  gateway = await startGateway([served(files), served(down)])
  session = await gateway.initialize()
})
afterEach(() => gateway.close())

async function called(count: number): Promise<FinishedCall[]> {
  await expect.poll(() => gateway.calls.length).toBe(count)
  return gateway.calls
}

const legacy = (params: object, id = 1) =>
  gateway.post({ jsonrpc: '2.0', id, method: 'tools/call', params }, { headers: { 'Mcp-Session-Id': session } })

async function asModern(params: Record<string, unknown>, changed: Record<string, string> = {}) {
  const { body, headers } = modern('tools/call', params)
  return gateway.post(body, { headers: { ...headers, ...changed } })
}

it('is told of a call with both messages as they went, and how large they are', async () => {
  const before = Date.now()
  const body =
    '{"jsonrpc":"2.0", "id":1.50,"method":"tools/call","params":{"name":"files__read","arguments":{"a":1.0}}}'
  const { text } = await gateway.post(body, { headers: { 'Mcp-Session-Id': session } })
  const [call] = await called(1)
  expect(call).toMatchObject({
    workspace: 'default',
    agent: 'one',
    integration: 'files',
    tool: 'files__read',
    era: 'legacy',
    upstreamEra: 'modern',
    outcome: 'ok',
    error: null,
    requestBytes: Buffer.byteLength(body),
    responseBytes: Buffer.byteLength(text),
  })
  expect(call?.request.toString()).toBe(body)
  expect(Buffer.concat(call?.response ?? []).toString()).toBe(text)
  expect(call?.startedAt).toBeGreaterThanOrEqual(before)
  expect(call?.durationMs).toBeGreaterThanOrEqual(0)
})

it('is told how each kind of call ended', async () => {
  answers = [() => result('{"content":[],"isError":true}'), () => rpcError('{"code":-32050,"message":"Not so."}')]
  await legacy({ name: 'files__read' })
  await legacy({ name: 'files__read' })
  await asModern({ name: 'down__read' })
  await asModern({ name: 'none__read' })
  await legacy({})
  await legacy({ name: 'discover_tools', arguments: { limit: 0 } })
  await asModern({ name: 'call_tool', arguments: { name: 'files__read' } })
  await asModern({ name: 'call_tool', arguments: { name: 'none' } })
  await asModern({ name: 'call_tool', arguments: {} })
  await asModern({ name: 'files__read' }, { 'Mcp-Name': 'another' })
  await asModern({ name: 'files__query', arguments: { region: 'eu' } })
  const calls = await called(11)
  expect(
    calls.map(({ integration, tool, era, upstreamEra, outcome, error }) => {
      return [integration, tool, era, upstreamEra, outcome, error?.code]
    }),
  ).toEqual([
    ['files', 'files__read', 'legacy', 'modern', 'tool_error', undefined],
    ['files', 'files__read', 'legacy', 'modern', 'error', -32050],
    ['down', 'down__read', 'modern', null, 'error', -32603],
    [null, 'none__read', 'modern', null, 'error', -32602],
    [null, '', 'legacy', null, 'error', -32602],
    [null, 'discover_tools', 'legacy', null, 'tool_error', undefined],
    ['files', 'files__read', 'modern', 'modern', 'ok', undefined],
    [null, 'none', 'modern', null, 'error', -32602],
    [null, 'call_tool', 'modern', null, 'tool_error', undefined],
    [null, 'files__read', 'modern', null, 'error', -32020],
    [null, 'files__query', 'modern', null, 'error', -32020],
  ])
  expect(calls[2]?.error?.message).toBe('Start it.')
})

it('is told of each call of a batch and of nothing but calls', async () => {
  const old = await gateway.initialize({ version: '2025-03-26' })
  const batch = [
    { jsonrpc: '2.0', id: 1, method: 'tools/list' },
    { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'files__read' } },
    { jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'files__none' } },
  ]
  await gateway.post(batch, { headers: { 'Mcp-Session-Id': old } })
  const calls = await called(2)
  expect(calls.map(({ request }) => (JSON.parse(request.toString()) as { id: number }).id).sort()).toEqual([2, 3])
})

it('gets a name that nobody has cut to a bearable length', async () => {
  await legacy({ name: 'x'.repeat(100_000) })
  expect((await called(1))[0]?.tool).toHaveLength(256)
})

it('is told of a call once its answer is on the way, also of those that the end of the gateway cancels', async () => {
  const slow = fakeUpstream('slow', toolsNamed('wait'), {
    answer: ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('cancelled')))
      }),
  })
  gateway.integrations = [served(slow)]
  gateway.gateway.invalidate('default')
  const waiting = legacy({ name: 'slow__wait' })
  await expect.poll(() => slow.received.length).toBe(1)
  await gateway.gateway.close()
  expect(gateway.calls.map(({ outcome, error }) => [outcome, error])).toEqual([['cancelled', null]])
  expect((await waiting).json.error.code).toBe(-32800)
})
