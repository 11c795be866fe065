import { z } from 'zod'
import { ChannelKind, MessagePreview } from './channels.ts'
import { Severity } from './incidents.ts'
import { ById, operation, page, paging } from './operation.ts'
import { DELIVERY_STATES } from './words.ts'

/** What a notice tells. `open` may tell of several incidents that were grouped. */
export const NoticeAction = z.enum(['open', 'severity', 'acknowledge', 'resolve', 'repeat', 'rca', 'notice', 'test'])
export type NoticeAction = z.infer<typeof NoticeAction>

/**
 * `waiting`: for others of its group, or for the end of quiet hours. `pending`: it is next, or another goes first. `retrying`:
 * an attempt failed and there will be another. `failed`: given up; it can be sent again. `withdrawn`: there was nothing left
 * to tell when its time came.
 */
export const DeliveryState = z.enum(DELIVERY_STATES)
export type DeliveryState = z.infer<typeof DeliveryState>

export const Delivery = z.object({
  /** Sorts by time; the webhook id and, where a channel knows one, its key against duplicates. */
  id: z.string(),
  created_at: z.iso.datetime(),
  channel_id: z.string(),
  channel_name: z.string(),
  channel_kind: ChannelKind,
  action: NoticeAction,
  state: DeliveryState,
  title: z.string(),
  severity: Severity,
  /** The rules that wanted it; none for a test. */
  rules: z.array(z.object({ id: z.string(), name: z.string() })),
  incident_ids: z.array(z.string()),
  event_count: z.int().nonnegative(),
  /** Why it is in this state, for a person. */
  because: z.string(),
  attempts: z.int().nonnegative(),
  next_attempt_at: z.iso.datetime().nullable(),
  delivered_at: z.iso.datetime().nullable(),
  /** Of the last attempt. */
  latency_ms: z.number().nonnegative().nullable(),
  last_error: z.object({ code: z.string(), message: z.string() }).nullable(),
})
export type Delivery = z.infer<typeof Delivery>

/** What went over the wire, secrets masked, long texts cut. */
export const DeliveryAttempt = z.object({
  at: z.iso.datetime(),
  duration_ms: z.number().nonnegative(),
  request: z.object({
    method: z.string(),
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
  }),
  /** Null where none came. */
  answer: z.object({ status: z.string(), body: z.string() }).nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
})
export type DeliveryAttempt = z.infer<typeof DeliveryAttempt>

export const DeliveryDetail = Delivery.extend({
  preview: MessagePreview.nullable(),
  /** Newest last; of more than 20 the first and the last ones. */
  log: z.array(DeliveryAttempt),
})
export type DeliveryDetail = z.infer<typeof DeliveryDetail>

export const DeliveryCounts = z.object({
  waiting: z.int().nonnegative(),
  retrying: z.int().nonnegative(),
  failed: z.int().nonnegative(),
})
export type DeliveryCounts = z.infer<typeof DeliveryCounts>

export const DeliveryFilter = z.strictObject({
  channel: z.string().optional(),
  rule: z.string().optional(),
  incident: z.string().optional(),
  state: DeliveryState.optional(),
})
export type DeliveryFilter = z.infer<typeof DeliveryFilter>

export const deliveries = {
  list: operation
    .route({ method: 'GET', path: '/deliveries', summary: 'The delivery log, newest first' })
    .input(
      DeliveryFilter.extend({
        ...paging(500),
      }),
    )
    .output(page(Delivery).extend({ counts: DeliveryCounts })),
  get: operation
    .route({ method: 'GET', path: '/deliveries/{id}', summary: 'One delivery with its attempts' })
    .input(ById)
    .output(DeliveryDetail),
  resend: operation
    .route({
      method: 'POST',
      path: '/deliveries/{id}/resend',
      summary: 'Send again what was given up, or was delivered',
    })
    .input(ById)
    .output(Delivery),
}
