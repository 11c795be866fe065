import { EventInput, type EventGiven } from '../../../shared/contract/incidents.ts'
import { describeAlert } from '../../incidents/alertmanager/alert-text.ts'
import type { AlertChange, ToldAlert } from './alert-watch.ts'
import type { ClusterChange } from './cluster-watch.ts'
import { fingerprintOf } from './polled-alert.ts'

/** Prefix of the dedupe keys of clusters. */
export const CLUSTER_KEYS = 'prometheus-cluster:'
export const ENDPOINT_KEY = 'prometheus-endpoint'

const MOST_TITLE = 300
const MOST_NAME = 100
const MOST_LABEL = 4_096
const MOST_IN_KEY = 200
const MOST_REASON = 2_000

/** `isTargetDown`: an alert is not over because its target has no values any more. */
export function alertEvent({ kind, alert }: AlertChange, isTargetDown: boolean): EventInput {
  const { labels, annotations, severity, key } = alert
  const over = isTargetDown
    ? `No longer reported, since its target is down${labels.instance === undefined ? '' : ` (${labels.instance})`}.`
    : 'Prometheus does not report it any more.'
  // The same words, by the same labels, as where an Alertmanager tells of it.
  const described = describeAlert({ labels, annotations, generatorURL: '' }, '')
  const status = kind === 'resolved' ? 'resolved' : 'open'
  const whole = EventInput.safeParse({
    ...described,
    type: 'incident',
    status,
    severity,
    description: kind === 'resolved' ? over : described.description,
    source: labels.cluster === undefined && labels.source === undefined ? 'Prometheus' : described.source,
    dedupe_key: key,
    ...(kind === 'opened' && beginOf(alert)),
  } satisfies EventGiven)
  // One alert that is no event as it stands must not keep all others, of this look and the next ones, from being told.
  return whole.success
    ? whole.data
    : read({ status, severity, title: described.title, source: 'Prometheus', dedupe_key: key })
}

export function clusterKey(name: string): string {
  return `${CLUSTER_KEYS}${name.length > MOST_IN_KEY ? fingerprintOf({ name }) : name}`
}

export function clusterEvent({ name, kind, cluster }: ClusterChange, clusterLabel: string): EventInput {
  const isLost = kind === 'disconnected'
  const { up, targets } = cluster
  const lost = `None of its targets is up${targets === 0 ? '' : ` (there were ${targets})`}.`
  return read({
    type: isLost ? 'cluster_disconnected' : 'cluster_reconnected',
    status: isLost ? 'open' : 'resolved',
    severity: 'high',
    title: cut(isLost ? `Cluster ${name} is disconnected` : `Cluster ${name} is connected again`, MOST_TITLE),
    description: isLost ? lost : `${up} of ${targets} targets are up.`,
    source: cut(name, MOST_NAME),
    labels: { [clusterLabel]: cut(name, MOST_LABEL) },
    dedupe_key: clusterKey(name),
  })
}

/** `reason`: why the server can't be asked; undefined: it can again. */
export function endpointEvent(endpoint: string, reason: string | undefined): EventInput {
  const { host } = new URL(endpoint)
  const isLost = reason !== undefined
  return read({
    type: isLost ? 'cluster_disconnected' : 'cluster_reconnected',
    status: isLost ? 'open' : 'resolved',
    severity: 'high',
    title: cut(isLost ? `Prometheus at ${host} can not be asked` : `Prometheus at ${host} answers again`, MOST_TITLE),
    description: isLost ? `${cut(reason, MOST_REASON)} While that is so, alerts that end or begin are not seen.` : '',
    source: 'Prometheus',
    labels: { endpoint: host },
    dedupe_key: ENDPOINT_KEY,
  })
}

function beginOf({ active }: ToldAlert): Pick<EventGiven, 'occurred_at'> {
  const begin = Math.min(...Object.values(active).map((activeAt) => Date.parse(activeAt)))
  return Number.isFinite(begin) && begin > 0 ? { occurred_at: new Date(begin).toISOString() } : {}
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}

function read(given: EventGiven): EventInput {
  return EventInput.parse(given)
}
