import { describe, expect, it } from 'vitest'
import {
  compareAlerts,
  isOlder,
  MOST_ALERTS,
  recalledAlerts,
  type SeenAlerts,
  type ToldAlerts,
} from '../../../../src/main/system/prometheus/alert-watch.ts'
import { fingerprintOf, type PolledAlert } from '../../../../src/main/system/prometheus/polled-alert.ts'
import { settingsOf } from '../../../../src/main/system/prometheus/prometheus-settings.ts'

const settings = settingsOf({ values: {} })
const nobody: ToldAlerts = new Map()
const at = (minute: number) => `2026-03-01T10:${String(minute).padStart(2, '0')}:00.123456789Z`
const ms = (minute: number) => Date.parse(`2026-03-01T10:${String(minute).padStart(2, '0')}:00Z`)

function alert(minute: number, labels: Record<string, string> = {}, more: Partial<PolledAlert> = {}): PolledAlert {
  return {
    labels: { alertname: 'HighErrorRate', instance: 'a:80', severity: 'warning', ...labels },
    annotations: { summary: 'Too many errors' },
    state: 'firing',
    activeAt: at(minute),
    ...more,
  }
}

/** What is seen at a minute. */
function seen(minute: number, alerts: PolledAlert[], more: Partial<SeenAlerts> = {}): SeenAlerts {
  return { alerts, isPartial: false, serverMs: ms(minute), startedMs: undefined, wasEvaluated: () => true, ...more }
}

const changesOf = (told: ToldAlerts, look: SeenAlerts) => compareAlerts(told, look, settings).changes
const kinds = (told: ToldAlerts, look: SeenAlerts) => changesOf(told, look).map(({ kind }) => kind)
const after = (look: SeenAlerts, told = nobody) => compareAlerts(told, look, settings).told

describe('an alert', () => {
  it('opens when it fires, under the fingerprint of its labels and its begin', () => {
    const [change, ...others] = changesOf(nobody, seen(1, [alert(0)]))
    expect(others).toEqual([])
    expect(change).toMatchObject({ kind: 'opened', alert: { severity: 'medium' } })
    expect(change?.alert.key).toBe(`prometheus:${fingerprintOf(alert(0).labels)}:${at(0)}`)
  })

  it('does not open while it is pending', () => {
    expect(kinds(nobody, seen(1, [alert(0, {}, { state: 'pending' })]))).toEqual([])
  })

  it('is told once while nothing changes', () => {
    expect(kinds(after(seen(1, [alert(0)])), seen(2, [alert(0)]))).toEqual([])
  })

  it('is over when it is not listed any more, or only pending', () => {
    const told = after(seen(1, [alert(0)]))
    expect(kinds(told, seen(2, []))).toEqual(['resolved'])
    expect(kinds(told, seen(2, [alert(2, {}, { state: 'pending' })]))).toEqual(['resolved'])
    expect(after(seen(2, []), told).size).toBe(0)
  })

  it('that ended and began between two looks is two incidents', () => {
    const told = after(seen(1, [alert(0)]))
    const changes = changesOf(told, seen(9, [alert(8)]))
    expect(changes.map(({ kind }) => kind)).toEqual(['resolved', 'opened'])
    expect(changes[0]?.alert.key).not.toBe(changes[1]?.alert.key)
  })

  it('of which another replica tells another begin is the same', () => {
    const told = after(seen(5, [alert(0)]))
    expect(kinds(told, seen(6, [alert(1)]))).toEqual([])
    expect(kinds(after(seen(6, [alert(1)]), told), seen(7, [alert(0)]))).toEqual([])
  })

  it('is not over in an answer that is not complete', () => {
    expect(kinds(after(seen(1, [alert(0)])), seen(2, [], { isPartial: true }))).toEqual([])
  })

  it('is told again when its words change, but not at every look', () => {
    const told = after(seen(1, [alert(0)]))
    const other = alert(0, {}, { annotations: { summary: 'Now 12 % errors' } })
    expect(kinds(told, seen(2, [other]))).toEqual([])
    expect(kinds(after(seen(2, [other]), told), seen(12, [other]))).toEqual(['updated'])
  })
})

describe('the severity', () => {
  it('changes the incident and opens no other', () => {
    const told = after(seen(1, [alert(0)]))
    const [change, ...others] = changesOf(told, seen(9, [alert(8, { severity: 'critical' })]))
    expect(others).toEqual([])
    expect(change).toMatchObject({ kind: 'worse', alert: { severity: 'critical' } })
    expect(change?.alert.key).toBe([...told.values()][0]?.key)
  })

  it('goes on while the rule for another one waits for its time', () => {
    const told = after(seen(1, [alert(0)]))
    const waiting = seen(2, [alert(2, { severity: 'critical' }, { state: 'pending' })])
    expect(kinds(told, waiting)).toEqual([])
    const later = after(waiting, told)
    expect(kinds(later, seen(7, [alert(2, { severity: 'critical' })]))).toEqual(['worse'])
    expect(kinds(later, seen(7, []))).toEqual(['resolved'])
  })

  it('is the worst of the alerts that differ in nothing else', () => {
    const both = [alert(0), alert(3, { severity: 'critical' })]
    const opened = changesOf(nobody, seen(4, both))
    expect(opened).toMatchObject([{ kind: 'opened', alert: { severity: 'critical' } }])
    const told = after(seen(4, both))
    expect(changesOf(told, seen(5, [alert(0)]))).toMatchObject([{ kind: 'better', alert: { severity: 'medium' } }])
  })

  it('comes from the label that was chosen, as the setup says', () => {
    const own = settingsOf({ values: { severity_label: 'prio', severities: { P1: 'critical' } } })
    const found = compareAlerts(nobody, seen(1, [alert(0, { prio: 'p1' })]), own)
    expect(found.changes).toMatchObject([{ alert: { severity: 'critical' } }])
    expect(own.severityOf('page')).toBe('critical')
    expect(own.severityOf('unheard of')).toBe('medium')
    expect(own.severityOf(undefined)).toBe('medium')
  })
})

describe('after a restart of the server', () => {
  const told = after(seen(5, [alert(0)]))
  const restarted = { startedMs: ms(6) }

  it('an alert that begins anew is the same incident', () => {
    expect(kinds(told, seen(8, [alert(7)], restarted))).toEqual([])
    expect([...after(seen(8, [alert(7)], restarted), told).values()][0]?.key).toBe([...told.values()][0]?.key)
  })

  it('one that waits for its time again is not over', () => {
    expect(kinds(told, seen(8, [alert(7, {}, { state: 'pending' })], restarted))).toEqual([])
  })

  it('one is not over before the server can have scraped its targets', () => {
    const evaluated = (startedMs: number) => kinds(told, seen(8, [], { startedMs }))
    expect(evaluated(ms(8) - 2 * settings.intervalMs + 1)).toEqual([])
    expect(evaluated(ms(8) - 2 * settings.intervalMs)).toEqual(['resolved'])
  })

  it('one whose rule was not evaluated yet is not over, and is asked about', () => {
    const look = seen(8, [], { ...restarted, wasEvaluated: (name) => name !== 'HighErrorRate' })
    expect(kinds(told, look)).toEqual([])
    expect(compareAlerts(told, look, settings).missing.filter((alert) => isOlder(alert, look))).toHaveLength(1)
    expect(kinds(told, seen(8, [], restarted))).toEqual(['resolved'])
  })
})

describe('many alerts', () => {
  it('are as many incidents as there is room for, the worst first', () => {
    const alerts = Array.from({ length: MOST_ALERTS + 3 }, (_, index) =>
      alert(0, { instance: `i${index}`, severity: index === MOST_ALERTS ? 'critical' : 'info' }),
    )
    const { changes, leftOut } = compareAlerts(nobody, seen(1, alerts), settings)
    expect(changes).toHaveLength(MOST_ALERTS)
    expect(changes[0]?.alert.severity).toBe('critical')
    expect(leftOut).toBe(3)
  })
})

describe('what was told and is not known any more', () => {
  it('is found by the keys of open incidents', () => {
    const key = [...after(seen(1, [alert(0)])).values()][0]?.key ?? ''
    const gone = `prometheus:${'0'.repeat(32)}:${at(0)}`
    const told = recalledAlerts([key, gone], seen(2, [alert(0)]), settings)
    expect(changesOf(told, seen(2, [alert(0)]))).toMatchObject([{ kind: 'resolved', alert: { key: gone } }])
  })
})
