import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { countedBy, FaultyGateway, textOf } from './faulty-gateway.ts'

/** reliability.md, row 16: the wall clock jumps by a day in either direction, as after a sleep or a correction. */

const DAY_MS = 24 * 60 * 60 * 1_000

let gateway: FaultyGateway
beforeEach(async () => {
  gateway = await FaultyGateway.start()
  await gateway.addBad('server')
})
afterEach(async () => {
  vi.useRealTimers()
  await gateway.close()
})

it.each([
  ['forward', DAY_MS],
  ['back', -DAY_MS],
])('%s: sessions and connections stay, and nothing is done in a burst', async (_direction, jumpMs) => {
  const agent = await gateway.agent('legacy')
  const { lists, pid } = await countedBy(agent, 'server')
  const waiting = agent.call('server__silent')
  let over = false
  void waiting.finally(() => (over = true)).catch(() => undefined)

  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(Date.now() + jumpMs)

  for (let call = 0; call < 20; call++) {
    expect(textOf(await agent.call('server__echo', { message: `${call}` }))).toBe(`Echo: ${call}`)
  }
  expect(await countedBy(agent, 'server')).toMatchObject({ lists, pid })
  expect(over).toBe(false)
  const durations = gateway.http.calls.map(({ durationMs }) => durationMs)
  expect(durations.length).toBeGreaterThan(20)
  for (const duration of durations) {
    expect(duration).toBeGreaterThanOrEqual(0)
    expect(duration).toBeLessThan(DAY_MS / 2)
  }
})
