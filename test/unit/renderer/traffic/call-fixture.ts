import type { Call } from '../../../../src/shared/contract/calls.ts'

const START = Date.parse('2026-11-24T14:00:00.000Z')

/** The call with this number: one a second, all fine; a test says only what matters to it. */
export function call(number: number, changes: Partial<Call> = {}): Call {
  return {
    id: String(number),
    at: new Date(START + number * 1_000).toISOString(),
    agent: 'claude-code',
    integration: 'github',
    tool: 'github__create_issue',
    era: 'modern',
    upstream_era: 'modern',
    duration_ms: 312,
    request_bytes: 1_200,
    response_bytes: 4_100,
    outcome: 'ok',
    error: null,
    recorded: false,
    ...changes,
  }
}

/** Calls `from` down to `to`, newest first, as a page of the log has them. */
export function callsDown(from: number, to: number): Call[] {
  return Array.from({ length: from - to + 1 }, (_, index) => call(from - index))
}
