import type { CommandContext } from './command-context.ts'
import { connectTo, findRunningGateway, type Client } from './running-gateway.ts'

/**
 * Runs `work` with a client of the gateway on this data directory: the running one, else a core that is started for this
 * one command. Both answer the same operations with the same errors.
 */
export async function withClient<Value>(
  context: CommandContext,
  work: (client: Client) => Promise<Value>,
): Promise<Value> {
  const running = await findRunningGateway(context.dataDir)
  if (running) return work(connectTo(running, context.workspace))

  context.terminal.note('No gateway is running; this command starts one for itself.')
  // Loaded when needed: a command that talks to a running gateway answers in half the time without the whole core.
  const { startTemporaryCore } = await import('./temporary-core.ts')
  const core = await startTemporaryCore(context)
  try {
    return await work(core.client)
  } finally {
    await core.close()
  }
}
