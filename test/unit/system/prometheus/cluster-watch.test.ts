import { describe, expect, it } from 'vitest'
import { compareClusters, isInDoubt, type Clusters } from '../../../../src/main/system/prometheus/cluster-watch.ts'

type Targets = Record<string, { up: number; targets: number }>

function look(
  known: Clusters,
  targets: Targets,
  more: { isPartial?: boolean; isSoon?: boolean; open?: string[] } = {},
) {
  const { isPartial = false, isSoon = false, open = [] } = more
  const seen = { clusters: new Map(Object.entries(targets)), isPartial, isSoon, nowMs: 1_000 }
  return compareClusters(known, seen, (name) => open.includes(name))
}

const up = { up: 2, targets: 2 }
const down = { up: 0, targets: 2 }
const known = look(new Map(), { eu: up, us: up }).clusters

describe('a cluster', () => {
  it('is disconnected when none of its targets is up, at two looks', () => {
    const first = look(known, { eu: down, us: up })
    expect(first.changes).toEqual([])
    expect(isInDoubt(first.clusters)).toBe(true)
    const second = look(first.clusters, { eu: down, us: up })
    expect(second.changes).toMatchObject([{ name: 'eu', kind: 'disconnected' }])
    expect(isInDoubt(second.clusters)).toBe(false)
    expect(look(second.clusters, { eu: down, us: up }).changes).toEqual([])
  })

  it('is disconnected when it is gone at two looks', () => {
    const first = look(known, { us: up })
    expect(look(first.clusters, { us: up }).changes).toMatchObject([
      { name: 'eu', kind: 'disconnected', cluster: { targets: 2 } },
    ])
  })

  it('comes back', () => {
    const gone = look(look(known, { us: up }).clusters, { us: up }).clusters
    const back = look(gone, { eu: { up: 1, targets: 2 }, us: up }, { open: ['eu'] })
    expect(back.changes).toMatchObject([{ name: 'eu', kind: 'reconnected', cluster: { up: 1 } }])
  })

  it('that fails once and not again is connected', () => {
    const once = look(known, { eu: down, us: up }).clusters
    const well = look(once, { eu: up, us: up }).clusters
    expect(look(well, { eu: down, us: up }).changes).toEqual([])
  })

  it('is not gone in an answer that is not complete', () => {
    let clusters: Clusters = known
    for (let times = 0; times < 3; times++) {
      const next = look(clusters, { us: up }, { isPartial: true })
      expect(next.changes).toEqual([])
      clusters = next.clusters
    }
  })

  it('that is seen twice in a moment is seen once', () => {
    const once = look(known, { eu: down, us: up }).clusters
    expect(look(once, { eu: down, us: up }, { isSoon: true }).changes).toEqual([])
  })

  it('that is gone is forgotten when somebody said that it is over', () => {
    const gone = look(look(known, { us: up }).clusters, { us: up }).clusters
    expect(look(gone, { us: up }, { open: ['eu'] }).clusters.has('eu')).toBe(true)
    expect(look(gone, { us: up }).clusters.has('eu')).toBe(false)
  })

  it('that was never up is disconnected as well', () => {
    const first = look(new Map(), { eu: down })
    expect(look(first.clusters, { eu: down }).changes).toMatchObject([{ name: 'eu', kind: 'disconnected' }])
  })
})
