import { afterEach, expect, it } from 'vitest'
import { FaultyGateway, textOf } from './faulty-gateway.ts'

/** reliability.md, row 13: a thousand calls at once, of twenty agents over ten servers. */

const AGENTS = 20
const SERVERS = 10
const CALLS_AT_ONCE = 50
const ROUNDS = 3

let gateway: FaultyGateway
afterEach(() => gateway.close())

it('none fails, none gets the answer of another, and the memory stays', { timeout: 240_000 }, async () => {
  gateway = await FaultyGateway.start()
  await Promise.all(Array.from({ length: SERVERS }, (_, server) => gateway.addBad(`server-${server}`)))
  const agents = await Promise.all(
    Array.from({ length: AGENTS }, (_, agent) =>
      gateway.agent(agent % 2 === 0 ? 'legacy' : 'modern', { token: agent < AGENTS / 2 ? 'token-one' : 'token-two' }),
    ),
  )
  const times: number[] = []
  const round = async (name: string) => {
    const calls = agents.flatMap((agent, who) =>
      Array.from({ length: CALLS_AT_ONCE }, async (_, number) => {
        const message = `${name} agent ${who} call ${number} ${'ü'.repeat(500)}`
        const started = performance.now()
        const answer = textOf(await agent.call(`server-${number % SERVERS}__echo`, { message }))
        times.push(performance.now() - started)
        return answer === `Echo: ${message}`
      }),
    )
    const right = await Promise.all(calls)
    expect(right).toHaveLength(AGENTS * CALLS_AT_ONCE)
    expect(right.every(Boolean)).toBe(true)
  }
  await round('warm-up')
  const before = process.memoryUsage.rss()
  times.length = 0
  for (let count = 1; count <= ROUNDS; count++) await round(`round ${count}`)
  const grown = (process.memoryUsage.rss() - before) / 2 ** 20
  times.sort((one, other) => one - other)
  const p99 = times[Math.floor(times.length * 0.99)] ?? NaN
  console.log(`1,000 calls at once: p99 ${p99.toFixed(0)} ms, ${grown.toFixed(0)} MiB more than after the first round`)
  // Agents, gateway and both sides of a thousand HTTP exchanges share this process; a leak would be more.
  expect(grown).toBeLessThan(256)
})
