import { createRouterClient } from '@orpc/server'
import { startApp } from '../app.ts'
import { createLogger } from '../base/log.ts'
import { readVaultChoice } from '../environment.ts'
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

  const app = await startApp({
    ...context.installation,
    dataDir: context.dataDir,
    host: '127.0.0.1',
    port: 0,
    vault: readVaultChoice(context.env),
    mintDefaultAgent: false,
    allowedHosts: [],
    // What goes wrong is in the answer; the log of a gateway that lives for a second would bury it.
    log: createLogger({ level: 'silent' }),
  })
  try {
    return await work(createRouterClient(app.router, { context: { workspace: context.workspace } }))
  } finally {
    await app.close()
  }
}
