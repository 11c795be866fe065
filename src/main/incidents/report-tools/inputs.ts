import { z } from 'zod'
import { EventInput, IncidentChanges, IncidentFilter, Severity } from '../../../shared/contract/incidents.ts'

const { labels, links, dedupe_key, service, source } = EventInput.shape
const { title, description, rca, note, severity } = IncidentChanges.shape
const MOST_LISTED = 50

/** An incident by its id, by its number as people say it, or by the key that it was reported with. */
const Reference = z
  .string()
  .min(1)
  .max(512)
  .describe('The incident: its id, its number such as "#12", or the dedupe_key it was reported with.')

export const ReportIncident = z.strictObject({
  title: title.unwrap().describe('In one line: what is wrong, and where.'),
  severity: Severity.default('medium').describe(
    'critical: users are stopped now. high: soon they will be. medium: it has to be looked at. low, info: worth knowing.',
  ),
  description: description.unwrap().default('').describe('What was seen: facts, times, numbers. Markdown.'),
  service: service.describe('What it happened to, for example "checkout".'),
  source: source.describe('What it was seen by. Left out: your own name.'),
  labels: labels.describe('Facts that rules match on, for example {"team": "payments", "cluster": "prod-1"}.'),
  links: links.describe('Addresses of dashboards, logs or runbooks.'),
  dedupe_key: dedupe_key.describe(
    'Reports with the same key are about the same incident while it is open. Left out: made of title, service, source and labels.',
  ),
})

export const UpdateIncident = z.strictObject({
  incident: Reference,
  status: z
    .enum(['acknowledged', 'resolved'])
    .optional()
    .describe('acknowledged: somebody is at it. resolved: it is over; if it happens again, report it anew.'),
  severity: severity.describe('When it turned out worse or better.'),
  title,
  description,
  note: note.describe('Added to the timeline: what was found or done.'),
})

export const ReportRca = z.strictObject({
  incident: Reference.optional(),
  title: title.describe('In one line; needed only where no incident is named.'),
  service: service.describe('What it happened to, where no incident is named.'),
  rca: rca.unwrap().describe('The report in Markdown: what happened, the root cause, the evidence, what prevents it.'),
})

export const ListIncidents = z.strictObject({
  query: IncidentFilter.shape.query.describe(
    'Up to ten words that all stand in title, description, service, source or labels.',
  ),
  status: IncidentFilter.shape.status.default('active').describe('active: open or acknowledged.'),
  min_severity: IncidentFilter.shape.min_severity,
  service: IncidentFilter.shape.service,
  limit: z.int().min(1).max(MOST_LISTED).default(20),
})
