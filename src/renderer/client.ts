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
  'vault.unlock': 60_000,
}
/** Streams last as long as they are read; `call` here only waits for their first answer. */
const STREAM_START_TIMEOUT_MS = 15_000

/** Through the window's port where there is one, else to the origin that served the page. */
export function createClient(): Client {
  const link = window.gatehouse ? windowLink(window.gatehouse) : browserLink(sessionStorage)
  return createORPCClient(withDeadlines(link))
}

/** Wraps a link so that every call ends: by its answer, by the caller's signal, or by its limit. */
export function withDeadlines(link: ConsoleLink): ConsoleLink {
  return {
    async call(path, input, options) {
      const name = path.join('.')
      const streams = name === 'system.stream' || name === 'integrations.test_draft'
      const limit = streams ? STREAM_START_TIMEOUT_MS : (SLOW_CALLS_MS[name] ?? CALL_TIMEOUT_MS)
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
