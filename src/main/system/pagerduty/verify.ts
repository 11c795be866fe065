import { randomUUID } from 'node:crypto'
import type { SetupCheck } from '../../../shared/contract/setup.ts'
import { AppError } from '../../base/app-error.ts'
import { isObject } from '../../base/is-object.ts'
import type { SystemAccess, SystemAnswer } from '../system-adapter.ts'
import type { Enqueued } from './events-api.ts'
import { seenMessage } from './pagerduty-channel.ts'
import { pagerDutySeverity } from './severities.ts'
import { testEvent, type Looking } from './test-event.ts'

type Result = Pick<SetupCheck, 'state' | 'message'> & Partial<Pick<SetupCheck, 'fix' | 'field'>>

/** The token, where there is one, and then an event that is seen to arrive, where that can be seen. */
export async function* verifyPagerDuty(
  access: SystemAccess,
  signal: AbortSignal,
  looking: Looking = {},
): AsyncGenerator<SetupCheck> {
  const hasToken = access.secret('api_token') !== undefined
  if (hasToken) yield* check('token', 'REST API token', () => tokenResult(access, signal))
  const from = access.values.from_email
  if (hasToken && typeof from === 'string')
    yield* check('from', 'Author of notes', () => fromResult(access, from, signal))
  yield* check('event', 'Test event', () => eventResult(access, signal, looking))
}

async function* check(id: string, label: string, work: () => Promise<Result>): AsyncGenerator<SetupCheck> {
  const told = { id, label, fix: null, field: null }
  yield { ...told, state: 'running', message: '' }
  yield { ...told, ...(await work()) }
}

async function tokenResult(access: SystemAccess, signal: AbortSignal): Promise<Result> {
  const answer = await ask(access, '/abilities', [], signal)
  if ('state' in answer) return answer
  const field = 'credentials.api_token'
  if (answer.status === 200) return { state: 'ok', message: 'PagerDuty accepts the token.' }
  if (answer.status === 401) {
    return {
      state: 'failed',
      message: 'PagerDuty does not accept the token.',
      fix: 'Enter an API access key of this account and region.',
      field,
    }
  }
  const message = `PagerDuty answered ${answer.status} when it was asked what this account can do.`
  return { state: 'warning', message, fix: 'Check what the token may do.', field }
}

async function fromResult(access: SystemAccess, from: string, signal: AbortSignal): Promise<Result> {
  const answer = await ask(
    access,
    '/users',
    [
      ['query', from],
      ['limit', '10'],
    ],
    signal,
  )
  if ('state' in answer) return answer
  const { status, body } = answer
  const field = 'values.from_email'
  if (status !== 200) {
    const message = `PagerDuty answered ${status} when it was asked for the user ${from}.`
    return { state: 'warning', message, fix: 'Make sure that the address is that of a user.', field }
  }
  const users = isObject(body) && Array.isArray(body.users) ? (body.users as unknown[]) : []
  const isThere = users.some((user) => isObject(user) && String(user.email).toLowerCase() === from.toLowerCase())
  if (isThere) return { state: 'ok', message: `Notes are written as ${from}.` }
  return {
    state: 'warning',
    message: `PagerDuty knows no user with the address ${from}.`,
    fix: 'Enter the address of a user of this account.',
    field,
  }
}

async function eventResult(access: SystemAccess, signal: AbortSignal, looking: Looking): Promise<Result> {
  const field = 'credentials.integration_key'
  const routingKey = access.secret('integration_key')
  if (routingKey === undefined) {
    return { state: 'failed', message: 'There is no integration key.', fix: 'Enter the key of a service.', field }
  }
  const severity = pagerDutySeverity('info', access.values.severities)
  const event = { routingKey, dedupKey: `gatehouse-test-${randomUUID()}`, severity, url: null }
  const { outcome, seen } = await testEvent(access, event, signal, looking)
  if (outcome.kind !== 'delivered') return eventFailure(access, outcome)
  const message = seenMessage(seen)
  if (typeof seen === 'object') return { state: 'ok', message }
  const fix =
    seen === 'not_seen'
      ? 'Compare the key with the one on the Integrations tab of the service.'
      : 'Look in PagerDuty, or add a REST API token: then Gatehouse looks itself.'
  return { state: 'warning', message, fix, field }
}

function eventFailure(access: SystemAccess, outcome: Exclude<Enqueued, { kind: 'delivered' }>): Result {
  const { kind, message, field } = outcome
  const isPlace = kind === 'retry' || outcome.code === 'http_404'
  const place = access.values.region === 'own' ? 'values.events_url' : 'values.region'
  return {
    state: 'failed',
    message: access.redact(message),
    fix: isPlace ? 'Check the region and the connection to the internet.' : 'Check the integration key.',
    field: isPlace ? fieldOf(field, place) : 'credentials.integration_key',
  }
}

/** How PagerDuty is reached is named before where it is. */
function fieldOf(field: string | undefined, place: string): string {
  return field === 'values.ca' || field === 'values.proxy_url' ? field : place
}

async function ask(
  access: SystemAccess,
  path: string,
  query: readonly (readonly [string, string])[],
  signal: AbortSignal,
): Promise<SystemAnswer | Result> {
  try {
    return await access.request({ method: 'GET', path, query, timeoutMs: 15_000 }, signal)
  } catch (error) {
    if (!(error instanceof AppError) || signal.aborted) throw error
    const place = access.values.region === 'own' ? 'values.api_url' : 'values.region'
    return {
      state: 'failed',
      message: error.message,
      fix: 'Check the region and the connection to the internet.',
      field: fieldOf(error.details[0]?.path, place),
    }
  }
}
