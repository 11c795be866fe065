import { createServer, type AddressInfo, type Server } from 'node:net'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDefinedError } from '@orpc/client'
import { expect, onTestFinished, test } from 'vitest'
import type { AppOptions } from '../../src/main/app.ts'
import { startTestApp } from '../helpers/start-app.ts'

async function start(options: Partial<AppOptions> = {}) {
  const app = await startTestApp(options)
  onTestFinished(() => app.close())
  return app
}

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function takenPort(): Promise<number> {
  const server = await new Promise<Server>((resolve) => {
    const taken = createServer().listen(0, '127.0.0.1', () => resolve(taken))
  })
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())))
  return (server.address() as AddressInfo).port
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => void server.close(() => resolve()))
  return port
}

const status = async (url: string): Promise<number> => (await fetch(new URL('/healthz', url))).status

test('settings start with defaults, are kept over a restart, and every console hears of a change', async () => {
  const dataDir = dataFolder()
  const app = await start({ dataDir })
  const events = await app.client('router', 'default').system.stream()
  expect(await app.client('http').settings.get()).toEqual({
    port: Number(new URL(app.urls.mcp_url).port),
    discovery_mode: 'full',
    merge_instructions: true,
    record_bodies: false,
    call_retention_days: 30,
    max_message_mib: 10,
    agent_concurrency: 1_024,
    agent_calls_per_minute: null,
    start_at_login: null,
    keep_in_tray: null,
  })

  await app.client('http').settings.update({ record_bodies: true, call_retention_days: 3 })

  expect((await events.next()).value).toMatchObject({ type: 'settings_changed', settings: { record_bodies: true } })
  await events.return()
  await app.close()
  const again = await start({ dataDir })
  expect(await again.client().settings.get()).toMatchObject({ record_bodies: true, call_retention_days: 3 })
})

test('a change of the port moves the listener, the run file and the address that agents are given', async () => {
  const dataDir = dataFolder()
  const app = await start({ dataDir })
  const before = app.urls.mcp_url
  const port = await freePort()

  const settings = await app.client('http').settings.update({ port })

  expect(settings.port).toBe(port)
  expect(app.urls.mcp_url).toBe(`http://127.0.0.1:${port}/mcp`)
  expect(await status(app.urls.mcp_url)).toBe(200)
  await expect(status(before)).rejects.toThrow()
  expect(JSON.parse(readFileSync(join(app.dataDir, 'run.json'), 'utf8'))).toMatchObject({ mcp_url: app.urls.mcp_url })
  await app.close()
  const again = await start({ dataDir, port: undefined })
  expect(new URL(again.urls.mcp_url).port).toBe(String(port))
})

test('a taken port is refused by name, and nothing moves or is kept', async () => {
  const app = await start()
  const port = await takenPort()
  const before = app.urls.mcp_url

  const error: unknown = await app
    .client('rpc')
    .settings.update({ port, record_bodies: true })
    .catch((failure: unknown) => failure)

  expect(String(error)).toContain(`Port ${port} on 127.0.0.1 is already in use`)
  expect(await status(before)).toBe(200)
  expect(await app.client().settings.get()).toMatchObject({ record_bodies: false })
})

test('what only the desktop application has is refused in a headless gateway', async () => {
  const app = await start()
  const error: unknown = await app
    .client('rpc')
    .settings.update({ start_at_login: true })
    .catch((failure: unknown) => failure)
  if (!(error instanceof Error) || !isDefinedError(error)) throw error
  expect(error).toMatchObject({ code: 'invalid_input', data: { details: [{ path: 'start_at_login' }] } })
})

test('the desktop application is asked for, and told, whether it starts at login', async () => {
  let isSet = false
  const loginItem = { isSet: () => Promise.resolve(isSet), set: (on: boolean) => Promise.resolve(void (isSet = on)) }
  const app = await start({ loginItem })
  expect(await app.client().settings.update({ start_at_login: true, keep_in_tray: false })).toMatchObject({
    start_at_login: true,
    keep_in_tray: false,
  })
  expect(isSet).toBe(true)
})

test('restarting the gateway ends the sessions of agents, which open new ones', async () => {
  const app = await start()
  const ask = (body: object, session?: string) =>
    fetch(app.urls.mcp_url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${app.agentToken ?? ''}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(session === undefined ? {} : { 'mcp-session-id': session }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...body }),
    })
  const initialize = () =>
    ask({ method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: {} } })
  const session = (await initialize()).headers.get('mcp-session-id') ?? ''
  expect((await ask({ method: 'tools/list' }, session)).status).toBe(200)

  expect(await app.client('http').system.restart_gateway()).toMatchObject({ mcp_url: app.urls.mcp_url })

  expect((await ask({ method: 'tools/list' }, session)).status).toBe(404)
  expect((await initialize()).status).toBe(200)
})

test('limits of agents hold from the next request on', async () => {
  const app = await start()
  const { settings } = app.client('http')
  const token = app.agentToken ?? ''
  const send = async (body: string) =>
    await fetch(app.urls.mcp_url, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
      },
      body,
    })
  const opening = (padding: number): string =>
    JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'x'.repeat(padding), version: '1' },
      },
    })
  await settings.update({ max_message_mib: 1 })
  expect((await send(opening(2 * 1024 * 1024))).status).toBe(413)
  await settings.update({ max_message_mib: 3 })
  expect((await send(opening(2 * 1024 * 1024))).status).toBe(200)

  await settings.update({ agent_calls_per_minute: 1 })
  const session = (await send(opening(1))).headers.get('mcp-session-id') ?? ''
  const call = async () =>
    await fetch(app.urls.mcp_url, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        'Mcp-Session-Id': session,
      },
      body: '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"discover_tools"}}',
    })
  expect([(await call()).status, (await call()).status]).toEqual([200, 429])
  await settings.update({ agent_calls_per_minute: null })
  expect((await call()).status).toBe(200)
})

test.each([
  { max_message_mib: 0 },
  { max_message_mib: 129 },
  { agent_concurrency: 0 },
  { agent_concurrency: 10_001 },
  { agent_calls_per_minute: 0 },
  { agent_calls_per_minute: 1.5 },
])('a limit outside of its range is refused: %j', async (changes) => {
  const app = await start()
  const failure: unknown = await app
    .client('http')
    .settings.update(changes)
    .catch((error: unknown) => error)
  expect(isDefinedError(failure as Error) && (failure as { code: string }).code).toBe('invalid_input')
})
