import { z } from 'zod'

/** Looks in a row without any target that is up, until a cluster counts as disconnected. One scrape may fail. */
const LOOKS = 2
/** Names that are watched at a time. */
const MOST_CLUSTERS = 500

/** A value of the cluster label. */
export const WatchedCluster = z.object({
  state: z.enum(['connected', 'disconnected']),
  up: z.int(),
  targets: z.int(),
  /** Since when it is in this state, in milliseconds since 1970. */
  since: z.number(),
  /** Looks in a row at which nothing of it was up. */
  missed: z.int(),
})
export type WatchedCluster = z.infer<typeof WatchedCluster>
export type Clusters = ReadonlyMap<string, WatchedCluster>

export interface SeenClusters {
  /** Targets of each. */
  clusters: ReadonlyMap<string, { up: number; targets: number }>
  /** Some may be missing, or not be scraped yet: none is gone. */
  isPartial: boolean
  /** It is so soon after the last look that it is none of its own. */
  isSoon: boolean
  nowMs: number
}

export interface ClusterChange {
  name: string
  kind: 'disconnected' | 'reconnected'
  cluster: WatchedCluster
}

/** What became of clusters since the last look. `isOpen`: whether the incident of one that is disconnected still is. */
export function compareClusters(
  known: Clusters,
  seen: SeenClusters,
  isOpen: (name: string) => boolean,
): { clusters: Map<string, WatchedCluster>; changes: ClusterChange[] } {
  const clusters = new Map<string, WatchedCluster>()
  const changes: ClusterChange[] = []
  for (const name of new Set([...known.keys(), ...seen.clusters.keys()])) {
    const former = known.get(name)
    if (former === undefined && clusters.size >= MOST_CLUSTERS) continue
    const now = seen.clusters.get(name)
    // Somebody said that it is over, and it is not there: it was taken away on purpose.
    if (now === undefined && former?.state === 'disconnected' && !seen.isPartial && !isOpen(name)) continue
    const cluster = next(former, now, seen)
    clusters.set(name, cluster)
    if (cluster.state === (former?.state ?? 'connected')) continue
    changes.push({ name, cluster, kind: cluster.state === 'disconnected' ? 'disconnected' : 'reconnected' })
  }
  return { clusters, changes }
}

/** Whether one may be about to be disconnected: the next look should not be an hour away. */
export function isInDoubt(clusters: Clusters): boolean {
  return [...clusters.values()].some(({ state, missed }) => state === 'connected' && missed > 0)
}

function next(
  former: WatchedCluster | undefined,
  now: { up: number; targets: number } | undefined,
  { isPartial, isSoon, nowMs }: SeenClusters,
): WatchedCluster {
  const before = former ?? { state: 'connected', since: nowMs, up: 0, targets: 0, missed: 0 }
  if (now !== undefined && now.up > 0) {
    const since = before.state === 'connected' ? before.since : nowMs
    return { ...now, state: 'connected', since, missed: 0 }
  }
  if (isPartial && (now?.targets ?? 0) < before.targets) return before
  if (isSoon && former !== undefined) return before
  const { up, targets } = now ?? { up: 0, targets: before.targets }
  const missed = Math.min(before.missed + 1, LOOKS)
  const isLost = before.state === 'connected' && missed >= LOOKS
  return {
    up,
    targets,
    missed,
    state: isLost ? 'disconnected' : before.state,
    since: isLost ? nowMs : before.since,
  }
}
