import { request as httpRequest, type ClientRequest } from 'node:http'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { countedBy, FaultyGateway, type RawAgent } from './faulty-gateway.ts'

/** reliability.md, row 10: an agent is gone with a hundred calls open. */

const CALLS = 100

let gateway: FaultyGateway

beforeEach(async () => {
  gateway = await FaultyGateway.start()
  await gateway.addBad('server')
})
afterEach(() => gateway.close())

it('a modern one: all of them are cancelled upstream, and nothing is left of them', async () => {
  const agent = await gateway.agent('modern')
  const handles = handlesNow()
  // More than one round, so that what stays behind would add up.
  for (let round = 1; round <= 3; round++) {
    for (const request of await open(agent)) request.destroy()
    await expect.poll(async () => (await cancelledOf(agent)).length, { timeout: 30_000 }).toBe(CALLS * round)
    expect(new Set(await cancelledOf(agent)).size).toBe(CALLS * round)
  }
  await expect.poll(handlesNow, { timeout: 30_000 }).toBeLessThanOrEqual(handles + 5)
  // Its slots are free: it could not open another hundred of a thousand otherwise.
  for (const request of await open(agent)) request.destroy()
})

it('a legacy one: its calls go on, since it may come back for them; the end of its session cancels them', async () => {
  const agent = await gateway.agent('legacy')
  const witness = await gateway.agent('legacy')
  for (const request of await open(agent)) request.destroy()
  expect(await cancelledOf(witness)).toEqual([])
  const headers = { Authorization: 'Bearer token-one', 'Mcp-Session-Id': agent.session ?? '' }
  expect((await gateway.http.send('DELETE', '/mcp', headers)).status).toBe(200)
  await expect.poll(async () => (await cancelledOf(witness)).length, { timeout: 30_000 }).toBe(CALLS)
})

/** Sends the calls on connections of their own; resolves when the server has all of them. */
async function open(agent: RawAgent): Promise<ClientRequest[]> {
  const requests = Array.from({ length: CALLS }, () => {
    const { body, headers } = agent.message('tools/call', { name: 'server__silent', arguments: {} })
    const request = httpRequest(gateway.http.url, {
      method: 'POST',
      agent: false,
      headers: {
        Authorization: 'Bearer token-one',
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        ...headers,
      },
    })
    request.on('error', () => undefined)
    request.end(JSON.stringify(body))
    return request
  })
  received += CALLS
  await expect.poll(async () => (await countedBy(agent, 'server')).silent, { timeout: 30_000 }).toBe(received)
  return requests
}

/** Silent calls of the server of this test so far. */
let received = 0
beforeEach(() => {
  received = 0
})

async function cancelledOf(agent: RawAgent): Promise<number[]> {
  return (await countedBy(agent, 'server')).cancelled
}

/** Sockets, pipes and timers of this process. */
function handlesNow(): number {
  return process.getActiveResourcesInfo().length
}
