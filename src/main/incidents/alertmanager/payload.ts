import { z } from 'zod'

/** Go writes so many digits of a second as it has, and a time that is not known as the year 1. */
const Time = z.iso.datetime({ offset: true })
/** More than an Alertmanager could know: what is longer is no alert. */
const MOST_LABELS = 1_000
const Texts = z
  .record(z.string(), z.string())
  .refine((texts) => Object.keys(texts).length <= MOST_LABELS, `Use at most ${MOST_LABELS} of them.`)

const Alert = z.looseObject({
  status: z.enum(['firing', 'resolved'], { error: 'An alert is "firing" or "resolved".' }),
  labels: Texts,
  annotations: Texts.default({}),
  startsAt: Time,
  /** Of one that fires it says nothing. */
  endsAt: Time.optional(),
  generatorURL: z.string().default(''),
  /** Of the labels alone. */
  fingerprint: z.string().min(1).max(128),
})
export type Alert = z.output<typeof Alert>

/**
 * What an Alertmanager sends to a webhook (version 4). Whatever it says of the group is not read: its status is computed after
 * alerts were cut off, its key changes with the route, its common labels lack what differs.
 */
export const AlertmanagerPayload = z.looseObject({
  version: z.literal('4', { error: 'This receiver takes version 4 of the webhook payload.' }),
  alerts: z.array(Alert),
  groupKey: z.string().default(''),
  receiver: z.string().default(''),
  externalURL: z.string().default(''),
  truncatedAlerts: z.int().nonnegative().default(0),
})
export type AlertmanagerPayload = z.output<typeof AlertmanagerPayload>
