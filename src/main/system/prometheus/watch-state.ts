import { z } from 'zod'
import { ToldAlert } from './alert-watch.ts'
import { WatchedCluster } from './cluster-watch.ts'

const Stored = z.object({
  /** Endpoint and cluster label: of another one the clusters mean nothing. */
  scope: z.string(),
  /** Null: it was not known yet. */
  alerts: z.array(z.tuple([z.string(), ToldAlert])).nullable(),
  clusters: z.array(z.tuple([z.string(), WatchedCluster])),
  isEndpointLost: z.boolean(),
})

/** What was seen and told so far. It outlives this process. */
export interface WatchState {
  scope: string
  /** Undefined: it is not known; the open incidents say something of it. */
  alerts: Map<string, ToldAlert> | undefined
  clusters: Map<string, WatchedCluster>
  isEndpointLost: boolean
}

/**
 * As it was stored. Of another scope there are no clusters. What was lost is made of the keys of open incidents: a cluster
 * that is disconnected and an endpoint that can't be asked are known by them.
 */
export function restoredState(
  stored: unknown,
  scope: string,
  open: { clusters: readonly string[]; endpoint: boolean; nowMs: number },
): WatchState {
  const parsed = Stored.safeParse(stored)
  const { data } = parsed
  const lost = { state: 'disconnected', up: 0, targets: 0, missed: 0, since: open.nowMs } as const
  const clusters = new Map<string, WatchedCluster>(data?.scope === scope ? data.clusters : [])
  for (const name of open.clusters) if (!clusters.has(name)) clusters.set(name, lost)
  const alerts = data?.alerts ?? undefined
  return {
    scope,
    alerts: alerts === undefined ? undefined : new Map(alerts),
    clusters,
    isEndpointLost: open.endpoint || data?.isEndpointLost === true,
  }
}

export function storedState({ scope, alerts, clusters, isEndpointLost }: WatchState): z.infer<typeof Stored> {
  return { scope, alerts: alerts === undefined ? null : [...alerts], clusters: [...clusters], isEndpointLost }
}
