import { CircleAlert, CircleCheck, CircleSlash, Clock, Hourglass, LoaderCircle, RotateCw } from 'lucide-react'
import type { Delivery, DeliveryState, NoticeAction } from '../../../shared/contract/deliveries.ts'
import type { StateLook } from '../../ui/state-badge.tsx'

/** How far a delivery is, as icon, word and colour. */
export const deliveryWords: Record<DeliveryState, StateLook> = {
  waiting: { word: 'Waiting', icon: Hourglass, ink: 'text-info' },
  pending: { word: 'Queued', icon: Clock, ink: 'text-info' },
  sending: { word: 'Sending', icon: LoaderCircle, ink: 'text-info' },
  retrying: { word: 'Retrying', icon: RotateCw, ink: 'text-warn' },
  delivered: { word: 'Delivered', icon: CircleCheck, ink: 'text-ok' },
  failed: { word: 'Failed', icon: CircleAlert, ink: 'text-err' },
  withdrawn: { word: 'Withdrawn', icon: CircleSlash, ink: 'text-muted' },
}

export const deliveryStates = Object.keys(deliveryWords) as DeliveryState[]

export const actionWords: Record<NoticeAction, string> = {
  open: 'Opened',
  severity: 'Severity changed',
  acknowledge: 'Acknowledged',
  resolve: 'Resolved',
  repeat: 'Reminder',
  rca: 'RCA report',
  notice: 'Notice',
  test: 'Test',
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })

/** "attempt 3, next 14:09": what is known beside the word itself. */
export function progressWords({ state, attempts, next_attempt_at }: Delivery): string {
  const at = next_attempt_at === null ? undefined : clock.format(Date.parse(next_attempt_at))
  if (state === 'waiting') return at === undefined ? '' : `until ${at}`
  if (state !== 'retrying') return ''
  return [`attempt ${attempts}`, ...(at === undefined ? [] : [`next ${at}`])].join(', ')
}

/** Everything about a delivery in one line, for a title. */
export function deliverySummary(delivery: Delivery): string {
  const { title, channel_name: channel, action, state, last_error: error } = delivery
  const why = error ? `: ${error.message}` : ''
  return `${actionWords[action]}: ${title}, to ${channel}, ${deliveryWords[state].word}${why}`
}

/** What can be sent again: it was given up, or it arrived. */
export function canResend({ state }: Pick<Delivery, 'state'>): boolean {
  return state === 'failed' || state === 'delivered' || state === 'withdrawn'
}
