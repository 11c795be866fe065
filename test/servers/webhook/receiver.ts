/** What takes webhooks, and answers as a test wants it: with a status, too late, not to the end, or not at all. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { flood, readBody } from '../http-text.ts'

export interface Received {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export type Behaviour =
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string }
  /** Takes the request and says nothing. */
  | { kind: 'hang' }
  /** Ends the connection without an answer. */
  | { kind: 'close' }
  /** Ends it after the status and a part of the body. */
  | { kind: 'close_mid_answer'; status: number }
  /** An answer without an end. */
  | { kind: 'flood'; status: number }
  /** Gives the status, and then nothing of the body that it promised. */
  | { kind: 'stall'; status: number }

export interface WebhookReceiver {
  url: string
  received: Received[]
  /** For each request one, the last for all that follow. */
  behave(...behaviours: Behaviour[]): void
  close(): Promise<void>
}

const OK: Behaviour = { kind: 'answer', status: 204 }

export async function startWebhookReceiver(tls?: ServerOptions): Promise<WebhookReceiver> {
  const received: Received[] = []
  let plan: Behaviour[] = [OK]
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(request)
    received.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body })
    const behaviour = (plan.length > 1 ? plan.shift() : plan[0]) ?? OK
    answer(behaviour, response)
  }
  const listener = (request: IncomingMessage, response: ServerResponse) =>
    void take(request, response).catch(() => response.destroy())
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/hook`,
    received,
    behave: (...behaviours) => (plan = behaviours),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function answer(behaviour: Behaviour, response: ServerResponse): void {
  switch (behaviour.kind) {
    case 'answer':
      response.writeHead(behaviour.status, behaviour.headers).end(behaviour.body ?? '')
      return
    case 'hang':
      return
    case 'close':
      response.destroy()
      return
    case 'close_mid_answer':
      response.writeHead(behaviour.status, { 'content-length': '1000' })
      response.write('the beginning', () => response.destroy())
      return
    case 'stall':
      response.writeHead(behaviour.status, { 'content-length': '1000' })
      response.write('the beginning')
      return
    case 'flood':
      response.writeHead(behaviour.status)
      flood(response, 'the beginning')
  }
}
