import { hasNoUserInfo, HttpUrl } from '../../../shared/contract/http-url.ts'
import type { EventInput, Link, Severity } from '../../../shared/contract/incidents.ts'
import type { Alert } from './payload.ts'

/** The words that rules are written with. */
const SEVERITY_WORDS: Record<Severity, readonly string[]> = {
  critical: ['critical', 'crit', 'fatal', 'emergency', 'emerg', 'disaster', 'page', 'p1', 'sev1', 'sev-1'],
  high: ['high', 'error', 'err', 'major', 'severe', 'p2', 'sev2', 'sev-2'],
  medium: ['medium', 'warning', 'warn', 'moderate', 'average', 'p3', 'sev3', 'sev-3'],
  low: ['low', 'minor', 'p4', 'sev4', 'sev-4'],
  info: ['info', 'information', 'informational', 'none', 'notice', 'debug', 'ok', 'p5', 'sev5', 'sev-5'],
}
const SEVERITY_OF = new Map(
  Object.entries(SEVERITY_WORDS).flatMap(([severity, words]) => words.map((word) => [word, severity as Severity])),
)
/** Labels that say how bad it is, the best known first. */
export const SEVERITY_LABELS = ['severity', 'priority', 'level'] as const

/** Labels that say what it happened to, the most exact first. */
const SERVICE_LABELS = ['service', 'app', 'app_kubernetes_io_name', 'application', 'job', 'namespace']
/** Labels that say where it was seen. */
const SOURCE_LABELS = ['cluster', 'source']

/** All at their most, in three bytes a character, still fit into an event. */
const MOST = { title: 300, description: 10_000, name: 100, labels: 64, key: 128, value: 800, address: 2_048 }
/** Controls and halves of characters: they would take six bytes each, and mean nothing. */
const MEANINGLESS = /[^\P{Cc}\t\n]|\p{Cs}/gu

/** Without a word that is known it is of medium severity: neither lost nor an alarm. */
export function severityOf(labels: Alert['labels']): Severity {
  for (const label of SEVERITY_LABELS) {
    const severity = SEVERITY_OF.get((labels[label] ?? '').trim().toLowerCase())
    if (severity !== undefined) return severity
  }
  return 'medium'
}

/** What is said of an alert, cut to what an event may hold: a monitor can't mend what it sends. */
export function describeAlert(
  { labels, annotations, generatorURL }: Pick<Alert, 'labels' | 'annotations' | 'generatorURL'>,
  alertmanager: string,
) {
  const titles = [annotations.summary, annotations.title, labels.alertname].map((text = '') => oneLine(text))
  return {
    severity: severityOf(labels),
    title: cut(titles.find((text) => text !== '') ?? 'Alert without a name', MOST.title),
    description: cut(annotations.description ?? annotations.message ?? '', MOST.description),
    source: cut(firstOf(labels, SOURCE_LABELS) ?? 'Alertmanager', MOST.name),
    service: cut(firstOf(labels, SERVICE_LABELS) ?? '', MOST.name),
    labels: cutLabels(labels),
    links: [
      ...link(annotations.runbook_url ?? annotations.runbook, 'Runbook'),
      ...link(annotations.dashboard_url ?? annotations.dashboard, 'Dashboard'),
      ...link(generatorURL, 'Query'),
      ...link(alertmanager, 'Alertmanager'),
    ],
  } satisfies Partial<EventInput>
}

function firstOf(labels: Alert['labels'], names: readonly string[]): string | undefined {
  return names.map((name) => labels[name]).find((value) => value !== undefined && value !== '')
}

function cutLabels(labels: Alert['labels']): EventInput['labels'] {
  const fitting = Object.entries(labels).filter(([key]) => key !== '' && key.length <= MOST.key)
  const cutToFit = fitting.slice(0, MOST.labels).map(([key, value]) => [cut(key, MOST.key), cut(value, MOST.value)])
  return Object.fromEntries(cutToFit) as EventInput['labels']
}

/** What is no address is left out. One that is too long is not even read: every alert of a payload brings the same. */
function link(url: string | undefined, title: string): Link[] {
  if (url === undefined || url.length > MOST.address || /\p{Cs}/u.test(url)) return []
  // The refusal of a schema costs a hundred times what these do.
  const isLikely = /^https?:/i.test(url) && hasNoUserInfo(url) && URL.canParse(url)
  return isLikely && HttpUrl.safeParse(url).success ? [{ url, title }] : []
}

function oneLine(text: string): string {
  return text.replace(MEANINGLESS, ' ').replace(/\s+/g, ' ').trim()
}

function cut(raw: string, most: number): string {
  const text = raw.length <= most ? raw : `${raw.slice(0, most - 1)}…`
  return text.replace(MEANINGLESS, ' ')
}
