import { EventInput } from '../../../shared/contract/incidents.ts'
import type { SystemAccess } from '../system-adapter.ts'
import { CLUSTER_KEYS, ENDPOINT_KEY } from './alert-events.ts'
import { ALERT_KEYS } from './alert-watch.ts'
import { settingsOf } from './prometheus-settings.ts'

interface UnwatchedOptions {
  /** As it is now. Undefined: it is not set up. */
  setup: { access: SystemAccess; isActive: boolean } | undefined
  openKeys: (prefix: string) => Promise<string[]>
  report: (events: EventInput[]) => Promise<void>
  /** What was seen so far: what is still so when it is watched again is told again. */
  forgetSeen: () => Promise<void>
}

const UNKNOWN = 'Whether it is over is not known.'

/**
 * Ends the incidents that nobody looks after any more: they would stay open for ever. That they are over is not known, and
 * not said. What was seen is forgotten first: after a crash in between the open ones are found again.
 */
export async function endUnwatched({ setup, openKeys, report, forgetSeen }: UnwatchedOptions): Promise<void> {
  const found = unwatched(setup)
  if (found === undefined) return
  const keys = (await Promise.all(found.prefixes.map(openKeys))).flat()
  if (keys.length === 0) return
  await forgetSeen()
  await report([...new Set(keys)].map((key) => endOf(key, `No longer watched: ${found.why} ${UNKNOWN}`)))
}

/** Prefixes of keys, and why nobody looks after these incidents; undefined: all of them are watched. */
function unwatched(setup: UnwatchedOptions['setup']): { prefixes: string[]; why: string } | undefined {
  const prefixes = [ALERT_KEYS, CLUSTER_KEYS, ENDPOINT_KEY]
  if (setup === undefined) return { prefixes, why: 'Prometheus is not set up in this workspace any more.' }
  if (!setup.isActive) return { prefixes, why: 'Prometheus is disabled in this workspace.' }
  if (settingsOf(setup.access).alertsToIncidents) return undefined
  return { prefixes: [ALERT_KEYS], why: 'alerts of Prometheus do not become incidents any more.' }
}

/** None of `cluster_reconnected`, which would be good news. */
function endOf(key: string, description: string): EventInput {
  return EventInput.parse({
    type: 'incident',
    status: 'resolved',
    title: 'No longer watched',
    description,
    source: 'Prometheus',
    dedupe_key: key,
  })
}
