import { createRouterClient } from '@orpc/server'
import { startApp } from '../app.ts'
import { createLogger } from '../base/log.ts'
import { readVaultChoice } from '../environment.ts'
import type { CommandContext } from './command-context.ts'
import type { Client } from './running-gateway.ts'

/** Starts the core for one command; `close` ends it and every child. */
export async function startTemporaryCore(
  context: CommandContext,
): Promise<{ client: Client; close: () => Promise<void> }> {
  const app = await startApp({
    ...context.installation,
    dataDir: context.dataDir,
    host: '127.0.0.1',
    port: 0,
    vault: readVaultChoice(context.env),
    mintDefaultAgent: false,
    connect: 'on_demand',
    announce: false,
    deepLinks: false,
    allowedHosts: [],
    // What goes wrong is in the answer; the log of a core that lives for a second would bury it.
    log: createLogger({ level: 'silent' }),
  })
  return {
    client: createRouterClient(app.router, { context: { actor: 'cli', workspace: context.workspace } }),
    close: () => app.close(),
  }
}
