import type { DoctorExchange, DoctorReport, DoctorStep, OAuthStatus } from '../../shared/contract/oauth.ts'
import type { TestResult } from '../../shared/contract/integrations.ts'
import { AppError } from '../base/app-error.ts'
import type { Redactor } from '../base/redact.ts'
import type { TokenSource } from '../upstream/token-source.ts'
import { DoctorRun, type Finding } from './doctor-run.ts'
import { reportOf } from './doctor-report.ts'
import type { OAuthProtocol } from './keeper-options.ts'
import { maskedExchange } from './masked-exchange.ts'
import { OAuthError } from './oauth-error.ts'
import type { OAuthExchange, OAuthFetch, OAuthFetchOptions } from './oauth-fetch.ts'
import type { OAuthTarget } from './oauth-target.ts'
import type { OAuthRecords } from './records.ts'

type FetchOptions = Pick<OAuthFetchOptions, 'signal' | 'onExchange' | 'staysWhereItIs'>

export interface DoctorOptions {
  /** The integration as people call it. */
  title: string
  target: OAuthTarget
  records: OAuthRecords
  redirectUri: string
  status: () => OAuthStatus
  /** What keeps the grant. It is asked for another token only where there is none that holds. */
  token: TokenSource
  fetch: (target: OAuthTarget, options: FetchOptions) => OAuthFetch
  protocol: Pick<OAuthProtocol, 'clientFor' | 'beginAuthorization' | 'clientCredentials'>
  /** The connection test of the integration: a connection of its own, with the token. */
  call: (signal: AbortSignal) => Promise<TestResult>
  redactor: Redactor
  signal: AbortSignal
  /** Milliseconds since 1970. Default: the clock of this machine. */
  now?: () => number
}

/**
 * Goes the whole way from a request without a token to one with it, and says what is right, what is not, and what to do.
 * Signs nobody in, registers nothing, and keeps nothing of what it gets. Each step is told twice: when it begins, and how
 * it ended. A failure does not end it: what can be checked without is checked. Rejects where it is aborted.
 */
export async function* diagnose(options: DoctorOptions): AsyncGenerator<DoctorStep, DoctorReport> {
  const { title, target, redactor, signal, now = Date.now } = options
  let exchanges: DoctorExchange[] = []
  const onExchange = (exchange: OAuthExchange) => {
    run.hear(exchange)
    exchanges.push(maskedExchange(exchange, redactor))
  }
  const run = new DoctorRun(options, (how) => options.fetch(target, { signal, onExchange, ...how }))
  const steps: DoctorStep[] = []
  for (const [step, work] of run.steps) {
    signal.throwIfAborted()
    yield { step, state: 'running', message: '', fix: null, exchanges: [], duration_ms: 0 }
    exchanges = []
    const startedAt = performance.now()
    const finding = await settled(work)
    signal.throwIfAborted()
    const told: DoctorStep = {
      step,
      state: finding.state,
      message: redactor.text(finding.message),
      fix: finding.fix === undefined ? null : redactor.text(finding.fix),
      exchanges,
      duration_ms: Math.round((performance.now() - startedAt) * 10) / 10,
    }
    steps.push(told)
    yield told
  }
  return reportOf(steps, { title, url: target.url, at: new Date(now()).toISOString() })
}

async function settled(work: () => Promise<Finding>): Promise<Finding> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof OAuthError) return { state: 'failed', message: error.message, fix: error.fix }
    if (error instanceof AppError) return { state: 'failed', message: error.message }
    throw error
  }
}
