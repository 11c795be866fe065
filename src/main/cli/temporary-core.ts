import { createRouterClient } from '@orpc/server'
import { startApp, type App } from '../app.ts'
import { createLogger } from '../base/log.ts'
import { readVaultChoice } from '../environment.ts'
import { takenPort } from '../http/port-taken.ts'
import type { CommandContext } from './command-context.ts'
import { coreOptions } from './core-options.ts'
import type { Client } from './running-gateway.ts'

export interface TemporaryCoreOptions {
  /** Listens where the gateway would, as long as nobody else does: browsers come back to what was registered once. */
  usualPort?: boolean
}

/** Starts the core for one command; `close` ends it and every child. */
export async function startTemporaryCore(
  context: CommandContext,
  { usualPort = false }: TemporaryCoreOptions = {},
): Promise<{ client: Client; close: () => Promise<void> }> {
  const app = usualPort
    ? await startOn(undefined, context).catch((error: unknown) => {
        if (takenPort(error) === undefined) throw error
        return startOn(0, context)
      })
    : await startOn(0, context)
  return {
    client: createRouterClient(await app.router(), { context: { actor: 'cli', workspace: context.workspace } }),
    close: () => app.close(),
  }
}

/** Undefined: the port of the settings. */
async function startOn(port: number | undefined, context: CommandContext): Promise<App> {
  return await startApp({
    ...coreOptions(context),
    host: '127.0.0.1',
    port,
    vault: readVaultChoice(context.env),
    mintDefaultAgent: false,
    connect: 'on_demand',
    announce: false,
    allowedHosts: [],
    // What goes wrong is in the answer; the log of a core that lives for a second would bury it.
    log: createLogger({ level: 'silent' }),
  })
}
