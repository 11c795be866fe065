import type { Incident, IncidentEvent, TimelineEntry } from '../../shared/contract/incidents.ts'
import { worse } from '../base/severity-order.ts'
import type { Change } from './happening.ts'
import { isUnknownEnd } from './unknown-end.ts'

/** What an event does to the incident of its key. */
export interface Merged {
  change: Change
  /** As it is afterwards; null: the event concerns none. */
  incident: Incident | null
  /** What stands in the timeline from now on. */
  entries: Pick<TimelineEntry, 'kind' | 'message'>[]
  /** Why nothing is told of it, where that has another reason than the rules. */
  ignored?: string
}

interface Occasion {
  event: IncidentEvent
  /** Who told of it. */
  actor: string
  /** Somebody changes the incident itself, so what is empty is meant so. Else it only was not said again. */
  edits: boolean
  /** Of an incident that this event opens. */
  opens: () => Pick<Incident, 'id' | 'number'>
}

type Kind = 'open' | 'acknowledge' | 'resolve' | 'rca' | 'notice'

const MOST_WORDS = 5_000

/**
 * The whole of what events mean for incidents. Pure: `known` is what the key or the event names, and is never changed. An
 * incident that is resolved is only ever known for its report.
 */
export function merge(occasion: Occasion, known: Incident | undefined): Merged {
  const kind = kindOf(occasion.event)
  if (kind === 'notice' || (kind === 'rca' && known === undefined)) {
    return { change: 'notice', incident: null, entries: [] }
  }
  if (known === undefined) {
    if (kind === 'open') return open(occasion)
    const ignored = 'No incident with this key is open: there is nothing to go on with, so no rule was asked.'
    return { change: 'repeated', incident: null, entries: [], ignored }
  }
  const told = { ...known, updated_at: occasion.event.received_at, event_count: known.event_count + 1 }
  if (kind === 'open') return goOn(occasion, told)
  if (kind === 'acknowledge') return acknowledge(occasion, told)
  if (kind === 'rca') return rca(occasion, told)
  return resolve(occasion, told)
}

function kindOf({ type, status }: IncidentEvent): Kind {
  if (type === 'tool_definition_changed') return 'notice'
  if (type === 'rca_completed') return 'rca'
  if (type === 'cluster_reconnected' || status === 'resolved') return 'resolve'
  return status === 'acknowledged' ? 'acknowledge' : 'open'
}

function open({ event, opens }: Occasion): Merged {
  const { type, severity, title, description, source, service, labels, dedupe_key, links, rca: report } = event
  const incident: Incident = {
    ...opens(),
    // The other types never open one.
    type: type as Incident['type'],
    severity,
    highest_severity: severity,
    status: 'open',
    title,
    description,
    source,
    service,
    labels,
    dedupe_key,
    links,
    rca: report,
    opened_at: earlier(event.occurred_at, event.received_at),
    acknowledged_at: null,
    acknowledged_by: null,
    resolved_at: null,
    resolved_by: null,
    updated_at: event.received_at,
    event_count: 1,
  }
  const entries: Merged['entries'] = [{ kind: 'opened', message: `Opened with severity ${severity}.` }]
  if (report !== null) entries.push(rcaEntry(null))
  return { change: 'opened', incident, entries }
}

/** It is told again, perhaps in other words. One that somebody is at stays acknowledged, also when it gets worse. */
function goOn({ event, edits }: Occasion, known: Incident): Merged {
  const said = { title: event.title, ...(edits ? detailsOf(event) : saidDetails(event, known)) }
  const entries: Merged['entries'] = []
  if (event.severity !== known.severity) {
    entries.push({ kind: 'severity_changed', message: `Severity changed from ${known.severity} to ${event.severity}.` })
  }
  const changed = (Object.keys(said) as (keyof typeof said)[]).filter((field) => !isSame(said[field], known[field]))
  const severityLabel = isOnlySeverityLabel(known.labels, said.labels)
  const told = changed.filter((field) => field !== 'labels' || !severityLabel)
  if (told.length > 0) entries.push({ kind: 'updated', message: `Changed: ${told.join(', ')}.` })
  const hasNewReport = event.rca !== null && event.rca !== known.rca
  if (hasNewReport) entries.push(rcaEntry(known.rca))
  const incident = {
    ...known,
    ...said,
    severity: event.severity,
    highest_severity: worse(event.severity, known.highest_severity),
    rca: event.rca ?? known.rca,
  }
  const change =
    event.severity !== known.severity ? 'severity' : hasNewReport ? 'rca' : changed.length > 0 ? 'updated' : 'repeated'
  return { change, incident, entries }
}

function detailsOf({ description, service, source, labels, links }: IncidentEvent | Incident) {
  return { description, service, source, labels, links }
}

/** Programs that say an incident again often give its key and a title, and nothing else. */
function saidDetails(event: IncidentEvent, known: Incident): ReturnType<typeof detailsOf> {
  return {
    description: event.description || known.description,
    service: event.service || known.service,
    source: event.source || known.source,
    labels: Object.keys(event.labels).length === 0 ? known.labels : event.labels,
    links: event.links.length === 0 ? known.links : event.links,
  }
}

function acknowledge({ event, actor }: Occasion, known: Incident): Merged {
  const words = wordsOn(event, known)
  if (known.status === 'acknowledged') {
    return { change: 'repeated', incident: known, entries: words === '' ? [] : [{ kind: 'note', message: words }] }
  }
  const at = later(known.opened_at, earlier(event.occurred_at, event.received_at))
  const incident: Incident = { ...known, status: 'acknowledged', acknowledged_at: at, acknowledged_by: actor }
  return { change: 'acknowledged', incident, entries: [{ kind: 'acknowledged', message: said('Acknowledged', words) }] }
}

function resolve({ event, actor }: Occasion, known: Incident): Merged {
  const at = later(known.opened_at, earlier(event.occurred_at, event.received_at))
  const isUnknown = isUnknownEnd(event)
  const incident: Incident = { ...known, status: 'resolved', resolved_at: at, resolved_by: isUnknown ? null : actor }
  const words = wordsOn(event, known)
  const message = isUnknown && words !== '' ? words : said('Resolved', words)
  return { change: 'resolved', incident, entries: [{ kind: 'resolved', message }] }
}

function rca({ event }: Occasion, known: Incident): Merged {
  if (event.rca === null || event.rca === known.rca) return { change: 'repeated', incident: known, entries: [] }
  return { change: 'rca', incident: { ...known, rca: event.rca }, entries: [rcaEntry(known.rca)] }
}

function rcaEntry(before: string | null): Merged['entries'][number] {
  return { kind: 'rca', message: before === null ? 'The report of the cause was added.' : 'The report was replaced.' }
}

/** What an event has to say on the step that it takes. What only describes the incident once more is not that. */
function wordsOn({ description }: IncidentEvent, known: Incident): string {
  const words = description.trim()
  return words === known.description.trim() ? '' : words.slice(0, MOST_WORDS)
}

function said(step: string, words: string): string {
  return words === '' ? `${step}.` : `${step}: ${words}`
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || stable(one) === stable(other)
}

/** The order of labels means nothing. */
function stable(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value)
  return JSON.stringify(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
}

/** The change of severity itself says that already. */
function isOnlySeverityLabel(before: Incident['labels'], after: Incident['labels']): boolean {
  const without = ({ severity: _, ...labels }: Incident['labels']) => stable(labels)
  return before.severity !== after.severity && without(before) === without(after)
}

/** Times are ISO 8601 in UTC with milliseconds, so their order is that of the texts. */
function earlier(one: string, other: string): string {
  return one < other ? one : other
}

function later(one: string, other: string): string {
  return one > other ? one : other
}
