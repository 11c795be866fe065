import type { ErrorDetail } from '../../shared/contract/errors.ts'
import type { IncidentEvent } from '../../shared/contract/incidents.ts'
import type { Matcher } from '../../shared/contract/rules.ts'
import { messageOf } from '../base/message-of.ts'
import { refuse } from '../integrations/refuse.ts'

/** What a matcher can look at. */
export type MatchedEvent = Pick<
  IncidentEvent,
  'labels' | 'source' | 'service' | 'severity' | 'type' | 'status' | 'title'
>

const FIELDS = ['source', 'service', 'severity', 'type', 'status', 'title'] as const
const MOST_SHOWN = 60

export interface CompiledMatcher {
  /** As a person writes it: `team="core"`. */
  text: string
  valueIn(event: MatchedEvent): string
  matches(value: string): boolean
}

/**
 * Expressions are RE2's: no pattern and no value can make one take long (contract.md, rules). RE2 is loaded when the first
 * expression is compiled. Throws `invalid_input` that names the patterns which are none.
 */
export async function compileMatchers(matchers: readonly Matcher[]): Promise<CompiledMatcher[]> {
  const problems: ErrorDetail[] = []
  const compiled: CompiledMatcher[] = []
  for (const [index, matcher] of matchers.entries()) {
    try {
      compiled.push(await compile(matcher))
    } catch (error) {
      const path = `when.matchers.${index}.value`
      problems.push({ path, message: `This is not a regular expression of RE2: ${messageOf(error)}.` })
    }
  }
  refuse(problems)
  return compiled
}

/** The first that does not match, told as the reason. */
export function firstMiss(matchers: readonly CompiledMatcher[], event: MatchedEvent): string | undefined {
  for (const matcher of matchers) {
    const value = matcher.valueIn(event)
    if (!matcher.matches(value)) return `matcher ${matcher.text}: it is ${quoted(value)}`
  }
  return undefined
}

async function compile({ label, op, value }: Matcher): Promise<CompiledMatcher> {
  return {
    text: `${label}${op}${quoted(value)}`,
    valueIn: (event) => valueOf(event, label),
    matches: await comparison(op, value),
  }
}

async function comparison(op: Matcher['op'], value: string): Promise<CompiledMatcher['matches']> {
  if (op === '=') return (found) => found === value
  if (op === '!=') return (found) => found !== value
  const { RE2JS } = await import('re2js')
  const expression = RE2JS.compile(value, RE2JS.DOTALL)
  return op === '=~' ? (found) => expression.testExact(found) : (found) => !expression.testExact(found)
}

/** A label goes before the field of the same name: Prometheus' own `severity` is what its users mean. */
export function valueOf(event: MatchedEvent, label: string): string {
  if (Object.hasOwn(event.labels, label)) return event.labels[label] ?? ''
  const field = FIELDS.find((name) => name === label)
  return field === undefined ? '' : event[field]
}

function quoted(value: string): string {
  return JSON.stringify(value.length > MOST_SHOWN ? `${value.slice(0, MOST_SHOWN)}…` : value)
}
