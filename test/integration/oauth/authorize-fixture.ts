import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, vi } from 'vitest'
import type { AppOptions } from '../../../src/main/app.ts'
import type { ChangeEvent } from '../../../src/shared/contract/events.ts'
import type { Integration } from '../../../src/shared/contract/integrations.ts'
import { followAuthorization } from '../../helpers/follow-authorization.ts'
import { modern } from '../../helpers/gateway-fixture.ts'
import {
  startAuthorizationServer,
  startProtectedServer,
  type AuthorizationServerProcess,
  type ProtectedServerProcess,
} from '../../helpers/oauth-servers.ts'
import { startTestApp, type Client, type TestApp } from '../../helpers/start-app.ts'
import type { AuthorizationServerConfig } from '../../servers/authorization/switches.ts'

/** Processes on a busy machine take their time; what is waited for is a condition. */

export interface Servers {
  server: AuthorizationServerProcess
  resource: ProtectedServerProcess
}

/** An authorization server, and an MCP server and API that want its tokens; they end with the test. */
export async function startServers(config: AuthorizationServerConfig = {}): Promise<Servers> {
  const server = await startAuthorizationServer(config)
  onTestFinished(() => server.stop())
  const resource = await startProtectedServer({ issuers: [server.issuer] })
  onTestFinished(() => resource.stop())
  return { server, resource }
}

/** How often a token was asked for in this way. */
export async function tokenRequests({ server }: Servers, grantType: string): Promise<number> {
  const requests = await server.requests('token')
  return requests.filter(({ body }) => body.grant_type === grantType).length
}

/** Goes where one signs in, as a person with a browser, and to the page at the end. */
export async function visit(authorizationUrl: string | null): Promise<{ status: number; text: string }> {
  const page = await fetch(await followAuthorization(authorizationUrl ?? ''))
  return { status: page.status, text: await page.text() }
}

/** The whole core on a data directory that outlives it. */
export class OAuthGateway {
  readonly #options: Partial<AppOptions>
  app!: TestApp
  client!: Client

  private constructor(options: Partial<AppOptions>) {
    this.#options = options
  }

  static async start(options: Partial<AppOptions> = {}): Promise<OAuthGateway> {
    const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-oauth-'))
    const gateway = new OAuthGateway({ dataDir, vault: { backend: 'key', key: randomBytes(32) }, ...options })
    await gateway.#open({})
    onTestFinished(async () => {
      await gateway.app.close()
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    })
    return gateway
  }

  /** Ends it, and starts it on what it left; on the same port, where browsers come back to. */
  async restart(options: Partial<AppOptions> = {}): Promise<void> {
    const port = Number(new URL(this.app.origin).port)
    await this.app.close()
    await this.#open({ port, ...options })
  }

  async #open(options: Partial<AppOptions>): Promise<void> {
    this.app = await startTestApp({ ...this.#options, ...options })
    this.client = this.app.client('http')
  }

  /** An MCP server with OAuth and nothing filled in. */
  async add({ resource }: Servers, fields: object = {}): Promise<Integration> {
    const mcp = { transport: 'http', server_url: resource.url } as const
    return await this.client.integrations.create({ name: 'notes', auth_type: 'oauth2', mcp, ...fields })
  }

  async signIn(): Promise<void> {
    const { authorization_url: url } = await this.client.integrations.authorize({ name: 'notes' })
    const { text } = await visit(url)
    expect(text).toContain('Signed in to notes.')
    await this.until('connected')
  }

  async get(): Promise<Integration> {
    return await this.client.integrations.get({ name: 'notes' })
  }

  async until(state: Integration['connection']['state']): Promise<Integration> {
    return await vi.waitFor(async () => {
      const integration = await this.get()
      expect(integration.connection).toMatchObject({ state })
      return integration
    })
  }

  /** What an agent gets as the answer to a call. */
  async call(tool: string, args: Record<string, unknown> = {}): Promise<unknown> {
    const { body, headers } = modern('tools/call', { name: `notes__${tool}`, arguments: args })
    const response = await fetch(this.app.urls.mcp_url, {
      method: 'POST',
      headers: {
        ...headers,
        authorization: `Bearer ${this.app.agentToken ?? ''}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify(body),
    })
    return await response.json()
  }

  async toolNames(): Promise<string[]> {
    const { items } = await this.client.tools.list({})
    const others = items.filter(({ integration }) => integration !== 'gatehouse')
    return others.map(({ gateway_name }) => gateway_name).sort()
  }

  /** Everything that is told from now on. */
  async follow(): Promise<ChangeEvent[]> {
    const events: ChangeEvent[] = []
    const stopping = new AbortController()
    onTestFinished(() => stopping.abort())
    const stream = await this.app.client('router').system.stream(undefined, { signal: stopping.signal })
    void (async () => {
      for await (const event of stream) events.push(event)
    })().catch(() => undefined)
    return events
  }
}
