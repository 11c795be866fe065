import { z } from 'zod'
import { HttpUrl } from './http-url.ts'
import { SEVERITIES } from './words.ts'

export const Severity = z.enum(SEVERITIES)
export type Severity = z.infer<typeof Severity>

export const IncidentStatus = z.enum(['open', 'acknowledged', 'resolved'])
export type IncidentStatus = z.infer<typeof IncidentStatus>

/**
 * `incident`, `cluster_disconnected` and `integration_state` open an incident, go on with it or resolve it, as their `status`
 * says; `cluster_reconnected` resolves one. `rca_completed` adds its report to one. `tool_definition_changed` is only told.
 */
export const EventType = z.enum([
  'incident',
  'rca_completed',
  'cluster_disconnected',
  'cluster_reconnected',
  'integration_state',
  'tool_definition_changed',
])
export type EventType = z.infer<typeof EventType>

/** Through which door an event came. */
export const EventOrigin = z.enum(['api', 'console', 'hook', 'alertmanager', 'prometheus', 'gateway', 'agent'])
export type EventOrigin = z.infer<typeof EventOrigin>

const MAX_LABELS = 64
/** The number is written when somebody is over it: the first that a process writes loads all of Intl, 25 ms of a start. */
const Text = (most: number) =>
  z.string().max(most, { error: () => `Use at most ${most.toLocaleString('en')} characters.` })

const Labels = z
  .record(z.string().min(1).max(128), Text(4096))
  .refine((labels) => Object.keys(labels).length <= MAX_LABELS, `Use at most ${MAX_LABELS} labels.`)

/** A link may be given as its address alone. */
const LinkInput = z.union([
  HttpUrl.transform((url) => ({ url, title: '' })),
  z.strictObject({ url: HttpUrl, title: Text(200).default('') }),
])
export const Link = z.object({ url: z.string(), title: z.string() })
export type Link = z.infer<typeof Link>

/** Something that happened, as it is told to Gatehouse. */
export const EventInput = z
  .strictObject({
    type: EventType.default('incident'),
    severity: Severity.default('medium'),
    status: IncidentStatus.default('open'),
    title: Text(300).trim().min(1, 'Say in one line what happened.'),
    description: Text(20_000).default(''),
    /** What told of it: the name of a monitor, a cluster, a program. */
    source: Text(100).default(''),
    /** What it happened to. */
    service: Text(100).default(''),
    labels: Labels.default({}),
    /** Events with the same key are about the same incident while that is not resolved. Left out: made of type, source, service, title and labels. */
    dedupe_key: Text(512).min(1).optional(),
    links: z.array(LinkInput).max(20).default([]),
    /** The report of what caused it, in Markdown; needed with `rca_completed`. */
    rca: Text(100_000).min(1).optional(),
    /** When it happened; left out: when it is received. */
    occurred_at: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ type, rca }) => type !== 'rca_completed' || rca !== undefined, {
    path: ['rca'],
    message: 'Give the report that was completed.',
  })
export type EventInput = z.output<typeof EventInput>
/** As it may be given: with everything left out that has a default. */
export type EventGiven = z.input<typeof EventInput>

/** What one rule made of one event, and why: also where nothing was sent. */
export const RuleDecision = z.object({
  rule_id: z.string(),
  rule_name: z.string(),
  matched: z.boolean(),
  /** The condition that decided, for a person: `severity medium is below high`, `matcher team="core": it is "web"`. */
  because: z.string(),
  channels: z.array(
    z.object({
      channel_id: z.string(),
      channel_name: z.string(),
      /** `queued`: a delivery was made, or joined one that waits. The others say why none was. */
      outcome: z.enum([
        'queued',
        'grouped',
        'quiet',
        'muted',
        'below_min_severity',
        'event_not_wanted',
        'repeat',
        'disabled',
      ]),
      because: z.string(),
      delivery_id: z.string().nullable(),
    }),
  ),
})
export type RuleDecision = z.infer<typeof RuleDecision>

export const IncidentEvent = z.object({
  /** Sorts by time of receipt. */
  id: z.string(),
  received_at: z.iso.datetime(),
  occurred_at: z.iso.datetime(),
  origin: EventOrigin,
  /** Name of the agent, hook token or integration that told of it; null where the origin says all. */
  told_by: z.string().nullable(),
  type: EventType,
  severity: Severity,
  status: IncidentStatus,
  title: z.string(),
  description: z.string(),
  source: z.string(),
  service: z.string(),
  labels: z.record(z.string(), z.string()),
  dedupe_key: z.string(),
  links: z.array(Link),
  rca: z.string().nullable(),
  /** Null for an event that concerns no incident. */
  incident_id: z.string().nullable(),
  decisions: z.array(RuleDecision),
})
export type IncidentEvent = z.infer<typeof IncidentEvent>

export const Incident = z.object({
  id: z.string(),
  /** Counts from 1 in each workspace: what people say to each other. */
  number: z.int().positive(),
  type: EventType.extract(['incident', 'cluster_disconnected', 'integration_state']),
  severity: Severity,
  /** The worst that it was. */
  highest_severity: Severity,
  status: IncidentStatus,
  title: z.string(),
  description: z.string(),
  source: z.string(),
  service: z.string(),
  labels: z.record(z.string(), z.string()),
  dedupe_key: z.string(),
  links: z.array(Link),
  /** Markdown. */
  rca: z.string().nullable(),
  opened_at: z.iso.datetime(),
  acknowledged_at: z.iso.datetime().nullable(),
  /** In words: `an admin`, an agent's name, or the source that said so. */
  acknowledged_by: z.string().nullable(),
  resolved_at: z.iso.datetime().nullable(),
  /** Null of one that is resolved: nobody says that it is over, it only is not watched or reported any more. */
  resolved_by: z.string().nullable(),
  updated_at: z.iso.datetime(),
  event_count: z.int().nonnegative(),
})
export type Incident = z.infer<typeof Incident>

export const TimelineEntry = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  kind: z.enum([
    'opened',
    'severity_changed',
    'updated',
    'repeated',
    'acknowledged',
    'resolved',
    'rca',
    'note',
    'delivered',
    'delivery_failed',
  ]),
  /** Who: an agent, a person, a source, a channel. */
  actor: z.string(),
  /** For a person, without the incident's title. */
  message: z.string(),
  event_id: z.string().nullable(),
  delivery_id: z.string().nullable(),
})
export type TimelineEntry = z.infer<typeof TimelineEntry>

/** Oldest entry first; of more than 500 the newest. */
export const IncidentDetail = Incident.extend({ timeline: z.array(TimelineEntry) })
export type IncidentDetail = z.infer<typeof IncidentDetail>

export const IncidentFilter = z.strictObject({
  /** Words that must all stand in title, description, source, service or labels, or a number (`#12`). The first ten count. */
  query: z.string().max(500).optional(),
  /** `active`: open or acknowledged. */
  status: z.enum(['open', 'acknowledged', 'resolved', 'active']).optional(),
  min_severity: Severity.optional(),
  type: Incident.shape.type.optional(),
  source: z.string().optional(),
  service: z.string().optional(),
  since: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
})
export type IncidentFilter = z.infer<typeof IncidentFilter>

export const IncidentChanges = z
  .strictObject({
    title: Text(300).trim().min(1),
    description: Text(20_000),
    severity: Severity,
    rca: Text(100_000).min(1),
    /** Added to the timeline. */
    note: Text(5_000).trim().min(1),
  })
  .partial()
export type IncidentChanges = z.infer<typeof IncidentChanges>

/** Of all incidents of the workspace. */
export const IncidentCounts = z.object({
  open: z.int().nonnegative(),
  acknowledged: z.int().nonnegative(),
  resolved: z.int().nonnegative(),
})
export type IncidentCounts = z.infer<typeof IncidentCounts>
