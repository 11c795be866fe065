import '../../zod-jitless.ts'
import type { z } from 'zod'
import type { EventType, Severity } from '../../../shared/contract/incidents.ts'
import { type Matcher, NewRule, type Rule, type RuleChanges, type Weekday } from '../../../shared/contract/rules.ts'
import { detailsOfIssues } from '../connection/field-errors.ts'

export interface QuietRangeDraft {
  days: Weekday[]
  from: string
  to: string
}

/** A rule as it is being edited: what is switched off keeps what was entered. */
export interface RuleDraft {
  name: string
  enabled: boolean
  types: EventType[]
  min_severity: Severity
  matchers: Matcher[]
  channels: string[]
  /** Labels, as a person lists them. */
  by: string
  wait_s: number
  repeat_s: number
  isQuiet: boolean
  time_zone: string
  ranges: QuietRangeDraft[]
  except_severity: Severity | null
  muted_until: string | null
}

export const weekdays: readonly { id: Weekday; word: string }[] = [
  { id: 'mon', word: 'Mon' },
  { id: 'tue', word: 'Tue' },
  { id: 'wed', word: 'Wed' },
  { id: 'thu', word: 'Thu' },
  { id: 'fri', word: 'Fri' },
  { id: 'sat', word: 'Sat' },
  { id: 'sun', word: 'Sun' },
]

const nights = (): QuietRangeDraft => ({ days: weekdays.map(({ id }) => id), from: '22:00', to: '07:00' })

export function emptyRule(): RuleDraft {
  return {
    name: '',
    enabled: true,
    types: ['incident'],
    min_severity: 'info',
    matchers: [],
    channels: [],
    by: '',
    wait_s: 0,
    repeat_s: 0,
    isQuiet: false,
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ranges: [nights()],
    except_severity: 'critical',
    muted_until: null,
  }
}

export function draftOfRule(rule: Rule): RuleDraft {
  const { when, grouping, quiet } = rule
  const empty = emptyRule()
  return {
    name: rule.name,
    enabled: rule.enabled,
    types: [...when.types],
    min_severity: when.min_severity,
    matchers: when.matchers.map((matcher) => ({ ...matcher })),
    channels: [...rule.channels],
    by: grouping.by.join(', '),
    wait_s: grouping.wait_s,
    repeat_s: grouping.repeat_s,
    isQuiet: quiet !== null,
    time_zone: quiet?.time_zone ?? empty.time_zone,
    ranges: quiet ? quiet.ranges.map((range) => ({ ...range, days: [...range.days] })) : empty.ranges,
    except_severity: quiet ? quiet.except_severity : empty.except_severity,
    muted_until: rule.muted_until,
  }
}

/** What the API is given. */
export function ruleOfDraft(draft: RuleDraft): z.input<typeof NewRule> & RuleChanges {
  const labels = draft.by.split(',').map((label) => label.trim())
  return {
    name: draft.name.trim(),
    enabled: draft.enabled,
    when: { types: draft.types, min_severity: draft.min_severity, matchers: draft.matchers },
    channels: draft.channels,
    grouping: { by: labels.filter(Boolean), wait_s: draft.wait_s, repeat_s: draft.repeat_s },
    quiet: draft.isQuiet
      ? { time_zone: draft.time_zone.trim(), ranges: draft.ranges, except_severity: draft.except_severity }
      : null,
    muted_until: draft.muted_until,
  }
}

export type FieldErrors = Readonly<Record<string, string>>

/** What is wrong with it, by the API's own paths; of each the first. */
export function errorsOfRule(draft: RuleDraft): FieldErrors {
  const parsed = NewRule.safeParse(ruleOfDraft(draft))
  return parsed.success ? {} : firstByPath(detailsOfIssues(parsed.error.issues))
}

/** What can be tried of it: neither a name nor a condition that was only begun keeps it. Undefined: it has other faults. */
export function tryableOf(draft: RuleDraft): RuleDraft | undefined {
  const begun = { ...draft, matchers: draft.matchers.filter(({ label }) => label.trim() !== '') }
  const { name: _name, ...faults } = errorsOfRule(begun)
  return Object.keys(faults).length === 0 ? begun : undefined
}

export function firstByPath(details: readonly { path: string; message: string }[]): FieldErrors {
  const errors: Record<string, string> = {}
  for (const { path, message } of details) errors[path] ??= message
  return errors
}

/** The message of the first path that begins so, for a field that stands for several. */
export function errorUnder(errors: FieldErrors, path: string): string | undefined {
  const found = Object.keys(errors).find((each) => each === path || each.startsWith(`${path}.`))
  return found === undefined ? undefined : errors[found]
}
