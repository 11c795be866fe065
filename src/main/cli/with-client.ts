import type { CommandContext } from './command-context.ts'
import { connectTo, findRunningGateway, type Client } from './running-gateway.ts'

/** What is behind a client: the gateway that serves agents, or a core that ends with this command. */
export interface Core {
  /** Nothing is connected in it but what this command calls. */
  temporary: boolean
}

/**
 * Runs `work` with a client of the gateway on this data directory: the running one, else a core that is started for this
 * one command. Both answer the same operations with the same errors.
 */
export async function withClient<Value>(
  context: CommandContext,
  work: (client: Client, core: Core) => Promise<Value>,
): Promise<Value> {
  const running = await findRunningGateway(context.dataDir)
  if (running) return work(connectTo(running, context.workspace), { temporary: false })

  context.terminal.note('No gateway is running; this command starts one for itself.')
  // Loaded when needed: a command that talks to a running gateway answers in half the time without the whole core.
  const { startTemporaryCore } = await import('./temporary-core.ts')
  const core = await startTemporaryCore(context)
  try {
    return await work(core.client, { temporary: true })
  } finally {
    await core.close()
  }
}
