import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { TcpProxy } from '../../helpers/tcp-proxy.ts'
import { startServers, type Kind, type Servers } from '../../matrix/servers.ts'
import { connected, http, sse, until } from '../upstream/harness.ts'
import { FaultyGateway, textOf } from './faulty-gateway.ts'

/** reliability.md, row 7: packets are lost, and nobody says that the connection is gone. */

let servers: Servers
let proxy: TcpProxy
let gateway: FaultyGateway

beforeAll(async () => {
  servers = await startServers()
})
afterEach(async () => {
  await gateway.close()
  await proxy.close()
})
afterAll(() => servers.stop())

async function reach(kind: Kind): Promise<string> {
  const url = new URL(servers.url(kind))
  proxy = await TcpProxy.start(Number(url.port))
  url.port = String(proxy.port)
  return url.href
}

describe('a connection that is dead without a word', () => {
  it('of HTTP+SSE is missed by a ping, and made again', async () => {
    gateway = await FaultyGateway.start({ keepAlive: { everyMs: 200, answerMs: 2_000 } })
    const upstream = gateway.add('server', sse(await reach('sse')))
    await connected(upstream)
    const agent = await gateway.agent('legacy')
    expect(textOf(await agent.call('server__echo', { nonce: 'before' }))).toBe('before')
    const { since } = upstream.connection
    proxy.freeze()
    await until(() => upstream.connection.since !== since && upstream.connection.state === 'connected', 60_000)
    expect(textOf(await agent.call('server__echo', { nonce: 'after' }))).toBe('after')
  }, 120_000)

  it.each(['legacy-http', 'modern-http'] as const)(
    'of %s takes one call with it, at the limit of that call',
    async (kind) => {
      gateway = await FaultyGateway.start({ callTimeoutMs: 1_000 })
      const upstream = gateway.add('server', http(await reach(kind)))
      await connected(upstream)
      const agent = await gateway.agent('modern')
      expect(textOf(await agent.call('server__echo', { nonce: 'before' }))).toBe('before')
      const waiting = agent.call('server__work', { nonce: 'lost', steps: 0, endless: true })
      proxy.freeze()
      expect((await waiting).error?.message).toContain('did not answer tools/call in 1 s')
      const works = async () => (await agent.call('server__echo', { nonce: 'after' })).result?.content?.[0]?.text
      await expect.poll(works, { timeout: 60_000 }).toBe('after')
    },
  )

  it.runIf(process.platform === 'linux')('of a stream over HTTP is probed by the system', async () => {
    gateway = await FaultyGateway.start()
    await connected(gateway.add('server', http(await reach('modern-http'))))
    await until(() => proxy.open > 0)
    const timers = keepAliveTimers(proxy.port)
    expect(timers.length).toBeGreaterThan(0)
    for (const seconds of timers) expect(seconds).toBeLessThanOrEqual(16)
  })
})

/** In seconds, of the connections of this machine to a port: `tr` is 2 where the timer is that of keep-alive (proc(5)). */
function keepAliveTimers(port: number): number[] {
  const remote = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , to, state]) => to === remote && state === '01')
    .flatMap(([, , , , , timer = '']) => {
      const [active, ticks = ''] = timer.split(':')
      return active === '02' ? [Number.parseInt(ticks, 16) / 100] : []
    })
}
