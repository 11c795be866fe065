import { setTimeout as wait } from 'node:timers/promises'
import { createRouterClient } from '@orpc/server'
import { AppError } from '../../base/app-error.ts'
import type { CommandContext } from '../command-context.ts'
import { connectTo, findRunningGateway, type Client } from '../running-gateway.ts'

/** A gateway that answers, and a token of the agent that is good as long as this is not closed. */
export interface GatewayAccess {
  /** Of `/mcp`. */
  mcpUrl: string
  token: string
  close(): void
}

/** Another bridge may be starting a gateway in the same moment; it answers soon. */
const BUSY_LIMIT_MS = 20_000
const BUSY_RETRY_MS = 100

/** Finds the gateway of the data directory, or starts one in this process, which then ends with it. */
export class GatewayAccessPoint {
  readonly #context: CommandContext
  readonly #agent: string
  #own: { client: Client; mcpUrl: string; close: () => Promise<void> } | undefined

  constructor(context: CommandContext, agent: string) {
    this.#context = context
    this.#agent = agent
  }

  async open(): Promise<GatewayAccess> {
    const { dataDir, workspace, signal } = this.#context
    const deadline = performance.now() + BUSY_LIMIT_MS
    for (;;) {
      if (this.#own !== undefined) return await this.#lease(this.#own.client, this.#own.mcpUrl)
      const running = await findRunningGateway(dataDir)
      if (running) return await this.#lease(connectTo(running, workspace), running.mcp_url)
      try {
        await this.#startOwn()
      } catch (error) {
        const isBusy = error instanceof AppError && error.code === 'in_use' && performance.now() < deadline
        if (!isBusy) throw error
        await wait(BUSY_RETRY_MS, undefined, { signal })
      }
    }
  }

  async close(): Promise<void> {
    await this.#own?.close()
  }

  async #lease(client: Client, mcpUrl: string): Promise<GatewayAccess> {
    const ending = new AbortController()
    const lease = await client.agents.lease({ name: this.#agent }, { signal: ending.signal })
    const first = await lease.next()
    if (first.done === true) throw new AppError('internal', { message: 'The gateway gave no token to this agent.' })
    return { mcpUrl, token: first.value.token, close: () => ending.abort() }
  }

  async #startOwn(): Promise<void> {
    // Loaded when needed: most bridges find a gateway that runs.
    const { startGateway } = await import('./own-gateway.ts')
    const app = await startGateway(this.#context)
    const context = { actor: 'cli', workspace: this.#context.workspace } as const
    this.#own = {
      client: createRouterClient(await app.router(), { context }),
      mcpUrl: app.urls.mcp_url,
      close: () => app.close(),
    }
  }
}
