import type { ErrorCode } from '../../../shared/contract/error-table.ts'
import { AppError } from '../../base/app-error.ts'
import type { SendOutcome } from '../../notifications/channel-adapter.ts'
import { type Consequence, SlackProblem } from './slack-problem.ts'

type Failure = Omit<Exclude<SendOutcome, { kind: 'delivered' }>, 'exchanges' | 'references'>

/** What keeps us from Slack before it says anything. Others are no failures of the channel, and are thrown on. */
const CONSEQUENCES: Partial<Record<ErrorCode, Consequence>> = {
  upstream_unavailable: 'retry',
  upstream_timeout: 'retry',
  upstream_invalid: 'retry',
  rate_limited: 'retry',
  authorization_required: 'broken',
  invalid_input: 'broken',
  not_found: 'broken',
}

/** How an attempt ended that failed. `destination`: the channel, for a person. */
export function failedOutcome(error: unknown, destination: string): Failure {
  if (error instanceof SlackProblem) {
    const { consequence: kind, code, sentences, retryAfterMs } = error
    return { kind, code, message: `${destination}: ${sentences}`, retryAfterMs }
  }
  const kind = error instanceof AppError ? CONSEQUENCES[error.code] : undefined
  if (!(error instanceof AppError) || kind === undefined) throw error
  return { kind, code: error.code, message: error.message }
}
