import { startApp, type App } from '../../app.ts'
import { createLogger } from '../../base/log.ts'
import { readVaultChoice } from '../../environment.ts'
import { takenPort } from '../../http/port-taken.ts'
import type { CommandContext } from '../command-context.ts'
import { coreOptions } from '../core-options.ts'

/**
 * A whole gateway in this process, on its usual port where that is free: other bridges and commands find it, as if
 * `gatehouse serve` were running, until this process ends.
 */
export async function startGateway(context: CommandContext): Promise<App> {
  const log = createLogger({ level: 'warn' })
  const start = (port: number | undefined) =>
    startApp({
      ...coreOptions(context),
      host: '127.0.0.1',
      port,
      vault: readVaultChoice(context.env),
      mintDefaultAgent: false,
      connect: 'always',
      announce: true,
      allowedHosts: [],
      log,
    })
  try {
    return await start(undefined)
  } catch (error) {
    if (takenPort(error) === undefined) throw error
    // Nobody was told of an address: whoever uses this gateway finds it by its run file.
    log.warn('the usual port is taken by another program; a free one is used')
    return await start(0)
  }
}
