import type { EventInput } from '../../../shared/contract/incidents.ts'
import type { Told } from '../told.ts'
import { describeAlert, SEVERITY_LABELS } from './alert-text.ts'
import type { DownTargets } from './down-targets.ts'
import type { Alert, AlertmanagerPayload } from './payload.ts'

interface Context {
  workspace: string
  /** Name of the hook token. */
  toldBy: string
  down: DownTargets
  /** Keys of open incidents of an alert, by its fingerprint. */
  openKeys: ReadonlyMap<string, readonly string[]>
}

/** What an alert's keys begin with. */
export function keyPrefixOf(fingerprint: string): string {
  return `alertmanager:${fingerprint}:`
}

/**
 * The events of one payload. Each alert's own status counts. What fires comes first: an alert that only changed its severity is
 * one that fires and one that is resolved, and the incident of the second goes on with the first.
 */
export function eventsOf(payload: AlertmanagerPayload, context: Context): Told[] {
  const { alerts, externalURL } = payload
  context.down.learn(context.workspace, alerts)
  const resolved = alerts.filter(({ status }) => status === 'resolved')
  const firing = alerts.filter(({ status }) => status === 'firing')
  const byOtherLabels = new Map(resolved.map((alert) => [otherLabels(alert), alert]))
  const ended = new Set(resolved.map(keyOf))
  const told = (input: EventInput, continues: readonly string[] = []): Told => {
    return { input, origin: 'alertmanager', toldBy: context.toldBy, ...(continues.length > 0 && { continues }) }
  }
  return [
    ...firing.map((alert) => {
      const before = byOtherLabels.get(otherLabels(alert))
      const worse = before === undefined || before.fingerprint === alert.fingerprint ? [] : [keyOf(before)]
      // The same alert under an earlier start: its end was never told, since the Alertmanager was away or cut it off.
      const known = (context.openKeys.get(alert.fingerprint) ?? []).filter((key) => !ended.has(key))
      return told(firingEvent(alert, externalURL), [...worse, ...known])
    }),
    ...resolved.map((alert) => told(resolvedEvent(alert, externalURL, context))),
  ]
}

function firingEvent(alert: Alert, externalURL: string): EventInput {
  return {
    ...describeAlert(alert, externalURL),
    type: 'incident',
    status: 'open',
    dedupe_key: keyOf(alert),
    occurred_at: alert.startsAt,
  }
}

function resolvedEvent(alert: Alert, externalURL: string, { workspace, down }: Context): EventInput {
  const because = down.behind(workspace, alert)
  const words = `No longer reported: its target is down (${because ?? ''}). Nobody knows whether it is over.`
  return {
    ...describeAlert(alert, externalURL),
    type: 'incident',
    status: 'resolved',
    description: because === undefined ? '' : words,
    dedupe_key: keyOf(alert),
    ...(alert.endsAt !== undefined && { occurred_at: alert.endsAt }),
  }
}

/** A fingerprint alone would be the same when the alert fires again another day. */
function keyOf({ fingerprint, startsAt }: Alert): string {
  return `${keyPrefixOf(fingerprint)}${new Date(startsAt).toISOString()}`
}

/** The labels but for how bad it is, as one text. */
function otherLabels({ labels }: Alert): string {
  const isSeverity = (name: string) => SEVERITY_LABELS.some((label) => label === name)
  const others = Object.entries(labels).filter(([name]) => !isSeverity(name))
  return JSON.stringify(others.sort(([one], [other]) => (one < other ? -1 : 1)))
}
