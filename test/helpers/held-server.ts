import { EventEmitter, once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

interface Message {
  id?: number | string
  method: string
}

/** A legacy MCP server over HTTP whose one tool, `wait`, answers when the test lets it. */
export class HeldServer {
  readonly url: string
  readonly #server: Server
  readonly #called: Promise<unknown>
  readonly #release: () => void

  private constructor(server: Server, called: Promise<unknown>, release: () => void) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
    this.#server = server
    this.#called = called
    this.#release = release
  }

  static async start(): Promise<HeldServer> {
    const events = new EventEmitter()
    const called = once(events, 'called')
    const released = once(events, 'released')
    const results: Record<string, () => unknown> = {
      initialize: () => ({
        protocolVersion: '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: 'held', version: '1' },
      }),
      'tools/list': () => ({ tools: [{ name: 'wait', inputSchema: { type: 'object' } }] }),
      'tools/call': async () => {
        events.emit('called')
        await released
        return { content: [{ type: 'text', text: 'released' }] }
      },
    }
    const server = createServer((request, response) => {
      void (async () => {
        if (request.method !== 'POST') return response.writeHead(405).end()
        const { id, method } = (await json(request)) as Message
        if (id === undefined) return response.writeHead(202).end()
        const result = results[method]
        const answer = result ? { result: await result() } : { error: { code: -32601, message: 'Method not found' } }
        response.writeHead(200, { 'content-type': 'application/json' })
        return response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }))
      })()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new HeldServer(server, called, () => events.emit('released'))
  }

  /** Resolves when the tool has been called. */
  async called(): Promise<void> {
    await this.#called
  }

  release(): void {
    this.#release()
  }

  close(): void {
    this.#release()
    this.#server.closeAllConnections()
    this.#server.close()
  }
}
