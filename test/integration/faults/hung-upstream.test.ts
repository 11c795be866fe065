import { afterEach, describe, expect, it } from 'vitest'
import { countedBy, FaultyGateway, textOf } from './faulty-gateway.ts'

/** reliability.md, row 5: a server takes a call and never answers it. */

const CALL_TIMEOUT_MS = 1_000

let gateway: FaultyGateway
afterEach(() => gateway.close())

describe.each(['legacy', 'modern'] as const)('a server that never answers a %s agent', (era) => {
  it('is given up at the limit and told so, and others are not held back', async () => {
    gateway = await FaultyGateway.start({ callTimeoutMs: CALL_TIMEOUT_MS })
    await Promise.all([gateway.addBad('hung'), gateway.addBad('other')])
    const agent = await gateway.agent(era)
    const started = performance.now()
    const over = new AbortController()
    const calling = Array.from({ length: 50 }, () => agent.call('hung__silent'))
    const hung = Promise.all(calling).finally(() => over.abort())
    let calls = 0
    while (!over.signal.aborted) {
      expect(textOf(await agent.call('other__echo', { message: `${calls}` }))).toBe(`Echo: ${calls}`)
      calls++
    }
    expect(performance.now() - started).toBeGreaterThanOrEqual(CALL_TIMEOUT_MS)
    expect(calls).toBeGreaterThan(10)
    for (const { status, error } of await hung) {
      expect([status, error?.message]).toEqual([200, expect.stringContaining('did not answer tools/call in 1 s')])
    }
    expect((await countedBy(agent, 'hung')).cancelled).toHaveLength(50)
  })
})
