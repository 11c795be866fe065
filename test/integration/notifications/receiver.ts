import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Received {
  id: string
  headers: IncomingMessage['headers']
  text: string
  body: Record<string, unknown>
  path: string
}

type Answer = (request: Received, response: ServerResponse, count: number) => void

/** A real HTTP server that keeps what it gets, and answers as the test says. */
export class Receiver {
  readonly received: Received[] = []
  answer: Answer = (_request, response) => void response.writeHead(204).end()
  url = ''

  static async start(answer?: Answer): Promise<Receiver> {
    const receiver = new Receiver()
    if (answer !== undefined) receiver.answer = answer
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const one: Received = {
          id: String(request.headers['webhook-id']),
          headers: request.headers,
          text,
          body: parsed(text),
          path: request.url ?? '',
        }
        receiver.received.push(one)
        receiver.answer(one, response, receiver.received.length)
      })
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
    return receiver
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}
