import { z } from 'zod'
import { MessagePreview } from './channels.ts'
import { EventType, IncidentEvent, RuleDecision, Severity } from './incidents.ts'
import { ById, operation, page } from './operation.ts'

/** `=~` and `!~` match the whole value, by RE2 syntax, as in Prometheus. */
export const Matcher = z.strictObject({
  /** A label of the event, or `source`, `service`, `severity`, `type`, `status` or `title`. One that is not there is empty. */
  label: z.string().min(1, 'Enter a label.').max(128),
  op: z.enum(['=', '!=', '=~', '!~']),
  value: z.string().max(1000),
})
export type Matcher = z.infer<typeof Matcher>

/** The rules that are one click away; of each a workspace has at most one. */
export const RulePreset = z.enum(['high_incidents', 'all_incidents', 'rca_completed', 'cluster_disconnected'])
export type RulePreset = z.infer<typeof RulePreset>

export const Weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])
export type Weekday = z.infer<typeof Weekday>

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'Use a time such as 22:00.')
/** `to` before `from`: until that time of the next day. */
const QuietRange = z.strictObject({
  days: z.array(Weekday).min(1, 'Choose a day.').max(7),
  from: TimeOfDay,
  to: TimeOfDay,
})

const isTimeZone = (name: string) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat
  } catch {
    return false
  }
}
/** In these hours openings wait; what is still open when they end is sent then, in one notice. Resolves of what was sent go at once. */
export const QuietHours = z.strictObject({
  time_zone: z.string().max(64).refine(isTimeZone, 'Use a time zone such as Europe/Berlin.'),
  ranges: z.array(QuietRange).min(1).max(20),
  /** From this severity on nothing is held back; null: everything is. */
  except_severity: Severity.nullable().default(null),
})
export type QuietHours = z.output<typeof QuietHours>

export const Grouping = z.strictObject({
  /** Labels whose values make a group; empty: all events of the rule. */
  by: z.array(z.string().min(1).max(128)).max(10).default([]),
  /** Seconds that an opening waits for others of its group. 0: it is sent at once. */
  wait_s: z.int().min(0).max(3600).default(0),
  /** Seconds after which an incident that is still open, and that nobody acknowledged, is told again. 0: never. */
  repeat_s: z
    .int()
    .min(0)
    .max(7 * 24 * 3600)
    .refine((value) => value === 0 || value >= 60, 'Use at least 60 seconds, or 0 for never.')
    .default(0),
})
export type Grouping = z.output<typeof Grouping>

export const RuleCondition = z.strictObject({
  types: z.array(EventType).min(1, 'Choose what it is about.').max(10),
  min_severity: Severity.default('info'),
  /** All of them have to match. */
  matchers: z.array(Matcher).max(20).default([]),
})
export type RuleCondition = z.output<typeof RuleCondition>

const fields = {
  name: z.string().trim().min(1, 'Enter a name.').max(80),
  enabled: z.boolean(),
  when: RuleCondition,
  /** Ids. */
  channels: z.array(z.string()).max(50),
  grouping: Grouping,
  quiet: QuietHours.nullable(),
  /** It sends nothing until then. Nothing new is made up for afterwards; acknowledgements and resolutions of what it told are sent then. */
  muted_until: z.iso.datetime().nullable(),
}

export const NewRule = z.strictObject({
  name: fields.name,
  enabled: fields.enabled.default(true),
  preset: RulePreset.nullable().default(null),
  when: fields.when,
  channels: fields.channels.default([]),
  grouping: fields.grouping.prefault({}),
  quiet: fields.quiet.default(null),
  muted_until: fields.muted_until.default(null),
})
export type NewRule = z.output<typeof NewRule>

export const RuleChanges = z.strictObject(fields).partial()
export type RuleChanges = z.output<typeof RuleChanges>

export const Rule = z.object({
  id: z.string(),
  ...fields,
  preset: RulePreset.nullable(),
  /** Why it matches nothing, or has no quiet hours, although it is stored: it came from another release or system. Left out: it works. */
  problem: z.string().optional(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
})
export type Rule = z.infer<typeof Rule>

/** What each preset means: its name and condition (product.md, Incidents and notification rules). */
export const presetRules = {
  high_incidents: { name: 'HIGH incidents only', when: { types: ['incident'], min_severity: 'high', matchers: [] } },
  all_incidents: { name: 'All incidents', when: { types: ['incident'], min_severity: 'info', matchers: [] } },
  rca_completed: {
    name: 'RCA report completion',
    when: { types: ['rca_completed'], min_severity: 'info', matchers: [] },
  },
  cluster_disconnected: {
    name: 'Cluster disconnection',
    when: { types: ['cluster_disconnected', 'cluster_reconnected'], min_severity: 'info', matchers: [] },
  },
} as const satisfies Record<RulePreset, { name: string; when: z.input<typeof RuleCondition> }>

/** One of the last events, as the drafted rule would have taken it. */
export const PreviewedEvent = z.object({
  event: IncidentEvent.omit({ decisions: true }),
  decision: RuleDecision,
  /** By channel id: when it would have been sent, and what. */
  messages: z.array(z.object({ channel_id: z.string(), at: z.iso.datetime(), preview: MessagePreview.nullable() })),
})
export type PreviewedEvent = z.infer<typeof PreviewedEvent>

export const rules = {
  list: operation.route({ method: 'GET', path: '/rules', summary: 'What is sent where' }).output(page(Rule)),
  create: operation
    .route({ method: 'POST', path: '/rules', successStatus: 201, summary: 'Add a rule' })
    .input(NewRule)
    .output(Rule),
  update: operation
    .route({ method: 'PATCH', path: '/rules/{id}', summary: 'Change a rule' })
    .input(RuleChanges.extend({ id: z.string() }))
    .output(Rule),
  remove: operation
    .route({ method: 'DELETE', path: '/rules/{id}', successStatus: 204, summary: 'Delete a rule' })
    .input(ById)
    .output(z.void()),
  test: operation
    .route({ method: 'POST', path: '/rules/{id}/test', summary: 'Send a test notice to each channel of a rule' })
    .input(ById)
    .output(
      z.object({
        results: z.array(
          z.object({ channel_id: z.string(), channel_name: z.string(), ok: z.boolean(), message: z.string() }),
        ),
      }),
    ),
  preview: operation
    .route({
      method: 'POST',
      path: '/rules/preview',
      summary:
        'Which of the last events a rule would have matched, and what its channels would have got; sends nothing',
    })
    .input(z.strictObject({ rule: NewRule, limit: z.int().min(1).max(100).default(100) }))
    .output(
      z.object({ examined: z.int().nonnegative(), matched: z.int().nonnegative(), items: z.array(PreviewedEvent) }),
    ),
}
