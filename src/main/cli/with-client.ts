import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../base/app-error.ts'
import type { CommandContext } from './command-context.ts'
import type { TemporaryCoreOptions } from './temporary-core.ts'
import { connectTo, findRunningGateway, type Client } from './running-gateway.ts'

/** What is behind a client: the gateway that serves agents, or a core that ends with this command. */
export interface Core {
  /** Nothing is connected in it but what this command calls. */
  temporary: boolean
}

/** Another command is done in a moment, and a gateway that is starting soon answers; more is worth an error. */
const BUSY_LIMIT_MS = 5_000
const BUSY_RETRY_MS = 100

/**
 * Runs `work` with a client of the gateway on this data directory: the running one, else a core that is started for this
 * one command. Both answer the same operations with the same errors.
 */
export async function withClient<Value>(
  context: CommandContext,
  work: (client: Client, core: Core) => Promise<Value>,
  options: TemporaryCoreOptions = {},
): Promise<Value> {
  const deadline = performance.now() + BUSY_LIMIT_MS
  for (let attempt = 0; ; attempt++) {
    const running = await findRunningGateway(context.dataDir)
    if (running) return work(connectTo(running, context.workspace), { temporary: false })
    if (attempt === 0) context.terminal.note('No gateway is running; this command starts one for itself.')
    const core = await startUnlessBusy(context, options, deadline)
    if (core === undefined) {
      if (attempt === 0) context.terminal.note('The data directory is in use at the moment; waiting for it.')
      await wait(BUSY_RETRY_MS, undefined, { signal: context.signal })
      continue
    }
    try {
      return await work(core.client, { temporary: true })
    } finally {
      await core.close()
    }
  }
}

/** Undefined while someone else has the data directory; past the deadline that is the error it is. */
async function startUnlessBusy(context: CommandContext, options: TemporaryCoreOptions, deadline: number) {
  // Loaded when needed: a command that talks to a running gateway answers in half the time without the whole core.
  const { startTemporaryCore } = await import('./temporary-core.ts')
  try {
    return await startTemporaryCore(context, options)
  } catch (error) {
    if (error instanceof AppError && error.code === 'in_use' && performance.now() < deadline) return undefined
    throw error
  }
}
