import type { Incident, IncidentEvent } from '../../../shared/contract/incidents.ts'
import type { Notice } from '../../notifications/channel-adapter.ts'
import { cut } from '../../notifications/messages/text.ts'

/** Many receivers take no more. */
const MAX_BYTES = 512 * 1024

interface Limits {
  text: number
  label: number
}

const WHOLE: Limits = { text: Infinity, label: Infinity }
/** The first that makes it fit is taken; the last one always does. */
const SHORTER: readonly Limits[] = [
  { text: 20_000, label: 1_000 },
  { text: 4_000, label: 200 },
  { text: 500, label: 50 },
]

export type BoundedEvent = Omit<IncidentEvent, 'decisions'>

interface BoundedNotice {
  incidents: Incident[]
  event: BoundedEvent
  /** Long texts were cut. */
  isCut: boolean
}

/** What a notice tells of, in a size that is sent: long texts are cut, all alike, and nothing else. */
export function boundedNotice(notice: Notice): BoundedNotice {
  const whole = shortened(notice, WHOLE)
  if (sizeOf(whole) <= MAX_BYTES) return { ...whole, isCut: false }
  let last = whole
  for (const limits of SHORTER) {
    last = shortened(notice, limits)
    if (sizeOf(last) <= MAX_BYTES) break
  }
  return { ...last, isCut: true }
}

function shortened({ incidents, event: { decisions: _decisions, ...event } }: Notice, limits: Limits) {
  return { incidents: incidents.map((incident) => short(incident, limits)), event: short(event, limits) }
}

function short<Item extends Incident | BoundedEvent>(item: Item, { text, label }: Limits): Item {
  if (text === Infinity) return item
  const labels = Object.fromEntries(Object.entries(item.labels).map(([name, value]) => [name, cut(value, label)]))
  const rca = item.rca === null ? null : cut(item.rca, text)
  return { ...item, description: cut(item.description, text), rca, labels }
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}
