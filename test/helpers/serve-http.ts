import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A server on a free loopback port for the test that is running; gives its origin. */
export async function serveHttp(answer: RequestListener): Promise<string> {
  return (await serveCounted(answer)).origin
}

/** The same, or at another place, and how often it was connected to. */
export async function serveCounted(answer: RequestListener, place: { host?: string; port?: number } = {}) {
  const server = createServer(answer)
  let connections = 0
  server.on('connection', () => connections++)
  server.listen({ host: '127.0.0.1', port: 0, ...place })
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { port, origin: `http://127.0.0.1:${port}`, connections: () => connections }
}
