import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { socketsTo } from '../../../src/main/upstream/http-message.ts'
import { defaultUpstreamLimits } from '../../../src/main/upstream/limits.ts'

/** How many sockets two requests take, one after the other, to a server that keeps them so long (and says so). */
async function socketsFor({ keepAliveMs }: { keepAliveMs: number }): Promise<number> {
  const server = createServer((_, response) => response.end('{}'))
  server.keepAliveTimeout = keepAliveMs
  let sockets = 0
  server.on('connection', () => sockets++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`)
  const pool = socketsTo(url, defaultUpstreamLimits)
  onTestFinished(async () => {
    await pool.destroy()
    server.close()
  })
  for (let request = 0; request < 2; request++) {
    const { body } = await pool.request({ method: 'POST', path: url.pathname })
    await body.dump()
    // The socket is free once the last of the answer is taken in.
    await delay(100)
  }
  return sockets
}

it('a socket is used again, but not one that its server is about to close', async () => {
  expect(await socketsFor({ keepAliveMs: 60_000 })).toBe(1)
  expect(await socketsFor({ keepAliveMs: 4_000 })).toBe(2)
})
