import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CancelSignal } from '../../../src/main/base/cancellation.ts'
import type { Principal } from '../../../src/main/upstream/upstream.ts'
import {
  fakeUpstream,
  modern,
  profileOf,
  result,
  served,
  serverSays,
  startGateway,
  toolsNamed,
  type FakeUpstream,
  type TestGateway,
} from '../../helpers/gateway-fixture.ts'
import { openStream, type OpenStream } from './open-stream.ts'

let gateway: TestGateway
let files: FakeUpstream
let mail: FakeUpstream
const streams: OpenStream[] = []

const reader = profileOf({ integrations: ['files'], disabled_tools: ['files__write*'] })

beforeEach(async () => {
  files = fakeUpstream('files', toolsNamed('read', 'write'))
  mail = fakeUpstream('mail', toolsNamed('send'))
  gateway = await startGateway([served(files), served(mail)])
})
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close()
  await gateway.close()
})

async function ask(method: string, params: Record<string, unknown> = {}, path = '/mcp') {
  const { body, headers } = modern(method, params)
  return gateway.post(body, { headers, path })
}

async function namesIn(path = '/mcp'): Promise<string[]> {
  const { json } = await ask('tools/list', {}, path)
  return (json.result.tools as { name: string }[]).map(({ name }) => name)
}

async function discovered(input: object): Promise<string> {
  const { json } = await ask('tools/call', { name: 'discover_tools', arguments: input })
  return (json.result.content as { text: string }[])[0]?.text ?? ''
}

describe('an agent with a profile', () => {
  beforeEach(() => gateway.changeAgent('one', { profile: reader }))

  it('lists what it shows, under both kinds of name', async () => {
    expect(await namesIn()).toEqual(['discover_tools', 'files__read'])
    expect(await namesIn('/mcp/files')).toEqual(['read'])
  })

  it('gets for what it hides the answer of what never was', async () => {
    const hidden = ['files__write', 'mail__send', 'files__never']
    const answers = await Promise.all(hidden.map((name) => ask('tools/call', { name })))
    expect(answers.map(({ text }) => text.replace(/files__\w+|mail__\w+/, 'X'))).toEqual(
      Array<string>(3).fill('{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Unknown tool: X"}}'),
    )
    const own = await Promise.all(['write', 'never'].map((name) => ask('tools/call', { name }, '/mcp/files')))
    expect(own.map(({ json }) => json.error.code)).toEqual([-32602, -32602])
    const inner = (name: string) => ask('tools/call', { name: 'call_tool', arguments: { name, arguments: {} } })
    const within = await Promise.all(hidden.map(inner))
    expect(new Set(within.map(({ text }) => text.replace(/files__\w+|mail__\w+/, 'X'))).size).toBe(1)
    expect(within[0]?.json.error.code).toBe(-32602)
    expect([files.received, mail.received]).toEqual([[], []])
  })

  it('finds no endpoint of an integration that it hides', async () => {
    const shape = ({ status, text }: { status: number; text: string }) => [status, text.replace(/mail|never/, 'X')]
    const hidden = await ask('tools/list', {}, '/mcp/mail')
    expect(shape(hidden)).toEqual(shape(await ask('tools/list', {}, '/mcp/never')))
    expect(hidden.status).toBe(404)
  })

  it('discovers no more than it lists', async () => {
    expect(await discovered({})).not.toContain('mail')
    expect(JSON.parse(await discovered({}))).toMatchObject({ integrations: [{ tools: 1 }], total_tools: 1 })
    for (const query of ['send', 'mail__send', 'write', 'files__write']) {
      expect(await discovered({ query, detail: 'schema' })).not.toMatch(/mail|write/)
    }
    expect(await discovered({ query: 'read', detail: 'names' })).toBe('{"tools":["files__read"]}')
    expect(await discovered({ integration: 'mail' })).toBe('There is no integration "mail". Available: files.')
    expect(await discovered({ integration: 'files', detail: 'names' })).toBe('{"tools":["files__read"],"total":1}')
  })

  it('is not told of anything else in its instructions', async () => {
    expect((await ask('server/discover')).text).not.toContain('mail')
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'a', version: '1' } }
    const { text } = await gateway.post({ jsonrpc: '2.0', id: 1, method: 'initialize', params })
    expect(text).not.toContain('mail')
    expect(text).toContain('files')
  })

  it('still has no more than the filter of an integration allows', async () => {
    gateway.integrations = [served(files, { disabledTools: ['read'] })]
    gateway.changeAgent('one', { profile: profileOf({ enabled_tools: ['files__read'] }) })
    expect(await namesIn()).toEqual(['discover_tools'])
  })

  it('shares nothing with an agent that has another one, or none', async () => {
    gateway.changeAgent('two', { profile: profileOf({ enabled_tools: ['mail__*'] }) })
    const { body, headers } = modern('tools/list')
    const { text } = await gateway.post(body, { headers, token: 'token-two' })
    expect(text).toContain('mail__send')
    expect(text).not.toContain('files__')
    gateway.changeAgent('two', { profile: null })
    expect((await gateway.post(body, { headers, token: 'token-two' })).text).toContain('files__write')
  })
})

const LIST_CHANGED = 'notifications/tools/list_changed'

async function listen(token: string, path = '/mcp'): Promise<OpenStream> {
  const { body, headers } = modern('subscriptions/listen', { notifications: { toolsListChanged: true } }, 'listen')
  const authorized = { ...headers, Authorization: `Bearer ${token}` }
  const stream = await openStream(gateway, 'POST', path, authorized, JSON.stringify(body))
  streams.push(stream)
  await stream.next()
  return stream
}

describe('a changed profile', () => {
  const inSession = (session: string) => ({ headers: { 'Mcp-Session-Id': session } })
  const rpc = (method: string, params: object = {}) => ({ jsonrpc: '2.0', id: 1, method, params })

  it('holds at once in a session that is open', async () => {
    const session = await gateway.initialize()
    const call = () => gateway.post(rpc('tools/call', { name: 'mail__send' }), inSession(session))
    expect((await call()).json.result).toBeDefined()
    gateway.changeAgent('one', { profile: reader })
    expect((await call()).json.error.code).toBe(-32602)
    expect((await gateway.post(rpc('tools/list'), inSession(session))).text).not.toContain('mail__send')
    gateway.changeAgent('one', { profile: null })
    expect((await call()).json.result).toBeDefined()
  })

  it('is told to the agents whose own list it changed, of both eras, and to no other', async () => {
    const session = await gateway.initialize()
    const headers = { 'Mcp-Session-Id': session }
    const legacy = await openStream(gateway, 'GET', '/mcp', headers)
    streams.push(legacy)
    const [mine, ofMail, ofFiles, other] = [
      await listen('token-one'),
      await listen('token-one', '/mcp/mail'),
      await listen('token-one', '/mcp/files'),
      await listen('token-two'),
    ]
    gateway.changeAgent('one', { profile: profileOf({ integrations: ['files'] }) })
    expect((await legacy.next())?.method).toBe(LIST_CHANGED)
    expect((await mine.next())?.method).toBe(LIST_CHANGED)
    expect((await ofMail.next())?.method).toBe(LIST_CHANGED)
    // The same flush told these nothing: the next they hear is the end.
    gateway.gateway.endStreams()
    expect((await ofFiles.next())?.id).toBe('listen')
    expect((await other.next())?.id).toBe('listen')
  })

  it('keeps changes from an agent that cannot see them', async () => {
    gateway.changeAgent('two', { profile: profileOf({ integrations: ['mail'] }) })
    const [all, mailOnly] = [await listen('token-one'), await listen('token-two')]
    gateway.integrations = [served(fakeUpstream('files', toolsNamed('new'))), served(mail)]
    gateway.gateway.invalidate('default')
    expect((await all.next())?.method).toBe(LIST_CHANGED)
    gateway.gateway.endStreams()
    expect((await mailOnly.next())?.id).toBe('listen')
  })

  it('is told to a session that opens its stream later', async () => {
    const session = await gateway.initialize()
    const observer = await listen('token-one')
    gateway.changeAgent('one', { profile: reader })
    await observer.next()
    const stream = await openStream(gateway, 'GET', '/mcp', { 'Mcp-Session-Id': session })
    streams.push(stream)
    expect((await stream.next())?.method).toBe(LIST_CHANGED)
  })

  it('lets a call end that was running, and a lost endpoint be left: cancelled calls, ended sessions', async () => {
    const begun: { nonce: string; finish: () => void; signal: CancelSignal | undefined }[] = []
    const slow = fakeUpstream('slow', toolsNamed('wait'), {
      answer: ({ params, signal }) =>
        new Promise((resolve, reject) => {
          const { arguments: given } = JSON.parse(params.toString()) as { arguments: { nonce: string } }
          const finish = () => resolve({ kind: 'result', bytes: Buffer.from('{"content":[]}'), value: { content: [] } })
          begun.push({ nonce: given.nonce, finish, signal })
          signal?.addEventListener('abort', () => reject(new Error('cancelled')))
        }),
    })
    gateway.integrations = [served(slow)]
    gateway.gateway.invalidate('default')
    const session = await gateway.initialize({ path: '/mcp/slow' })
    const inSlow = { path: '/mcp/slow', headers: { 'Mcp-Session-Id': session } }
    const call = (id: string) =>
      gateway.post({ ...rpc('tools/call', { name: 'wait', arguments: { nonce: id } }), id }, inSlow)
    const [kept, dropped] = [call('kept'), call('dropped')]
    await expect.poll(() => begun.length).toBe(2)

    gateway.changeAgent('one', { profile: profileOf({ integrations: [] }) })
    expect((await call('late')).status).toBe(404)
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'dropped' } }
    expect((await gateway.post(cancel, inSlow)).status).toBe(202)
    expect((await dropped).json.error.code).toBe(-32800)
    begun.find(({ nonce }) => nonce === 'kept')?.finish()
    expect((await kept).json.result).toEqual({ content: [] })

    const leaving = { Authorization: 'Bearer token-one', 'Mcp-Session-Id': session }
    expect((await gateway.send('DELETE', '/mcp/slow', { ...leaving, Authorization: 'Bearer token-two' })).status).toBe(
      404,
    )
    expect((await gateway.send('DELETE', '/mcp/slow', leaving)).status).toBe(200)
    expect((await gateway.send('DELETE', '/mcp/slow', leaving)).status).toBe(404)
  })

  it('hears nothing of an integration any more that was hidden meanwhile, not even on a connection of its own', async () => {
    const principals: (Principal | undefined)[] = []
    const lab = fakeUpstream('lab', toolsNamed('work'), {
      answer: ({ caller }) => {
        principals.push(caller?.principal)
        return result('{"content":[]}')
      },
    })
    gateway.integrations = [served(files), served(lab)]
    gateway.gateway.invalidate('default')
    const params = {
      protocolVersion: '2025-11-25',
      capabilities: { roots: {} },
      clientInfo: { name: 'a', version: '1' },
    }
    const { headers: given } = await gateway.post(rpc('initialize', params))
    const headers = { 'Mcp-Session-Id': String(given['mcp-session-id']) }
    const stream = await openStream(gateway, 'GET', '/mcp', { ...headers, Authorization: 'Bearer token-one' })
    streams.push(stream)
    await gateway.post(rpc('tools/call', { name: 'lab__work' }), { headers })
    const say = (data: string) =>
      principals[0]?.hear(serverSays('notifications/message', JSON.stringify({ level: 'info', data })))
    say('before')
    expect(await stream.next()).toMatchObject({ params: { data: 'before' } })
    gateway.changeAgent('one', { profile: reader })
    expect(await stream.next()).toMatchObject({ method: 'notifications/tools/list_changed' })
    say('after')
    const request = { method: 'roots/list', params: undefined, value: {}, signal: new AbortController().signal }
    expect(await principals[0]?.ask(request)).toMatchObject({ kind: 'error', value: { code: -32601 } })
    gateway.changeAgent('one', { profile: null })
    expect(await stream.next()).toMatchObject({ method: 'notifications/tools/list_changed' })
  })
})
