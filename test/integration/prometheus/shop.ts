import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A target whose metrics a test says, and which can be away for a while. */
export class Shop {
  /** By name, with labels as Prometheus writes them. */
  readonly values: Record<string, number>
  readonly #server: Server
  #port = 0

  private constructor(values: Record<string, number>) {
    this.values = values
    this.#server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4')
      const lines = Object.entries(this.values).map(([name, value]) => `${name} ${value}\n`)
      response.end(`# HELP shop_errors Errors at the moment.\n# TYPE shop_errors gauge\n${lines.join('')}`)
    })
  }

  static async open(values: Record<string, number>): Promise<Shop> {
    const shop = new Shop(values)
    await shop.up()
    onTestFinished(() => shop.down())
    return shop
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`
  }

  /** At the same port as before. */
  async up(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  async down(): Promise<void> {
    if (!this.#server.listening) return
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }
}

/** YAML of something to be scraped. */
export function scrape(job: string, address: string, labels: Record<string, string> = {}): string {
  return `  - job_name: ${job}
    static_configs: [{ targets: ['${address}'], labels: ${JSON.stringify(labels)} }]`
}
