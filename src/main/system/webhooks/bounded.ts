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
/** The first that makes it fit is taken; `LEAST` always does. */
const SHORTER: readonly Limits[] = [
  { text: 20_000, label: 1_000 },
  { text: 4_000, label: 200 },
]
const LEAST: Limits = { text: 500, label: 50 }

export type BoundedEvent = Omit<IncidentEvent, 'decisions'>

interface BoundedNotice {
  incidents: Incident[]
  event: BoundedEvent
  /** Long texts were cut. */
  isCut: boolean
}

/** What a notice tells of, in a size that is sent: long texts are cut, all alike, and nothing else. */
export function boundedNotice(notice: Notice): BoundedNotice {
  if (leastSize(notice, WHOLE) <= MAX_BYTES) {
    const whole = shortened(notice, WHOLE)
    if (sizeOf(whole) <= MAX_BYTES) return { ...whole, isCut: false }
  }
  const fits = SHORTER.find(
    (limits) => leastSize(notice, limits) <= MAX_BYTES && sizeOf(shortened(notice, limits)) <= MAX_BYTES,
  )
  return { ...shortened(notice, fits ?? LEAST), isCut: true }
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

/** It is no smaller than that: what is far too long is not written out to be measured. */
function leastSize({ incidents, event }: Notice, { text, label }: Limits): number {
  let size = 0
  for (const { description, rca, labels } of [...incidents, event]) {
    size += Math.min(description.length, text) + Math.min(rca?.length ?? 0, text)
    for (const value of Object.values(labels)) size += Math.min(value.length, label)
  }
  return size
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}
