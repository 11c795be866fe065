import { createHash } from 'node:crypto'
import { z } from 'zod'

const Texts = z.record(z.string(), z.string())

/** One alert of `/api/v1/alerts`. Those that are `inactive` are not in it. */
export const PolledAlert = z.object({
  labels: Texts,
  annotations: Texts.catch({}),
  state: z.string(),
  /** When its condition began to hold; a firing one held it for the rule's `for` already. */
  activeAt: z.string().max(64).catch(''),
})
export type PolledAlert = z.output<typeof PolledAlert>

export const PolledAlerts = z.object({ alerts: z.array(PolledAlert) })

/** Of the labels alone, in whatever order they come. */
export function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 32)
}

/** The same for alerts that differ in their severity only: one thing that is bad, and then worse. */
export function groupOf({ labels }: Pick<PolledAlert, 'labels'>, severityLabel: string): string {
  return fingerprintOf(Object.fromEntries(Object.entries(labels).filter(([name]) => name !== severityLabel)))
}
