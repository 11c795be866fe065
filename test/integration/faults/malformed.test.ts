import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serveHttp } from '../../helpers/serve-http.ts'
import { malformed } from '../../servers/malformed.ts'
import { connected, http } from '../upstream/harness.ts'
import { countedBy, FaultyGateway, textOf } from './faulty-gateway.ts'

/** reliability.md, row 11: ten thousand things that a peer should not say, and nobody falls over them. */

const CALLS = 100
const MESSAGES_A_CALL = 100
const MESSAGES_A_STREAM = 10

let gateway: FaultyGateway
beforeEach(async () => {
  gateway = await FaultyGateway.start()
})
afterEach(async () => {
  await gateway.close()
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

it('from a server over stdio: each call gets its answer, on the same connection', async () => {
  await gateway.addBad('server', 'malformed')
  const agent = await gateway.agent('legacy')
  const { pid } = await countedBy(agent, 'server')
  for (let seed = 1; seed <= CALLS; seed++) {
    expect(textOf(await agent.call('server__malformed', { seed, count: MESSAGES_A_CALL })), `seed ${seed}`).toBe(
      'unharmed',
    )
  }
  expect((await countedBy(agent, 'server')).pid).toBe(pid)
})

it('from a server over HTTP, in the stream of its answer: each call gets its answer, or an error that is its own', async () => {
  const origin = await serveHttp((request, response) => {
    void text(request).then((body) => {
      if (request.method !== 'POST') return response.writeHead(405).end()
      const { id, method, params } = JSON.parse(body) as { id?: number; method: string; params?: Calling }
      if (id === undefined) return response.writeHead(202).end()
      const result = resultOf(method)
      const answer = JSON.stringify({ jsonrpc: '2.0', id, ...result })
      if (method !== 'tools/call') return response.writeHead(200, { 'content-type': 'application/json' }).end(answer)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const seed = params?.arguments.seed
      for (const message of seed === undefined ? [] : malformed(seed, MESSAGES_A_STREAM)) {
        response.write('data: ')
        response.write(message)
        response.write('\n')
      }
      return response.end(`\n\ndata: ${answer}\n\n`)
    })
  })
  await connected(gateway.add('server', http(`${origin}/mcp`, { era: 'legacy' })))
  const agent = await gateway.agent('modern')
  let unharmed = 0
  for (let seed = 1; seed <= CALLS; seed++) {
    const outcome = await agent.call('server__speak', { seed })
    // An error without a good id on the stream of one request is about that request, whatever is written in it.
    if (outcome.error === undefined && textOf(outcome) === 'unharmed') unharmed++
  }
  expect(unharmed).toBeGreaterThan(CALLS / 10)
  expect(textOf(await agent.call('server__speak'))).toBe('unharmed')
})

describe('from an agent', () => {
  it('each is refused or taken, none breaks anything', { timeout: 240_000 }, async () => {
    await gateway.addBad('server')
    const agent = await gateway.agent('legacy')
    const headers = { 'Mcp-Session-Id': agent.session ?? '' }
    const statuses = new Set<number>()
    for (const message of malformed(1, 2_000)) {
      const { status } = await gateway.http.post(message, { headers })
      statuses.add(status)
    }
    expect([...statuses].filter((status) => ![200, 202, 400, 404].includes(status))).toEqual([])
    expect(textOf(await agent.call('server__echo', { message: 'still here' }))).toBe('Echo: still here')
  })
})

interface Calling {
  arguments: { seed?: number }
}

function resultOf(method: string): object {
  switch (method) {
    case 'initialize': {
      const serverInfo = { name: 'malformed', version: '1' }
      return { result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo } }
    }
    case 'tools/list':
      return { result: { tools: [{ name: 'speak', inputSchema: { type: 'object' } }] } }
    case 'tools/call':
      return { result: { content: [{ type: 'text', text: 'unharmed' }] } }
    default:
      return { error: { code: -32601, message: 'Method not found' } }
  }
}
