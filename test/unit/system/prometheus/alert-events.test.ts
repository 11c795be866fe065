import { expect, it } from 'vitest'
import { alertEvent, clusterEvent, endpointEvent } from '../../../../src/main/system/prometheus/alert-events.ts'
import type { ToldAlert } from '../../../../src/main/system/prometheus/alert-watch.ts'

function opened(more: Partial<ToldAlert> = {}) {
  const texts = { labels: { alertname: 'HighErrorRate' }, annotations: {}, active: {} }
  const alert: ToldAlert = { key: 'prometheus:f:t', severity: 'high', ...texts, seenAt: 0, wordsAt: 0, ...more }
  return alertEvent({ kind: 'opened', alert }, false)
}

it.each([
  [{ summary: '\u0007' }, 'HighErrorRate'],
  [{ summary: '\u0000 \u0001', title: 'Errors\u0007' }, 'Errors'],
])('an alert with texts that say nothing is told by its name: %j', (annotations, title) => {
  expect(opened({ annotations })).toMatchObject({ title, severity: 'high' })
})

it('an alert without any name is told as one', () => {
  expect(opened({ labels: { alertname: '\u0007' } })).toMatchObject({ title: 'Alert without a name' })
})

it('an alert that is no event as it stands is told all the same', () => {
  expect(opened({ active: { high: '+010000-01-01T00:00:00Z' } })).toMatchObject({
    status: 'open',
    severity: 'high',
    title: 'HighErrorRate',
    dedupe_key: 'prometheus:f:t',
  })
})

it('what is too long is cut of clusters and endpoints as well', () => {
  const cluster = { state: 'disconnected', up: 0, targets: 0, missed: 0, since: 0 } as const
  const name = 'x'.repeat(10_000)
  expect(clusterEvent({ name, kind: 'disconnected', cluster }, 'cluster').title).toHaveLength(300)
  const { title, description } = endpointEvent(`http://${'x'.repeat(400)}.test`, 'y'.repeat(30_000))
  expect(title).toHaveLength(300)
  expect(description).toMatch(/… While that is so, alerts that end or begin are not seen\.$/)
})
