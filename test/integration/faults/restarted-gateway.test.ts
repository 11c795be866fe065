import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { CommandLine, type RunningGateway } from '../../helpers/command-line.ts'
import { HeldServer } from '../../helpers/held-server.ts'
import { createHttpClient } from '../../helpers/http-client.ts'

/** reliability.md, row 15: the gateway ends in the middle of a call and is started again. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

let cli: CommandLine
let held: HeldServer
let gateway: RunningGateway
let token: string
let session: string

beforeEach(async () => {
  cli = await CommandLine.create()
  held = await HeldServer.start()
  gateway = await cli.serve()
  await cli.json(['add', 'held', held.url])
  const client = createHttpClient({ apiUrl: gateway.ready.api_url, token: gateway.ready.admin_token })
  token = (await client.agents.create({ name: 'survivor' })).token
  session = await openSession()
})
afterEach(async () => {
  held.close()
  await cli.close()
})

it('SIGTERM: the call gets its answer, then the exit is 0; the old session is gone, the token is not', async () => {
  const call = post('tools/call', { name: 'held__wait' })
  await held.called()
  const stopped = gateway.stop('SIGTERM')
  await refusesConnections()
  held.release()
  expect(await (await call).json()).toMatchObject({ result: { content: [{ text: 'released' }] } })
  expect((await stopped).code).toBe(0)
  await expectNewStart()
})

it('SIGTERM: a call that takes too long is cut, and the exit is 0 all the same', async () => {
  const call = post('tools/call', { name: 'held__wait' })
  call.catch(() => undefined)
  await held.called()
  expect((await gateway.stop('SIGTERM')).code).toBe(0)
  await expect(call.then((answer) => answer.text())).rejects.toThrow()
})

it('SIGKILL: the call ends with its connection, and a new start finds everything', async () => {
  const call = post('tools/call', { name: 'held__wait' })
  call.catch(() => undefined)
  await held.called()
  await gateway.stop('SIGKILL')
  await expect(call.then((answer) => answer.text())).rejects.toThrow()
  held.release()
  await expectNewStart()
})

/** With the same data: the session is unknown, the token is good, and the integration is there. */
async function expectNewStart(): Promise<void> {
  gateway = await cli.serve()
  expect((await post('tools/list')).status).toBe(404)
  session = await openSession()
  const answer = await post('tools/call', { name: 'held__wait' })
  expect(await answer.json()).toMatchObject({ result: { content: [{ text: 'released' }] } })
  await gateway.stop()
}

async function openSession(): Promise<string> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
  return (await post('initialize', params)).headers.get('mcp-session-id') ?? ''
}

function post(method: string, params: object = {}): Promise<Response> {
  return fetch(gateway.ready.mcp_url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(method === 'initialize' ? {} : { 'mcp-session-id': session }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
}

async function refusesConnections(): Promise<void> {
  const status = () =>
    fetch(new URL('/healthz', gateway.ready.api_url)).then(
      () => 'accepts',
      () => 'refuses',
    )
  await expect.poll(status, { timeout: 30_000 }).toBe('refuses')
}
