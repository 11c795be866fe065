import { describe, expect, it } from 'vitest'
import { filterOf } from '../../../../src/renderer/features/incidents/incident-search.ts'
import { durationOf, lastingWords } from '../../../../src/renderer/features/incidents/incident-words.ts'
import { atLeastWords } from '../../../../src/renderer/features/incidents/severity-words.ts'
import { toldCount } from '../../../../src/renderer/features/incidents/told.ts'
import { secondsWords } from '../../../../src/renderer/features/notifications/rule-words.ts'
import type { RuleDecision } from '../../../../src/shared/contract/incidents.ts'
import { incident, time } from './incident-fixture.ts'

describe('words of incidents', () => {
  it.each([
    [-5, '0 s'],
    [40_000, '40 s'],
    [12 * 60_000, '12 min'],
    [2 * 3_600_000, '2 h'],
    [2 * 3_600_000 + 5 * 60_000, '2 h 5 min'],
    [76 * 3_600_000, '3 d 4 h'],
  ])('%d ms', (ms, words) => {
    expect(lastingWords(ms)).toBe(words)
  })

  it('an open one lasts until now', () => {
    expect(durationOf(incident(1), Date.parse(time) + 60_000)).toBe('1 min')
  })

  it('name what is chosen as the least', () => {
    expect(['critical', 'high', 'info'].map((severity) => atLeastWords(severity as 'high'))).toEqual([
      'Critical only',
      'High and worse',
      'Any severity',
    ])
  })

  it.each([
    [30, '30 s'],
    [300, '5 min'],
    [90, '90 s'],
    [3600, '1 h'],
    [86_400, '1 day'],
    [172_800, '2 days'],
  ])('%d s of a rule', (seconds, words) => {
    expect(secondsWords(seconds)).toBe(words)
  })
})

describe('the filters of an address', () => {
  it('leave out what there is not', () => {
    expect(filterOf({ q: '  #12 ', status: 'active', severity: 'high', type: 'incident' })).toEqual({
      query: '#12',
      status: 'active',
      min_severity: 'high',
      type: 'incident',
    })
    expect(filterOf({ q: ' ', status: 'nonsense', severity: 'x', type: 'y' })).toEqual({})
  })
})

describe('who was told', () => {
  const channel = (id: string, outcome: RuleDecision['channels'][number]['outcome']) => ({
    channel_id: id,
    channel_name: id,
    outcome,
    because: '',
    delivery_id: null,
  })
  const decision = (channels: RuleDecision['channels']): RuleDecision => ({
    rule_id: 'r',
    rule_name: 'r',
    matched: true,
    because: '',
    channels,
  })

  it('counts a channel once, and none that was left out', () => {
    expect(
      toldCount([
        decision([channel('a', 'queued'), channel('b', 'muted')]),
        decision([channel('a', 'grouped'), channel('c', 'quiet')]),
      ]),
    ).toBe(2)
    expect(toldCount([])).toBe(0)
  })
})
