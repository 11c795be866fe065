import type { Incident } from '../../../src/shared/contract/incidents.ts'
import type { SetupCheck, SetupResult } from '../../../src/shared/contract/setup.ts'
import type { Client } from '../../helpers/start-app.ts'
import { until } from './processes.ts'

/** Connects Prometheus as the console does; what the checks said. */
export async function connect(
  client: Client,
  values: Record<string, string | number | boolean | Record<string, string>>,
  credentials: Record<string, string> = {},
): Promise<SetupResult> {
  const given = { scrape_interval: 5, ...values }
  const checks = await client.setup.apply({ name: 'prometheus', way: 'endpoint', values: given, credentials })
  return await resultOf(checks)
}

export async function verify(client: Client): Promise<SetupResult> {
  return await resultOf(await client.setup.verify({ name: 'prometheus' }))
}

async function resultOf(checks: AsyncIterator<SetupCheck, SetupResult>): Promise<SetupResult> {
  for (;;) {
    const next = await checks.next()
    if (next.done === true) return next.value
  }
}

/** Polls until an incident is as wanted. */
export async function incident(
  client: Client,
  what: string,
  wanted: (incident: Incident) => boolean,
): Promise<Incident> {
  return await until(what, async () => {
    await client.prometheus.poll()
    return (await client.incidents.list({ limit: 100 })).items.find(wanted)
  })
}

export const titled = (title: string | RegExp, status: Incident['status']) => (found: Incident) =>
  found.status === status && (typeof title === 'string' ? found.title === title : title.test(found.title))
