import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ServerRequest, UpstreamAnswer, UpstreamRequest } from '../../../src/main/upstream/upstream.ts'
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
import { openStream, type OpenStream } from './open-stream.ts'

const EXTENSION = 'io.modelcontextprotocol/tasks'
const RELATED = 'io.modelcontextprotocol/related-task'

let gateway: TestGateway
const open: OpenStream[] = []

beforeEach(async () => {
  gateway = await startGateway([])
})
afterEach(async () => {
  for (const stream of open.splice(0)) stream.close()
  await gateway.close()
})

type Answering = (request: UpstreamRequest & { given: Record<string, unknown> }) => UpstreamAnswer | undefined

/** A legacy server with tasks: a call makes the task `t`, and each question is answered with its method and id. */
function legacyServer(slug: string, answer?: Answering): FakeUpstream {
  return fakeUpstream(slug, toolsNamed('work'), {
    offer: { capabilities: { tools: {}, tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } } },
    answer: (request) => {
      const given = JSON.parse(request.params.toString()) as Record<string, unknown>
      const own = answer?.({ ...request, given })
      if (own !== undefined) return own
      if (request.method === 'tools/call') return result('{"task":{"taskId":"t","status":"working","n":1.50}}')
      return result(
        `{"taskId":"${String(given.taskId)}","status":"working","of":"${slug}","method":"${request.method}"}`,
      )
    },
  })
}

function modernServer(slug: string): FakeUpstream {
  return fakeUpstream(slug, toolsNamed('work'), {
    era: 'modern',
    offer: { capabilities: { tools: {}, extensions: { [EXTENSION]: {} } } },
    answer: ({ method, params }) => {
      if (method === 'tools/call') return result('{"resultType":"task","taskId":"t","status":"working","ttlMs":1.50}')
      const { taskId } = JSON.parse(params.toString()) as { taskId: string }
      return result(`{"resultType":"complete","taskId":"${taskId}","of":"${slug}","method":"${method}"}`)
    },
  })
}

function serve(...upstreams: FakeUpstream[]): void {
  gateway.integrations = upstreams.map((upstream) => served(upstream))
  gateway.gateway.invalidate('default')
}

async function session({ path = '/mcp', token = 'token-one', capabilities = {} } = {}): Promise<string> {
  const params = { protocolVersion: '2025-11-25', capabilities, clientInfo: { name: 'test', version: '0' } }
  const answer = await gateway.post({ jsonrpc: '2.0', id: 0, method: 'initialize', params }, { path, token })
  return String(answer.headers['mcp-session-id'])
}

function ask(id: string, method: string, params: object, { path = '/mcp', token = 'token-one' } = {}): Promise<Answer> {
  return gateway.post({ jsonrpc: '2.0', id: 1, method, params }, { path, token, headers: { 'Mcp-Session-Id': id } })
}

const begin = (id: string, name: string, where: { path?: string; token?: string } = {}) =>
  ask(id, 'tools/call', { name, task: { ttl: 1000 } }, where)

describe('tasks of 2025-11-25', () => {
  it.each([
    ['/mcp', 'lab__work', 'lab:t'],
    ['/mcp/lab', 'work', 't'],
  ])('are asked about by the agent that began them, under the ids of %s', async (path, name, taskId) => {
    const lab = legacyServer('lab')
    serve(lab)
    const id = await session({ path })
    const begun = await begin(id, name, { path })
    expect(begun.text).toContain(`"result":{"task":{"taskId":"${taskId}","status":"working","n":1.50}}`)
    expect(lab.received[0]?.params).toContain('"task":{"ttl":1000}')
    for (const method of ['tasks/get', 'tasks/result', 'tasks/cancel']) {
      const { json } = await ask(id, method, { taskId, x: 1 }, { path })
      expect(json.result).toEqual({ taskId, status: 'working', of: 'lab', method })
      expect(lab.received.at(-1)).toMatchObject({ method, params: '{"taskId":"t","x":1}' })
    }
    const { json } = await ask(id, 'tasks/list', {}, { path })
    expect(json.result).toEqual({ tasks: [{ taskId, status: 'working', of: 'lab', method: 'tasks/get' }] })
  })

  it('of two servers with the same ids stay apart', async () => {
    serve(legacyServer('lab'), legacyServer('zoo'))
    const id = await session()
    await begin(id, 'lab__work')
    await begin(id, 'zoo__work')
    expect((await ask(id, 'tasks/get', { taskId: 'zoo:t' })).json.result.of).toBe('zoo')
    expect((await ask(id, 'tasks/get', { taskId: 'lab:t' })).json.result.of).toBe('lab')
    const { tasks } = (await ask(id, 'tasks/list', {})).json.result as { tasks: { taskId: string }[] }
    expect(tasks.map(({ taskId }) => taskId)).toEqual(['zoo:t', 'lab:t'])
  })

  it('do not exist for another agent, nor before they were begun', async () => {
    const lab = legacyServer('lab')
    serve(lab)
    const [mine, foreign] = [await session(), await session({ token: 'token-two' })]
    await begin(mine, 'lab__work')
    lab.received.length = 0
    for (const taskId of ['lab:t', 't', 'lab:', 'nobody:t', 'lab:other', '', 7, null]) {
      for (const method of ['tasks/get', 'tasks/result', 'tasks/cancel']) {
        const { json } = await ask(foreign, method, { taskId }, { token: 'token-two' })
        expect(json.error.code).toBe(-32602)
      }
    }
    expect((await ask(foreign, 'tasks/list', {}, { token: 'token-two' })).json.result).toEqual({ tasks: [] })
    expect(lab.received).toEqual([])
    expect((await ask(await session(), 'tasks/get', { taskId: 'lab:t' })).json.result.of).toBe('lab')
  })

  it('that the server has forgotten are in no list', async () => {
    serve(
      legacyServer('lab', ({ method }) =>
        method === 'tasks/get' ? rpcError('{"code":-32602,"message":"gone"}') : undefined,
      ),
    )
    const id = await session()
    await begin(id, 'lab__work')
    expect((await ask(id, 'tasks/list', {})).json.result).toEqual({ tasks: [] })
  })

  it('are none where nobody asked for one, and a field of the tool’s own stays as it is', async () => {
    serve(legacyServer('lab'))
    const id = await session()
    const { json } = await ask(id, 'tools/call', { name: 'lab__work' })
    expect(json.result).toMatchObject({ task: { taskId: 't' } })
    expect((await ask(id, 'tasks/get', { taskId: 'lab:t' })).json.error.code).toBe(-32602)
  })

  it.each(['tasks/get', 'tasks/list', 'tasks/update', 'tasks/toString'])(
    'are an unknown method where no server has them: %s',
    async (method) => {
      serve(fakeUpstream('lab', toolsNamed('work')), modernServer('new'))
      expect((await ask(await session(), method, { taskId: 'lab:t' })).json.error.code).toBe(-32601)
    },
  )

  it('are named on /mcp in what belongs to them, both ways', async () => {
    let answer: UpstreamAnswer | undefined
    const lab = fakeUpstream('lab', toolsNamed('work'), {
      offer: { capabilities: { tools: {}, tasks: {} } },
      answer: async ({ caller }) => {
        const params = `{"_meta":{"${RELATED}":{"taskId":"t"},"k":1.50}}`
        const request: ServerRequest = {
          method: 'roots/list',
          params: Buffer.from(params),
          value: JSON.parse(params) as ServerRequest['value'],
          signal: new AbortController().signal,
        }
        answer = await caller?.ask(request)
        return result('{"content":[]}')
      },
    })
    serve(lab)
    const id = await session({ capabilities: { roots: {} } })
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'lab__work' } }
    const stream = await openStream(gateway, 'POST', '/mcp', { 'Mcp-Session-Id': id }, JSON.stringify(body))
    open.push(stream)
    const asked = await stream.next()
    expect(asked?.params).toEqual({ _meta: { [RELATED]: { taskId: 'lab:t' }, k: 1.5 } })
    const given = { roots: [], _meta: { [RELATED]: { taskId: 'lab:t' } } }
    await gateway.post({ jsonrpc: '2.0', id: asked?.id, result: given }, { headers: { 'Mcp-Session-Id': id } })
    await stream.next()
    expect(answer?.bytes.toString()).toBe(`{"roots":[],"_meta":{"${RELATED}":{"taskId":"t"}}}`)
  })

  it('are told about to the session that began them, and to nobody else', async () => {
    const lab = legacyServer('lab')
    serve(lab)
    const [mine, other] = [await session(), await session()]
    const streams = await Promise.all(
      [mine, other].map(async (id) => {
        const stream = await openStream(gateway, 'GET', '/mcp', { 'Mcp-Session-Id': id })
        open.push(stream)
        return stream
      }),
    )
    await begin(mine, 'lab__work')
    await ask(other, 'tools/call', { name: 'lab__work' })
    const say = (method: string, value: Record<string, unknown>) =>
      gateway.gateway.said(lab, { method, params: Buffer.from(JSON.stringify(value)), value })
    say('notifications/tasks/status', { taskId: 'unknown', status: 'working' })
    say('notifications/tasks/status', { taskId: 't', status: 'completed' })
    say('notifications/message', { level: 'info', data: 'to all' })
    expect(await streams[0]?.next()).toMatchObject({ params: { taskId: 'lab:t', status: 'completed' } })
    expect(await streams[0]?.next()).toMatchObject({ params: { data: 'to all' } })
    expect(await streams[1]?.next()).toMatchObject({ params: { data: 'to all' } })
  })
})

describe('a page that a person was sent to', () => {
  it('is told of, once it is done, to the session that was asked or refused because of it', async () => {
    const refused = '{"code":-32042,"message":"Sign in","data":{"elicitations":[{"mode":"url","elicitationId":"e1"}]}}'
    const lab = legacyServer('lab', () => rpcError(refused))
    serve(lab)
    const [mine, other] = [await session(), await session()]
    const streams = await Promise.all(
      [mine, other].map((id) => openStream(gateway, 'GET', '/mcp', { 'Mcp-Session-Id': id })),
    )
    open.push(...streams)
    await ask(mine, 'tools/call', { name: 'lab__work' })
    const say = (method: string, value: Record<string, unknown>) =>
      gateway.gateway.said(lab, { method, params: Buffer.from(JSON.stringify(value)), value })
    say('notifications/elicitation/complete', { elicitationId: 'e2' })
    say('notifications/elicitation/complete', { elicitationId: 'e1' })
    say('notifications/message', { level: 'info', data: 'to all' })
    expect(await streams[0]?.next()).toMatchObject({ params: { elicitationId: 'e1' } })
    expect(await streams[1]?.next()).toMatchObject({ params: { data: 'to all' } })
  })
})

describe('the tasks extension of 2026-07-28', () => {
  const post = (method: string, params: Record<string, unknown>, { path = '/mcp', token = 'token-one' } = {}) => {
    const _meta = { 'io.modelcontextprotocol/clientCapabilities': { extensions: { [EXTENSION]: {} } } }
    const { body, headers } = modern(method, { ...params, _meta })
    if (typeof params.taskId === 'string') headers['Mcp-Name'] = params.taskId
    return gateway.post(body, { path, token, headers })
  }

  it.each([
    ['/mcp', 'lab__work', 'lab:t'],
    ['/mcp/lab', 'work', 't'],
  ])('is carried under the ids of %s', async (path, name, taskId) => {
    const lab = modernServer('lab')
    serve(lab)
    const begun = await post('tools/call', { name }, { path })
    expect(begun.text).toContain(`"result":{"resultType":"task","taskId":"${taskId}","status":"working","ttlMs":1.50}`)
    expect(lab.received[0]?.params).toContain(`"extensions":{"${EXTENSION}":{}}`)
    for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
      const { json } = await post(method, { taskId, inputResponses: { a: {} } }, { path })
      expect(json.result).toEqual({ resultType: 'complete', taskId, of: 'lab', method })
      expect(lab.received.at(-1)).toMatchObject({ method, name: 't' })
      expect(lab.received.at(-1)?.params).toContain('"taskId":"t","inputResponses":{"a":{}}')
    }
    expect((await post('tasks/get', { taskId }, { path, token: 'token-two' })).json.error.code).toBe(-32602)
  })

  it('needs the task’s id in a header, and has no list', async () => {
    serve(modernServer('lab'))
    const { body, headers } = modern('tasks/get', { taskId: 'lab:t' })
    const { status, json } = await gateway.post(body, { headers })
    expect([status, json.error.code]).toEqual([400, -32020])
    for (const method of ['tasks/list', 'tasks/result']) {
      const refused = await post(method, { taskId: 'lab:t' })
      expect([refused.status, refused.json.error.code]).toEqual([404, -32601])
    }
  })
})
