import { members } from '../base/json-members.ts'
import { withFirstMember, withMember } from '../base/json-splice.ts'
import { CONNECTION_NEWS } from '../upstream/connection-news.ts'
import type { Era, LogLevel, ServerNotification } from '../upstream/upstream.ts'
import type { AnswerBytes } from './answer.ts'
import { isLoud } from './log-filter.ts'
import { gatewayTaskId, withTaskIds } from './task-ids.ts'

/** What one agent is to hear of one server. */
export interface Hearer {
  era: Era
  /** The endpoint that it speaks to; undefined: `/mcp`. */
  slug: string | undefined
  /** Whose words they are. */
  integration: string
  /** Log messages from this level on; 'all': whatever the server sends; undefined: none. */
  logLevel: LogLevel | 'all' | undefined
}

const LOG = 'notifications/message'
/** Of legacy revisions: a modern agent has no use for them. */
const LEGACY_ONLY: ReadonlySet<string> = new Set(['notifications/elicitation/complete', 'notifications/tasks/status'])
/** Of one hop. */
const NEVER: ReadonlySet<string> = new Set([
  ...CONNECTION_NEWS,
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
])

/** A server's notification as this agent gets it, a whole message in pieces; undefined: it is not for this one. */
export function messageFor(hearer: Hearer, { method, params, value }: ServerNotification): AnswerBytes | undefined {
  if (NEVER.has(method)) return undefined
  if (method === LOG) {
    const { logLevel } = hearer
    if (logLevel === undefined || (logLevel !== 'all' && !isLoud(value.level, logLevel))) return undefined
    return message(method, params && hearer.slug === undefined ? named(params, value, hearer.integration) : params)
  }
  if (LEGACY_ONLY.has(method)) {
    if (hearer.era === 'modern') return undefined
    const isMerged = params !== undefined && hearer.slug === undefined
    return message(
      method,
      isMerged ? withTaskIds(params, value, (id) => gatewayTaskId(hearer.integration, id)) : params,
    )
  }
  // What nobody knows can only be meant for who speaks to that server alone.
  return hearer.slug === undefined ? undefined : message(method, params)
}

function message(method: string, params: Buffer | undefined): AnswerBytes {
  const start = Buffer.from(`{"jsonrpc":"2.0","method":${JSON.stringify(method)}`)
  return params === undefined ? [start, END] : [start, PARAMS, params, END]
}

const PARAMS = Buffer.from(',"params":')
const END = Buffer.from('}')

/** On `/mcp` the loggers of several servers must not look like one. */
function named(params: Buffer, { logger }: ServerNotification['value'], integration: string): Buffer {
  if (typeof logger === 'string') return withMember(params, 'logger', JSON.stringify(`${integration}/${logger}`))
  const found = members(params)
  const own = JSON.stringify(integration)
  return found.has('logger')
    ? withMember(params, 'logger', own)
    : withFirstMember(params, 0, `"logger":${own}`, found.size > 0)
}
