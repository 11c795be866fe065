import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { ContractRouterClient } from '@orpc/contract'
import type { contract } from '../../shared/contract/contract.ts'
import { AppError } from '../base/app-error.ts'
import { DataDir, type RunFile } from '../base/data-dir.ts'

const HEALTH_TIMEOUT_MS = 3_000

/** Every operation of the contract, whichever way it is reached. */
export type Client = ContractRouterClient<typeof contract>

/**
 * The gateway that serves this data directory; undefined where there is none. A run file outlives a gateway that was
 * killed, so its process and its address are both asked.
 */
export async function findRunningGateway(dataDir: string): Promise<RunFile | undefined> {
  const run = DataDir.at(dataDir).readRunFile()
  if (!run || !isAlive(run.pid)) return undefined
  try {
    const answer = await fetch(new URL('/healthz', run.api_url), { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) })
    return answer.ok ? run : undefined
  } catch {
    return undefined
  }
}

/** A client of a running gateway, as its admin. */
export function connectTo(run: RunFile, workspace: string): Client {
  const link = new RPCLink({
    url: new URL('/rpc', run.api_url),
    headers: { authorization: `Bearer ${run.admin_token}`, 'gatehouse-workspace': workspace },
    fetch: async (request, init) => {
      try {
        return await fetch(request, init)
      } catch (cause) {
        // undici says "fetch failed", whatever it was; an abort is the caller's own.
        if (!(cause instanceof TypeError)) throw cause
        throw new AppError('internal', { message: `The gateway at ${run.api_url} is not answering. Try again.`, cause })
      }
    },
  })
  return createORPCClient(link)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, as another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
