import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { DownTargets } from '../../../src/main/incidents/alertmanager/down-targets.ts'
import type { Alert } from '../../../src/main/incidents/alertmanager/payload.ts'

const HERE = 'default'

function alert(labels: Record<string, string>, more: Partial<Alert> = {}): Alert {
  const fingerprint = JSON.stringify(Object.entries(labels).sort()).slice(0, 128)
  return {
    status: 'firing',
    labels,
    annotations: {},
    generatorURL: '',
    fingerprint,
    startsAt: '2026-01-01T10:00:00Z',
    ...more,
  }
}

function asking(query: string): Alert {
  return alert(
    { alertname: 'A', instance: 'a' },
    { generatorURL: `http://p/graph?g0.expr=${encodeURIComponent(query)}` },
  )
}

const ended = (labels: Record<string, string>) => alert({ alertname: 'X', ...labels }, { status: 'resolved' })

/** Whether the end of an alert about the same instance is told as one of a target that is down. */
function isKnownDown(down: Alert, labels: Record<string, string> = { instance: 'a' }): boolean {
  const targets = new DownTargets()
  targets.learn(HERE, [down])
  return targets.behind(HERE, ended(labels)) !== undefined
}

describe('a query for what is up', () => {
  it.each([
    ['up == 0', true],
    ['up{job="x"} == 0', true],
    ['sum(up{job="x"}==0) > 1', true],
    ['absent( up{job="x"})', true],
    ['backup == 0', false],
    ['up{job="x"} == 1', false],
    [`${' '.repeat(1_990)}up == 0`, true],
    [`${' '.repeat(2_000)}up == 0`, false],
    [`up{job="${'x'.repeat(490)}"} == 0`, true],
    [`up{job="${'x'.repeat(510)}"} == 0`, false],
    ['up{up{up == 0', true],
    [`${'up{'.repeat(100_000)} == 0`, false],
    [`up${' '.repeat(100_000)}== 0`, false],
  ])('is known in its beginning: %#', (query, isDown) => {
    expect(isKnownDown(asking(query))).toBe(isDown)
  })
})

describe('a target that is down', () => {
  const full = { instance: 'a', job: 'node', cluster: 'prod' }
  const down = (labels: Record<string, string>) => alert({ alertname: 'InstanceDown', ...labels })

  it.each([
    [full, full, true],
    [full, { ...full, job: 'web' }, false],
    [full, { ...full, cluster: 'test' }, false],
    [full, { instance: 'b', job: 'node', cluster: 'prod' }, false],
    [full, { instance: 'a' }, true],
    [full, { instance: 'a', cluster: 'prod' }, true],
    [full, { instance: 'a', job: 'node' }, true],
    [full, { job: 'node', cluster: 'prod' }, false],
    [{ instance: 'a' }, full, true],
    [{ instance: 'a', cluster: 'prod' }, full, true],
    [{ job: 'node' }, full, true],
    [{ job: 'node' }, { job: 'node' }, true],
    [{ job: 'node', cluster: 'prod' }, { job: 'node' }, true],
    [{ job: 'node', cluster: 'prod' }, { job: 'node', cluster: 'test' }, false],
    [{ job: 'node' }, { instance: 'a' }, false],
    [{ cluster: 'prod' }, full, false],
    [{}, {}, false],
  ])('%j is that of %j: %s', (target, labels, isKnown) => {
    expect(isKnownDown(down(target), labels)).toBe(isKnown)
  })

  it('is forgotten when it is back, with its workspace, and as the oldest of 1,000', () => {
    const targets = new DownTargets()
    const behind = (instance: string, workspace = HERE) => targets.behind(workspace, ended({ instance }))
    targets.learn(HERE, [down({ instance: 'a' }), down({ instance: 'b' })])
    targets.learn('other', [down({ instance: 'a' })])
    targets.learn(HERE, [{ ...down({ instance: 'a' }), status: 'resolved' }])
    expect([behind('a'), behind('b'), behind('a', 'other')]).toEqual([undefined, 'InstanceDown', 'InstanceDown'])
    targets.erase('other')
    expect([behind('b'), behind('a', 'other')]).toEqual(['InstanceDown', undefined])
    for (let index = 0; index < 1_000; index++) targets.learn(HERE, [down({ instance: String(index) })])
    expect([behind('b'), behind('0'), behind('999')]).toEqual([undefined, 'InstanceDown', 'InstanceDown'])
  })

  it('is found without a look at all the others', () => {
    const targets = new DownTargets()
    for (let index = 0; index < 1_000; index++) targets.learn(HERE, [down({ instance: 'a', job: `j${index}` })])
    let reads = 0
    const labels = new Proxy<Record<string, string>>(
      { alertname: 'X', instance: 'a', job: 'another' },
      { get: (known, name) => (reads++, known[String(name)]) },
    )
    expect(targets.behind(HERE, { ...ended({}), labels })).toBeUndefined()
    expect(reads).toBeLessThan(20)
  })

  it('is kept by the beginning of its labels: of long ones nothing else stays in memory', () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const used = () => {
      collect()
      return process.memoryUsage().heapUsed
    }
    const targets = new DownTargets()
    const before = used()
    for (let index = 0; index < 20; index++) {
      const long = String.fromCharCode(65 + index).repeat(1_000_000)
      const labels = { alertname: `${long}Down`, instance: long, job: long, cluster: long }
      targets.learn(HERE, [{ ...alert({}), labels, fingerprint: String(index) }])
    }
    const kept = used() - before
    expect(kept).toBeLessThan(10_000_000)
    const instance = 'A'.repeat(1_000_000)
    expect(targets.behind(HERE, ended({ instance }))).toHaveLength(1_000)
  })
})
