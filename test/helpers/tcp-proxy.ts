import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** A TCP proxy whose connections can be cut, or go dead without either end being told. */
export class TcpProxy {
  readonly #server: Server
  readonly #pairs = new Set<readonly [Socket, Socket]>()

  private constructor(port: number) {
    this.#server = createServer((client) => {
      const server = connect(port, '127.0.0.1')
      const pair = [client, server] as const
      this.#pairs.add(pair)
      client.pipe(server)
      server.pipe(client)
      for (const socket of pair) {
        socket.on('error', () => socket.destroy())
        socket.on('close', () => {
          this.#pairs.delete(pair)
          for (const other of pair) other.destroy()
        })
      }
    })
  }

  /** In front of a server on this machine. */
  static async start(port: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(port)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get open(): number {
    return this.#pairs.size
  }

  /** From now on nothing passes on the connections that are open; new ones work. */
  freeze(): void {
    for (const [client, server] of this.#pairs) {
      client.unpipe(server)
      server.unpipe(client)
      client.resume()
      server.resume()
    }
  }

  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy()
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
