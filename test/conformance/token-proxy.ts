import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface TokenProxy {
  /** `http://127.0.0.1:<port>` */
  origin: string
  close(): Promise<void>
}

/**
 * Stands in front of the gateway for a client that cannot send a token: it adds the Authorization header, and passes the
 * rest of both directions on as it comes, Host and Origin included. `origin` is the gateway's.
 */
export async function startTokenProxy(origin: string, token: string): Promise<TokenProxy> {
  const server = createServer((request, response) => forward(new URL(origin), token, request, response))
  // Longer than the gateway promises with what it answers: nobody is to meet a connection that is just being closed.
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function forward(to: URL, token: string, request: IncomingMessage, response: ServerResponse): void {
  const onward = httpRequest({
    host: to.hostname,
    port: to.port,
    method: request.method,
    path: request.url,
    // A connection of its own: a used one may be closed by the gateway just as it is taken again.
    agent: false,
    headers: [...request.rawHeaders, 'Authorization', `Bearer ${token}`],
  })
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
    // A stream without an event yet has a head that the client waits for.
    response.flushHeaders()
    answer.pipe(response)
  })
  onward.on('error', () => response.destroy())
  // Whoever hangs up has to be seen to hang up.
  response.on('close', () => onward.destroy())
  request.pipe(onward)
}
