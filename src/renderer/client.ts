import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import type { contract } from '../shared/contract/contract.ts'
import { browserLink } from './host/browser-link.ts'
import { type ConsoleLink, UnreachableError } from './host/host.ts'
import { raceSignal } from './host/race-signal.ts'
import { type WindowBridge, windowLink } from './host/window-link.ts'

/** The contract's typed client: all that a screen knows of the core. */
export type Client = ContractRouterClient<typeof contract>

declare global {
  interface Window {
    gatehouse?: WindowBridge
  }
}

/** A call that hangs is worse than one that fails: each has a limit. */
const CALL_TIMEOUT_MS = 15_000
const SLOW_CALLS_MS: Record<string, number> = {
  'integrations.test': 120_000,
  'integrations.remove': 30_000,
  // They ask the authorization server, each address of which may take its time.
  'integrations.authorize': 90_000,
  'integrations.disconnect': 60_000,
  // They carry documents of up to 32 MiB, which the core reads.
  'integrations.create': 60_000,
  'integrations.update': 60_000,
  'openapi.preview': 90_000,
  'openapi.check': 90_000,
  'openapi.apply': 90_000,
  // As long as the API may take, which is part of its connection; it can be stopped.
  'openapi.try_tool': 1_800_000,
  // They wait until somebody else's service has answered, or has not.
  'channels.test': 60_000,
  'channels.test_draft': 60_000,
  'channels.destinations': 60_000,
  'rules.test': 120_000,
  'clients.import_servers': 120_000,
  'transfer.plan': 60_000,
  'transfer.apply': 120_000,
  'system.restart_gateway': 60_000,
  'vault.unlock': 60_000,
  'vault.rotate': 60_000,
  'vault.reset': 60_000,
}

/** Through the window's port where there is one, else to the origin that served the page. */
export function createClient(workspace: () => string): Client {
  const link = window.gatehouse ? windowLink(window.gatehouse, workspace) : browserLink(sessionStorage, workspace)
  return createORPCClient(withDeadlines(link))
}

/**
 * Wraps a link so that every call ends: by its answer, by the caller's signal, or by its limit. A stream has answered
 * once it is open, and then lasts as long as it is read.
 */
export function withDeadlines(link: ConsoleLink): ConsoleLink {
  return {
    async call(path, input, options) {
      const name = path.join('.')
      const limit = SLOW_CALLS_MS[name] ?? CALL_TIMEOUT_MS
      const deadline = new AbortController()
      const timer = setTimeout(
        () => deadline.abort(new UnreachableError(`The gateway did not answer in ${limit / 1000} s.`)),
        limit,
      )
      const signal = options.signal ? AbortSignal.any([options.signal, deadline.signal]) : deadline.signal
      try {
        return await raceSignal(link.call(path, input, { ...options, signal }), signal)
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
