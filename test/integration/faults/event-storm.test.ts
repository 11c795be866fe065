import { setTimeout as after } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { openStream } from '../gateway/open-stream.ts'
import { countedBy, FaultyGateway } from './faulty-gateway.ts'

/** reliability.md, row 22: a server says two thousand times a second that its list has changed. */

const MOST_A_SECOND = 10

let gateway: FaultyGateway
afterEach(() => gateway.close())

it('is listed, and told of, at most ten times a second', async () => {
  gateway = await FaultyGateway.start()
  const agent = await gateway.agent('legacy')
  const stream = await openStream(gateway.http, 'GET', '/mcp', { 'Mcp-Session-Id': agent.session ?? '' })
  let told = 0
  const listening = (async () => {
    while ((await stream.next()) !== undefined) told++
  })()
  await gateway.addBad('storm', 'list-changed-storm', 'always-new')
  const before = { at: performance.now(), lists: (await countedBy(agent, 'storm')).lists, told }
  await after(3_000)
  const { lists } = await countedBy(agent, 'storm')
  const seconds = (performance.now() - before.at) / 1_000
  expect(lists).toBeGreaterThan(before.lists)
  expect(told).toBeGreaterThan(before.told)
  expect((lists - before.lists) / seconds).toBeLessThanOrEqual(MOST_A_SECOND + 1)
  expect((told - before.told) / seconds).toBeLessThanOrEqual(MOST_A_SECOND + 1)
  stream.close()
  await listening
})
