import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { McpSettings } from '../../../src/shared/contract/integrations.ts'
import { ChildProcesses } from '../../../src/main/upstream/child-processes.ts'
import { UpstreamPool } from '../../../src/main/upstream/pool.ts'
import { emptyOffer } from '../../../src/main/upstream/offer.ts'
import { log, profileOf, served, startGateway, type TestGateway } from '../../helpers/gateway-fixture.ts'
import { everythingSse, http, limitsForTests, sse, startServer, stdio, until } from '../upstream/harness.ts'
import { SDK_AGENTS, textOf, type Progress, type SdkAgent } from './agents.ts'
import { noRest } from '../../helpers/no-rest.ts'

/** Real clients and real servers, with the gateway in between. */

const script = fileURLToPath(new URL('working-server.ts', import.meta.url))

let gateway: TestGateway
let pool: UpstreamPool
let sseServer: Awaited<ReturnType<typeof everythingSse>>
let httpServer: Awaited<ReturnType<typeof startServer>>
const open: SdkAgent[] = []

beforeAll(async () => {
  sseServer = await everythingSse()
  httpServer = await startServer(process.execPath, [script, 'http'], {}, /http:\S+/)
  pool = new UpstreamPool({
    listener: {
      connectionChanged: () => undefined,
      offerChanged: () => gateway.gateway.invalidate('default'),
      said: () => undefined,
    },
    log,
    limits: limitsForTests(),
    clientInfo: { name: 'gatehouse', version: '1.2.3' },
    children: new ChildProcesses({ environment: process.env, log }),
    createRest: noRest,
  })
  const start = (slug: string, mcp: McpSettings) => {
    const secrets = () => ({ headers: {}, env: {} })
    return served(
      pool.start({ id: slug, workspace: 'default', slug, protocol: 'mcp', mcp, secrets, lastKnown: emptyOffer }),
    )
  }
  gateway = await startGateway([])
  gateway.integrations = [
    start('http-legacy', http(httpServer.said, { era: 'legacy' })),
    start('http-modern', http(httpServer.said)),
    start('sse', sse(sseServer.url)),
    start('stdio-legacy', stdio(process.execPath, [script, 'stdio'], { era: 'legacy' })),
    start('stdio-modern', stdio(process.execPath, [script, 'stdio'])),
  ]
  gateway.gateway.invalidate('default')
  await until(() => gateway.integrations.every(({ upstream }) => upstream.tools.tools.length > 1))
}, 60_000)

afterEach(async () => {
  for (const agent of open.splice(0)) await agent.close()
  gateway.changeAgent('one', { profile: null, discoveryMode: 'full' })
})
afterAll(async () => {
  await gateway.close()
  await pool.close()
  await httpServer.stop()
  await sseServer.stop()
})

it('the servers of these tests are of both eras', async () => {
  const sessions = await Promise.all(gateway.integrations.map(({ upstream }) => upstream.session()))
  expect(sessions.map(({ era }) => era)).toEqual(['legacy', 'modern', 'legacy', 'legacy', 'modern'])
})

const WORKING = ['http-legacy', 'http-modern', 'stdio-legacy', 'stdio-modern']

describe.each(SDK_AGENTS)('an agent built on %s', (_name, connect) => {
  const agent = async (options: { token?: string; path?: string; onListChanged?: () => void } = {}) => {
    const { token = 'token-one', path = '', ...more } = options
    const connected = await connect({ url: gateway.url + path, token, ...more })
    open.push(connected)
    return connected
  }

  it.each(WORKING)('gets the progress of its call from %s, and then the result', async (slug) => {
    const heard: Progress[] = []
    const call = { name: `${slug}__work`, arguments: { nonce: 'n', steps: 5 } }
    const result = await (await agent()).callTool(call, { onProgress: (progress) => heard.push(progress) })
    expect(heard).toMatchObject([1, 2, 3, 4, 5].map((progress) => ({ progress, total: 5, message: 'n' })))
    expect(textOf(result)).toBe('n')
  })

  it('gets the progress of a call of an SSE server', async () => {
    const heard: number[] = []
    const call = { name: 'sse__trigger-long-running-operation', arguments: { duration: 0.3, steps: 3 } }
    const result = await (await agent()).callTool(call, { onProgress: ({ progress }) => heard.push(progress) })
    expect(heard).toEqual([1, 2, 3])
    expect(textOf(result)).toContain('completed')
  })

  it.each(WORKING)('that cancels is heard by %s', async (slug) => {
    const one = await agent()
    const nonce = `${_name} cancels ${slug}`
    const cancelling = new AbortController()
    let told = 0
    const call = { name: `${slug}__work`, arguments: { nonce, steps: 1, endless: true } }
    const working = one.callTool(call, { signal: cancelling.signal, onProgress: () => told++ })
    working.catch(() => undefined)
    await until(() => told > 0)
    cancelling.abort()
    await expect(working).rejects.toThrow()
    await expect
      .poll(async () => textOf(await one.callTool({ name: `${slug}__cancelled`, arguments: {} })), { timeout: 30_000 })
      .toContain(nonce)
  })

  it('gets none but its own progress, with many calls at once and two agents', async () => {
    const agents = [await agent(), await agent({ token: 'token-two' })]
    const calls = Array.from({ length: 20 }, async (_, index) => {
      const nonce = `call ${index}`
      const heard: unknown[] = []
      const name = `${WORKING[index % WORKING.length] ?? ''}__work`
      const following = { onProgress: ({ progress, message }: Progress) => heard.push([progress, message]) }
      const result = await agents[index % 2]?.callTool({ name, arguments: { nonce, steps: 3 } }, following)
      expect(textOf(result)).toBe(nonce)
      expect(heard).toEqual([1, 2, 3].map((progress) => [progress, nonce]))
    })
    await Promise.all(calls)
  })

  it('in lazy mode finds and calls what is not listed', async () => {
    const lazy = await agent({ path: '?mode=lazy' })
    expect((await lazy.listTools()).tools.map(({ name }) => name)).toEqual(['discover_tools', 'call_tool'])
    expect(lazy.getInstructions()).toContain('call_tool')
    const found = await lazy.callTool({ name: 'discover_tools', arguments: { query: 'work', detail: 'names' } })
    expect(textOf(found)).toContain('stdio-modern__work')
    const heard: number[] = []
    const inner = { name: 'stdio-modern__work', arguments: { nonce: 'lazy', steps: 2 } }
    const result = await lazy.callTool(
      { name: 'call_tool', arguments: inner },
      { onProgress: ({ progress }) => heard.push(progress) },
    )
    expect([textOf(result), heard]).toEqual(['lazy', [1, 2]])
    const unknown = lazy.callTool({ name: 'call_tool', arguments: { name: 'nothing' } })
    await expect(unknown).rejects.toMatchObject({ code: -32602 })
  })

  it('sees what its profile shows, and hears when that changes', async () => {
    let heard = 0
    const one = await agent({ onListChanged: () => heard++ })
    await one.listTools()
    const shown = [profileOf({ integrations: ['stdio-modern'] }), profileOf({ enabled_tools: ['stdio-modern__*'] })]
    let turn = 0
    // The SDKs open their notification stream in the background: until it is there, the change is made again.
    await expect
      .poll(
        () => {
          if (heard === 0) gateway.changeAgent('one', { profile: turn++ % 2 === 0 ? (shown[0] ?? null) : null })
          return heard
        },
        { interval: 200, timeout: 30_000 },
      )
      .toBeGreaterThan(0)
    gateway.changeAgent('one', { profile: shown[1] ?? null })
    const names = (await one.listTools()).tools.map(({ name }) => name)
    expect(names).toEqual(['discover_tools', 'stdio-modern__work', 'stdio-modern__cancelled'])
    const hidden = one.callTool({ name: 'stdio-legacy__work', arguments: { nonce: 'x', steps: 0 } })
    await expect(hidden).rejects.toMatchObject({ code: -32602 })
  })
})
