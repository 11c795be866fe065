import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ServedIntegration } from '../../../src/main/integrations/served-integration.ts'
import { ChildProcesses } from '../../../src/main/upstream/child-processes.ts'
import { defaultUpstreamLimits } from '../../../src/main/upstream/limits.ts'
import { UpstreamPool } from '../../../src/main/upstream/pool.ts'
import { emptyOffer } from '../../../src/main/upstream/offer.ts'
import { log, served, startGateway, type TestGateway } from '../../helpers/gateway-fixture.ts'
import { SDK_AGENTS, textOf, type Connecting, type SdkAgent } from './agents.ts'
import { noRest } from '../../helpers/no-rest.ts'

let gateway: TestGateway
let pool: UpstreamPool
const open: SdkAgent[] = []

function start(slug: string, args: string[]): ServedIntegration {
  const upstream = pool.start({
    id: slug,
    workspace: 'default',
    slug,
    protocol: 'mcp',
    mcp: { transport: 'stdio', command: process.execPath, args, env: {}, era: 'auto', isolation: 'shared' },
    secrets: () => ({ headers: {}, env: {} }),
    lastKnown: emptyOffer,
  })
  return served(upstream)
}

beforeAll(async () => {
  pool = new UpstreamPool({
    listener: {
      connectionChanged: () => undefined,
      offerChanged: () => gateway.gateway.invalidate('default'),
      said: () => undefined,
    },
    log,
    limits: { ...defaultUpstreamLimits, shutdown: { stdinMs: 500, terminateMs: 500 } },
    clientInfo: { name: 'gatehouse', version: '1.2.3' },
    children: new ChildProcesses({ environment: process.env, log }),
    createRest: noRest,
  })
  gateway = await startGateway([])
  const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'))
  gateway.integrations = [
    start('everything', [everything, 'stdio']),
    start('modern', [fileURLToPath(new URL('modern-server.ts', import.meta.url))]),
  ]
  gateway.gateway.invalidate('default')
  for (const { upstream } of gateway.integrations) await upstream.session()
  await vi.waitUntil(() => gateway.integrations.every(({ upstream }) => upstream.tools.tools.length > 1))
}, 60_000)

afterEach(async () => {
  for (const agent of open.splice(0)) await agent.close()
})
afterAll(async () => {
  await gateway.close()
  await pool.close()
})

type Connect = (to: Connecting) => Promise<SdkAgent>

/** Closed after the test. */
const opening =
  (connect: Connect): Connect =>
  async (to) => {
    const agent = await connect(to)
    open.push(agent)
    return agent
  }
const AGENTS = SDK_AGENTS.map(([name, connect]) => [name, opening(connect)] as const)
const [[, connectModern]] = AGENTS as [(typeof AGENTS)[number]]

describe('the upstreams of these tests', () => {
  it('are one of each era', async () => {
    const sessions = await Promise.all(gateway.integrations.map(({ upstream }) => upstream.session()))
    expect(sessions.map(({ era }) => era)).toEqual(['legacy', 'modern'])
  })
})

describe.each(AGENTS)('an agent built on %s', (_name, connect) => {
  it('finds the gateway and the tools of both upstreams', async () => {
    const agent = await connect({ url: gateway.url, token: 'token-one' })
    expect(agent.getServerVersion()?.name).toBe('gatehouse')
    const names = (await agent.listTools()).tools.map(({ name }) => name)
    expect(names[0]).toBe('discover_tools')
    expect(names).toContain('everything__echo')
    expect(names).toContain('modern__echo')
    expect(names).toEqual([
      names[0],
      ...names.slice(1).toSorted((a, b) => (a.split('__')[0] ?? '').localeCompare(b.split('__')[0] ?? '')),
    ])
  })

  it('calls tools of both', async () => {
    const agent = await connect({ url: gateway.url, token: 'token-one' })
    const echoed = await agent.callTool({ name: 'everything__echo', arguments: { message: 'héllo' } })
    expect(textOf(echoed)).toContain('héllo')
    expect(textOf(await agent.callTool({ name: 'modern__echo', arguments: { nonce: 'n1' } }))).toBe('n1')
  })

  it('calls tools by their own names on the endpoint of one integration', async () => {
    const agent = await connect({ url: `${gateway.url}/modern`, token: 'token-one' })
    expect((await agent.listTools()).tools.map(({ name }) => name)).toContain('echo')
    expect(textOf(await agent.callTool({ name: 'echo', arguments: { nonce: 'n2' } }))).toBe('n2')
  })

  it('searches with discover_tools', async () => {
    const agent = await connect({ url: gateway.url, token: 'token-one' })
    const found = await agent.callTool({ name: 'discover_tools', arguments: { query: 'echo', detail: 'names' } })
    expect(textOf(found)).toContain('modern__echo')
    expect(textOf(await agent.callTool({ name: 'discover_tools' }))).toContain('"integration":"everything"')
    expect(await agent.callTool({ name: 'discover_tools', arguments: { limit: 0 } })).toMatchObject({ isError: true })
  })

  it('is told what is wrong with a call', async () => {
    const agent = await connect({ url: gateway.url, token: 'token-one' })
    await expect(agent.callTool({ name: 'everything__nothing' })).rejects.toMatchObject({ code: -32602 })
  })

  it('needs its token', async () => {
    await expect(connect({ url: gateway.url, token: 'wrong' })).rejects.toThrow()
  })

  it('hears of a changed list and no longer sees a blocked tool', async () => {
    let heard = 0
    const agent = await connect({ url: gateway.url, token: 'token-one', onListChanged: () => heard++ })
    await agent.listTools()
    const before = gateway.integrations
    try {
      // The SDKs open their notification stream in the background.
      await expect
        .poll(
          () => {
            const blocked = gateway.integrations[0]?.disabledTools.length === 0 ? ['echo'] : []
            gateway.integrations = before.map((one) =>
              one.slug === 'everything' ? { ...one, disabledTools: blocked } : one,
            )
            gateway.gateway.invalidate('default')
            return heard
          },
          { interval: 200, timeout: 5000 },
        )
        .toBeGreaterThan(0)
      gateway.integrations = before.map((one) => ({ ...one, disabledTools: ['echo'] }))
      gateway.gateway.invalidate('default')
      const other = await connect({ url: gateway.url, token: 'token-one' })
      expect((await other.listTools()).tools.map(({ name }) => name)).not.toContain('everything__echo')
      await expect(other.callTool({ name: 'everything__echo', arguments: { message: 'x' } })).rejects.toMatchObject({
        code: -32602,
      })
    } finally {
      gateway.integrations = before
      gateway.gateway.invalidate('default')
    }
  })
})

describe('agents at the same time', () => {
  it('get their own answers, whatever their era and upstream', async () => {
    const agents = await Promise.all(
      AGENTS.flatMap(([, connect]) => ['token-one', 'token-two'].map((token) => connect({ url: gateway.url, token }))),
    )
    const calls = agents.flatMap((agent, which) =>
      Array.from({ length: 30 }, async (_, count) => {
        const nonce = `agent ${which} call ${count}`
        const call =
          count % 2 === 0
            ? { name: 'modern__echo', arguments: { nonce } }
            : { name: 'everything__echo', arguments: { message: nonce } }
        expect(textOf(await agent.callTool(call))).toMatch(new RegExp(`^(Echo: )?${nonce}$`))
      }),
    )
    await Promise.all(calls)
  }, 30_000)
})

describe('a modern upstream', () => {
  it('is told which agent calls, in its own terms', async () => {
    for (const [, connect] of AGENTS) {
      const agent = await connect({ url: gateway.url, token: 'token-one' })
      const meta = JSON.parse(textOf(await agent.callTool({ name: 'modern__meta', arguments: {} }))) as object
      expect(JSON.stringify(meta)).not.toContain('progressToken')
    }
  })

  it('that grows its list is heard', async () => {
    const agent = await connectModern({ url: gateway.url, token: 'token-one' })
    await agent.callTool({ name: 'modern__grow', arguments: {} })
    await expect
      .poll(() =>
        gateway.gateway.listTools('default', { integration: 'modern' }).map(({ gateway_name }) => gateway_name),
      )
      .toContain('modern__grown')
    expect(await agent.callTool({ name: 'modern__grown' })).toMatchObject({ content: [] })
  })
})
