import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Era } from '../../../src/main/upstream/upstream.ts'
import { until } from '../upstream/harness.ts'
import { countedBy, FaultyGateway, textOf } from './faulty-gateway.ts'

/** reliability.md, row 4: a server dies in the middle of a call. */

let gateway: FaultyGateway

beforeEach(async () => {
  gateway = await FaultyGateway.start()
  await Promise.all([gateway.addBad('doomed'), gateway.addBad('other')])
})
afterEach(() => gateway.close())

describe.each<Era>(['legacy', 'modern'])('a server that is killed while a %s agent waits', (era) => {
  it('gives it a JSON-RPC error that says so; others do not notice; the next call brings it back', async () => {
    const agent = await gateway.agent(era)
    const others = Array.from({ length: 5 }, async (_, index) => agent.call('other__echo', { message: `${index}` }))
    const { pid } = await countedBy(agent, 'doomed')
    const waiting = agent.call('doomed__silent')
    // It is waiting by now: what was sent after it has been answered.
    expect(textOf(await agent.call('doomed__echo', { message: 'before' }))).toBe('Echo: before')
    process.kill(pid, 'SIGKILL')
    const { status, error } = await waiting
    expect([status, error?.code]).toEqual([200, -32603])
    expect(error?.message).toContain('SIGKILL')
    expect((await Promise.all(others)).map(textOf)).toEqual([0, 1, 2, 3, 4].map((index) => `Echo: ${index}`))
    expect(textOf(await agent.call('doomed__echo', { message: 'after' }))).toBe('Echo: after')
    await until(() => gateway.upstreams.get('doomed')?.connection.state === 'connected')
  })
})
