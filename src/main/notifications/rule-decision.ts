import type { Incident, Severity } from '../../shared/contract/incidents.ts'
import type { NewRule, Rule } from '../../shared/contract/rules.ts'
import { messageOf } from '../base/message-of.ts'
import { timeText } from './messages/text.ts'
import { compileMatchers, firstMiss, type CompiledMatcher, type MatchedEvent } from './matchers.ts'
import { QuietClock } from './quiet-hours.ts'
import { isAtLeast } from '../base/severity-order.ts'

/** A rule that is ready to decide. */
export interface CompiledRule {
  /** Its `problem` says why it can't decide, or not as it is meant. */
  rule: Rule
  matchers: readonly CompiledMatcher[]
  quiet: QuietClock | undefined
}

export interface Verdict {
  matched: boolean
  /** The condition that decided. */
  because: string
}

/** Throws `invalid_input` that names the matchers which can't be. */
export async function compileRule(rule: Rule): Promise<CompiledRule> {
  return {
    rule,
    matchers: await compileMatchers(rule.when.matchers),
    quiet: rule.quiet === null ? undefined : new QuietClock(rule.quiet),
  }
}

/**
 * One that is stored, and may be of a release that took more, or of a system that knew more time zones. No start fails for it,
 * and nothing that happens: with matchers that can't be read it matches nothing, with a time zone that is not known it sends
 * at once.
 */
export async function compileStored({ problem: _, ...rule }: Rule): Promise<CompiledRule> {
  try {
    return await compileRule(rule)
  } catch {
    const quietless = await compileRule({ ...rule, quiet: null }).catch((error: unknown) => messageOf(error))
    if (typeof quietless === 'string') return { rule: { ...rule, problem: quietless }, matchers: [], quiet: undefined }
    const zone = JSON.stringify(rule.quiet?.time_zone)
    const problem = `The time zone ${zone} is not known here, so it has no quiet hours.`
    return { ...quietless, rule: { ...rule, problem } }
  }
}

/** `incident`: what the event is about, whose severity counts where there is one. */
export function decide(
  { rule, matchers }: CompiledRule,
  event: MatchedEvent,
  incident: Pick<Incident, 'severity'> | null,
  nowMs: number,
): Verdict {
  const isUnreadable = matchers.length < rule.when.matchers.length
  if (isUnreadable) return { matched: false, because: `the rule can't be read: ${rule.problem ?? ''}` }
  const miss = firstUnmet(rule, event, incident, nowMs) ?? firstMiss(matchers, event)
  if (miss !== undefined) return { matched: false, because: miss }
  const { when } = rule
  const severity = incident?.severity ?? event.severity
  const parts = [
    `type ${event.type}`,
    when.min_severity === 'info' ? `severity ${severity}` : `severity ${severity} is at least ${when.min_severity}`,
    ...matchers.map(({ text }) => text),
  ]
  return { matched: true, because: parts.join(', ') }
}

function firstUnmet(
  { enabled, muted_until, when }: Pick<NewRule, 'enabled' | 'muted_until' | 'when'>,
  event: MatchedEvent,
  incident: Pick<Incident, 'severity'> | null,
  nowMs: number,
): string | undefined {
  if (!enabled) return 'the rule is turned off'
  if (isMuted(muted_until, nowMs)) return `the rule is muted until ${timeText(muted_until ?? '')}`
  if (!when.types.includes(event.type)) return `type ${event.type} is not among ${when.types.join(', ')}`
  const severity = incident?.severity ?? event.severity
  if (!isAtLeast(severity, when.min_severity)) return `severity ${severity} is below ${when.min_severity}`
  return undefined
}

/** When the quiet hours of a rule end that hold something of this severity; undefined: none does. */
export function quietUntil({ rule, quiet }: CompiledRule, severity: Severity, nowMs: number): number | undefined {
  const except = rule.quiet?.except_severity ?? null
  return except !== null && isAtLeast(severity, except) ? undefined : quiet?.until(nowMs)
}

/** Of the rules that wanted something those that still send to that channel. */
export function stillWanting(
  rules: readonly CompiledRule[],
  wanted: readonly Pick<Rule, 'id'>[],
  channelId: string,
): CompiledRule[] {
  return rules.filter(
    ({ rule }) => rule.enabled && rule.channels.includes(channelId) && wanted.some(({ id }) => id === rule.id),
  )
}

export function isMuted(mutedUntil: string | null, nowMs: number): boolean {
  return mutedUntil !== null && Date.parse(mutedUntil) > nowMs
}
