import { setTimeout as delay } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { socketsTo } from '../../../src/main/upstream/http-message.ts'
import { defaultUpstreamLimits } from '../../../src/main/upstream/limits.ts'
import { serveCounted } from '../../helpers/serve-http.ts'

/** How many sockets two requests take, one after the other, to a server that says it keeps them so long. */
async function socketsFor({ keepAliveSeconds }: { keepAliveSeconds: number }): Promise<number> {
  const server = await serveCounted((_, response) => {
    response.writeHead(200, { connection: 'keep-alive', 'keep-alive': `timeout=${keepAliveSeconds}` }).end('{}')
  })
  const pool = socketsTo(new URL(server.origin), defaultUpstreamLimits)
  onTestFinished(() => pool.destroy())
  for (let request = 0; request < 2; request++) {
    const { body } = await pool.request({ method: 'POST', path: '/mcp' })
    await body.dump()
    // The socket is free once the last of the answer is taken in.
    await delay(100)
  }
  return server.connections()
}

it('a socket is used again, but not one that its server is about to close', async () => {
  expect(await socketsFor({ keepAliveSeconds: 60 })).toBe(1)
  expect(await socketsFor({ keepAliveSeconds: 4 })).toBe(2)
})
