import { setTimeout as delay } from 'node:timers/promises'
import type { z } from 'zod'
import type { McpSettings } from '../../src/shared/contract/integrations.ts'
import { startTestApp, type TestApp } from '../helpers/start-app.ts'
import { startTokenProxy, type TokenProxy } from './token-proxy.ts'

/** How a server is reached, as an admin writes it. */
export type Mcp = z.input<typeof McpSettings>

/** How long a server may take to be connected and listed on a busy machine, in milliseconds. */
const CONNECT_MS = 60_000

/** A gateway as it ships, without a window, and the proxy that has an agent's token. */
export class GatewayUnderTest {
  readonly #app: TestApp
  readonly #proxy: TokenProxy

  private constructor(app: TestApp, proxy: TokenProxy) {
    this.#app = app
    this.#proxy = proxy
  }

  static async start(): Promise<GatewayUnderTest> {
    // The proxy passes its own Host on, which has another port.
    const app = await startTestApp({ allowedHosts: ['127.0.0.1'] })
    const { token } = await app.client().agents.create({ name: 'conformance' })
    return new GatewayUnderTest(app, await startTokenProxy(app.origin, token))
  }

  /** Adds an integration and waits until it is connected; gives the address of its endpoint, which asks for no token. */
  async add(name: string, mcp: Mcp): Promise<string> {
    const { integrations } = this.#app.client()
    // The tools of the reference server come and go, and agents are to see that.
    await integrations.create({ name, mcp, on_definition_change: 'allow' })
    const limit = performance.now() + CONNECT_MS
    for (;;) {
      const { connection } = await integrations.get({ name })
      if (connection.state === 'connected') return `${this.#proxy.origin}/mcp/${name}`
      if (performance.now() > limit) throw new Error(`${name} is not connected: ${JSON.stringify(connection)}`)
      await delay(50)
    }
  }

  remove(name: string): Promise<unknown> {
    return this.#app.client().integrations.remove({ name })
  }

  async close(): Promise<void> {
    await this.#proxy.close()
    await this.#app.close()
  }
}
