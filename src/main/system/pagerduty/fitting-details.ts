import type { Notice } from '../../notifications/channel-adapter.ts'
import { cut, oneLine } from '../../notifications/messages/text.ts'

/** Of the 512 KB that PagerDuty takes, what is left for details beside everything else. */
const MAX_BYTES = 480_000
const MAX_RULES = 20
const MAX_NAME = 200

interface Limits {
  description: number
  rca: number
  label: number
}

/** The description goes first; each of the others is cut only where that was not enough. */
const LIMITS: readonly Limits[] = [
  { description: 20_000, rca: 100_000, label: 4_096 },
  { description: 1_000, rca: 100_000, label: 4_096 },
  { description: 1_000, rca: 5_000, label: 4_096 },
  { description: 1_000, rca: 5_000, label: 500 },
  { description: 200, rca: 200, label: 50 },
]

export type Details = Record<string, unknown>

/** `custom_details` of an event, as long as they may be. What was cut is said in them. */
export function fittingDetails(notice: Notice): Details {
  let details: Details = {}
  for (const [index, limits] of LIMITS.entries()) {
    const made = detailsOf(notice, limits)
    details = index === 0 ? made : { ...made, truncated: 'Long texts were cut: PagerDuty takes 512 KB.' }
    if (Buffer.byteLength(JSON.stringify(details)) <= MAX_BYTES) break
  }
  return details
}

function detailsOf({ incidents, event, rules, workspace }: Notice, limits: Limits): Details {
  const [incident] = incidents
  const about = incident ?? event
  const rca = event.rca ?? incident?.rca ?? ''
  const labels = Object.entries(about.labels).map(([name, value]) => [name, cut(value, limits.label)])
  return {
    ...(about.description !== '' && { description: cut(about.description, limits.description) }),
    ...(labels.length > 0 && { labels: Object.fromEntries(labels) as Record<string, string> }),
    ...(rca !== '' && { root_cause: cut(rca, limits.rca) }),
    ...(about.service !== '' && { service: about.service }),
    ...(incident !== undefined && { incident: `#${incident.number}`, opened_at: incident.opened_at }),
    workspace,
    ...(rules.length > 0 && { rules: rules.slice(0, MAX_RULES).map((rule) => oneLine(rule, MAX_NAME)) }),
  }
}
