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
/** Of the program that an expression becomes: repeats in repeats multiply. */
const MOST_STEPS = 512
/** Steps times characters. RE2 needs so many at worst, about half a second's, on the thread that serves agents. */
const MOST_WORK = 256 * 1024

export interface CompiledMatcher {
  /** As a person writes it: `team="core"`. */
  text: string
  valueIn(event: MatchedEvent): string
  matches(value: string): boolean
}

/**
 * Expressions are RE2's, whose time grows with pattern times value and no faster; both are bounded. RE2 is loaded when the
 * first expression is compiled. Throws `invalid_input` that names the patterns which are none, or too large.
 */
export async function compileMatchers(matchers: readonly Matcher[]): Promise<CompiledMatcher[]> {
  const problems: ErrorDetail[] = []
  const compiled: CompiledMatcher[] = []
  for (const [index, matcher] of matchers.entries()) {
    try {
      compiled.push(await compile(matcher))
    } catch (error) {
      const path = `when.matchers.${index}.value`
      const message = `This is not a regular expression of RE2: ${messageOf(error)}.`
      problems.push({ path, message: error instanceof TooLarge ? error.message : message })
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
  const steps = expression.programSize()
  if (steps > MOST_STEPS) throw new TooLarge(steps)
  // What is longer than that is taken for what does not match.
  const matches = (found: string) => found.length * steps <= MOST_WORK && expression.testExact(found)
  return op === '=~' ? matches : (found) => !matches(found)
}

class TooLarge extends Error {
  constructor(steps: number) {
    super(
      `This expression is too large: it becomes ${steps} steps, and ${MOST_STEPS} are allowed. Repeats in repeats multiply, as in (a{1,30}){1,30}: repeat less, or use several matchers.`,
    )
  }
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
