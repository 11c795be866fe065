import { useState } from 'react'
import type { Delivery } from '../../../shared/contract/deliveries.ts'
import type { IncidentDetail, IncidentEvent } from '../../../shared/contract/incidents.ts'
import { useConsole, useDeliveries, useIncidents } from '../../stores/console.tsx'
import { useLoad } from '../../stores/use-load.ts'

/** In a storm the core tells of changes four times a second. */
const SETTLE_MS = 300
const MOST = 200

export interface LoadedIncident {
  detail: IncidentDetail
  /** By id, as far as they are known: with what each rule made of them. */
  events: ReadonlyMap<string, IncidentEvent>
  /** Newest first. */
  deliveries: readonly Delivery[]
}

/** One incident with what was told of it and to whom, loaded again when any of that changes. */
export function useIncident(id: string) {
  const { client } = useConsole()
  const [loaded, setLoaded] = useState<LoadedIncident>()
  const incidents = useIncidents((state) => state.revision)
  const deliveries = useDeliveries((state) => state.revision)
  const { problem, retry } = useLoad({
    version: `${id} ${incidents} ${deliveries}`,
    pauseMs: () => (loaded === undefined ? 0 : SETTLE_MS),
    load: async (signal): Promise<LoadedIncident> => {
      const [detail, events, sent] = await Promise.all([
        client.incidents.get({ id }, { signal }),
        client.events.list({ incident: id, limit: MOST }, { signal }),
        client.deliveries.list({ incident: id, limit: MOST }, { signal }),
      ])
      return { detail, events: new Map(events.items.map((event) => [event.id, event])), deliveries: sent.items }
    },
    keep: setLoaded,
  })
  return {
    loaded,
    problem,
    retry,
    /** The answer of a change, which is newer than what was loaded. */
    put: (detail: IncidentDetail) => setLoaded((before) => before && { ...before, detail }),
  }
}
