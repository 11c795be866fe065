import type { EventInput, EventOrigin } from '../../shared/contract/incidents.ts'

/** An event as a door took it, before anything is made of it. */
export interface Told {
  input: EventInput
  origin: EventOrigin
  /** Name of the agent, hook token or integration; null where the origin says all. */
  toldBy: string | null
  /**
   * Keys of an incident that this event goes on with, if its own key is new; from then on it has that one in their place. An
   * alert whose severity is one of its labels is another alert once that changes.
   */
  continues?: readonly string[]
  /** Of an event that somebody's deed was made of: the incident that it is about, whatever the key is. */
  incidentId?: string
}

/** What a person or an agent does to one incident; what each event of it says is known when the incident is. */
export interface Deed {
  incidentId: string
  origin: EventOrigin
  toldBy: string | null
  status?: 'acknowledged' | 'resolved' | undefined
  title?: string | undefined
  description?: string | undefined
  severity?: EventInput['severity'] | undefined
  rca?: string | undefined
  note?: string | undefined
}

/** Who it was, for a timeline. */
export function actorOf(origin: EventOrigin, toldBy: string | null): string {
  return origin === 'agent' || origin === 'hook' ? (toldBy ?? NAMES[origin]) : NAMES[origin]
}

const NAMES: Record<EventOrigin, string> = {
  console: 'an admin',
  api: 'an admin over the API',
  agent: 'an agent',
  hook: 'a hook',
  alertmanager: 'Alertmanager',
  prometheus: 'Prometheus',
  gateway: 'Gatehouse',
}
