import { setTimeout as delay } from 'node:timers/promises'
import type { z } from 'zod'
import type { Credentials, McpSettings } from '../../src/shared/contract/integrations.ts'
import type { OAuthSettings } from '../../src/shared/contract/oauth.ts'
import { followAuthorization } from '../helpers/follow-authorization.ts'
import { startTestApp, type TestApp } from '../helpers/start-app.ts'
import { startTokenProxy, type TokenProxy } from './token-proxy.ts'

/** How a server is reached, as an admin writes it. */
export type Mcp = z.input<typeof McpSettings>

/** How an admin lets the gateway sign in. */
export interface SignIn {
  oauth: z.input<typeof OAuthSettings>
  credentials?: z.input<typeof Credentials>
}

/** How long a server may take to be connected and listed on a busy machine, in milliseconds. */
const CONNECT_MS = 60_000
const LOOK_MS = 50

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
    // The tools of the reference server come and go, and agents are to see that.
    await this.#app.client().integrations.create({ name, mcp, on_definition_change: 'allow' })
    await this.connected(name)
    return this.urlOf(name)
  }

  /** Adds an integration that nobody has signed in to yet. */
  async addProtected(name: string, mcp: Mcp, { oauth, credentials }: SignIn): Promise<void> {
    await this.#app.client().integrations.create({
      name,
      mcp,
      auth_type: 'oauth2',
      auth: { oauth },
      ...(credentials && { credentials }),
      on_definition_change: 'allow',
    })
  }

  /** What a person does: begins to sign in, goes through the pages of the authorization server, and comes back. */
  async signIn(name: string): Promise<void> {
    const { authorization_url: url } = await this.#app.client().integrations.authorize({ name })
    if (url === null) return
    const answer = await fetch(await followAuthorization(url))
    if (!answer.ok) throw new Error(`The sign-in has failed: ${answer.status} ${await answer.text()}`)
    await answer.body?.cancel()
  }

  /** Waits until it is connected. Throws at once where only a person can help. */
  async connected(name: string): Promise<void> {
    const limit = performance.now() + CONNECT_MS
    for (;;) {
      // Before the first look as well: what a sign-in has just granted is taken up with the next timer.
      await delay(LOOK_MS)
      const { connection } = await this.#app.client().integrations.get({ name })
      if (connection.state === 'connected') return
      if (connection.state === 'needs_auth' || performance.now() > limit) {
        throw new Error(`${name} is not connected: ${JSON.stringify(connection)}`)
      }
    }
  }

  /** The address of its endpoint, which asks for no token. */
  urlOf(name: string): string {
    return `${this.#proxy.origin}/mcp/${name}`
  }

  remove(name: string): Promise<unknown> {
    return this.#app.client().integrations.remove({ name })
  }

  async close(): Promise<void> {
    await this.#proxy.close()
    await this.#app.close()
  }
}
