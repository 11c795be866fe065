import { z } from 'zod'
import type { Incident } from '../../../shared/contract/incidents.ts'
import type { Notice, Reference } from '../../notifications/channel-adapter.ts'

/** The message that stands for an incident, as it is kept between notices. */
const Place = z.object({
  channel: z.string(),
  ts: z.string(),
  /** It stands for others as well. */
  shared: z.boolean(),
  /** The notice that was told there last, so that another attempt does not tell it again. */
  told: z.string(),
})
export type Place = z.output<typeof Place>

export interface Placed {
  place: Place
  incidents: Incident[]
}

/** What stands for itself, and is no word on something that was told before. */
const OPENING: ReadonlySet<Notice['action']> = new Set(['open', 'notice', 'test'])

/** Which incidents of a notice have a message in this channel already. Those that it has been told of are left out. */
export function sortedByPlace(
  { id, action, incidents }: Notice,
  references: ReadonlyMap<string, Reference>,
  channel: string,
): { placed: Placed[]; unplaced: Incident[] } {
  if (OPENING.has(action)) return { placed: [], unplaced: [...incidents] }
  const byTs = new Map<string, Placed>()
  const unplaced: Incident[] = []
  for (const incident of incidents) {
    const place = placeIn(references.get(incident.id), channel)
    if (place === undefined) unplaced.push(incident)
    else if (place.told !== id) {
      const same = byTs.get(place.ts)
      if (same === undefined) byTs.set(place.ts, { place, incidents: [incident] })
      else same.incidents.push(incident)
    }
  }
  return { placed: [...byTs.values()], unplaced }
}

/** Undefined: it was told elsewhere, before the channel was changed, or not at all. */
function placeIn(reference: Reference | undefined, channel: string): Place | undefined {
  const place = Place.safeParse(reference).data
  return place?.channel === channel ? place : undefined
}
