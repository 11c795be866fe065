import { describe, expect, it } from 'vitest'
import { passages } from '../../../../src/main/notifications/messages/body.ts'
import { facts, labelFacts } from '../../../../src/main/notifications/messages/facts.ts'
import { links } from '../../../../src/main/notifications/messages/links.ts'
import { plainText } from '../../../../src/main/notifications/messages/plain-text.ts'
import { sentence } from '../../../../src/main/notifications/messages/sentence.ts'
import { subject } from '../../../../src/main/notifications/messages/subject.ts'
import { colorOf } from '../../../../src/main/notifications/messages/words.ts'
import { cut, durationText, lines, oneLine } from '../../../../src/main/notifications/messages/text.ts'
import { exampleEvent, exampleIncident, exampleNotice } from '../../../helpers/notices.ts'

const resolved = exampleIncident({
  status: 'resolved',
  resolved_at: '2026-11-28T18:12:30.000Z',
  resolved_by: 'prometheus',
})

describe('texts of somebody else', () => {
  it('become one line', () => {
    expect(oneLine('a\r\nBcc: x@example.com\u2028b\u0000\tc', 100)).toBe('a Bcc: x@example.com b c')
  })

  it('can not turn the direction of ours', () => {
    expect(oneLine('safe\u202etxt.exe\u2066', 100)).toBe('safetxt.exe')
    expect(lines('a\u202eb', 100)).toBe('ab')
  })

  it('are never cut inside a character', () => {
    expect(cut('ab😀cd', 4)).toBe('ab…')
    expect(cut('ab😀cd', 5)).toBe('ab😀…')
    expect(cut('abc', 3)).toBe('abc')
  })

  it('keep their lines without other control characters', () => {
    expect(lines('a\r\nb\rc\u001b[31md\n\n\n\ne', 100)).toBe('a\nb\nc[31md\n\ne')
  })

  it('of megabytes take no time', () => {
    const text = ' \u202e\n'.repeat(1_000_000)
    expect(oneLine(text, 100).length).toBeLessThanOrEqual(100)
    expect(lines(text, 100).length).toBeLessThanOrEqual(100)
  })
})

describe('durations', () => {
  it.each([
    [45_000, '45 s'],
    [12 * 60_000, '12 min'],
    [3 * 3_600_000 + 5 * 60_000, '3 h 5 min'],
    [2 * 86_400_000, '2 d'],
    [-5, '0 s'],
  ])('%d ms', (ms, text) => {
    expect(durationText(ms)).toBe(text)
  })
})

describe('the subject', () => {
  it.each([
    ['open', '[Critical] Database is down (#12)'],
    ['severity', 'Now critical: Database is down (#12)'],
    ['acknowledge', 'Acknowledged: Database is down (#12)'],
    ['resolve', 'Resolved: Database is down (#12)'],
    ['repeat', 'Still open: [Critical] Database is down (#12)'],
    ['rca', 'Root cause found: Database is down (#12)'],
  ] as const)('of %s', (action, text) => {
    expect(subject(exampleNotice({ action }))).toBe(text)
  })

  it('counts what it tells of', () => {
    const incidents = [exampleIncident(), exampleIncident({ number: 13 })]
    expect(subject(exampleNotice({ incidents, more: 3 }))).toBe('[Critical] 5 incidents: Database is down')
  })

  it('of an event without an incident', () => {
    const notice = exampleNotice({
      action: 'notice',
      incidents: [],
      title: 'Tools of "files" changed',
      severity: 'low',
    })
    expect(subject(notice)).toBe('[Low] Tools of "files" changed')
  })

  it('says that it is a test, once', () => {
    expect(subject(exampleNotice({ isTest: true }))).toBe('Test: [Critical] Database is down (#12)')
    expect(subject(exampleNotice({ isTest: true, action: 'test', incidents: [], title: 'Mail works' }))).toBe(
      'Test: Mail works',
    )
  })
})

describe('the sentence', () => {
  it('says who resolved it and how long it lasted', () => {
    expect(sentence(exampleNotice({ action: 'resolve', incidents: [resolved] }))).toBe(
      'Resolved by prometheus after 12 min.',
    )
  })

  it('says who is at it', () => {
    const incidents = [exampleIncident({ status: 'acknowledged', acknowledged_by: 'an admin' })]
    expect(sentence(exampleNotice({ action: 'acknowledge', incidents }))).toBe('Acknowledged by an admin.')
  })
})

describe('an incident that only nobody reports any more', () => {
  const unknown = { ...resolved, resolved_by: null }
  const notice = exampleNotice({ action: 'resolve', incidents: [unknown] })

  it('is not told of as good news', () => {
    expect(subject(notice)).toBe('No longer reported: Database is down (#12)')
    expect(sentence(notice)).toBe('No longer reported after 12 min. Whether it is over is not known.')
    const shown = facts(notice).map(({ name, value }) => `${name}: ${value}`)
    expect(shown).toEqual(expect.arrayContaining(['Status: No longer reported', 'Ended: 2026-11-28 18:12 UTC']))
    expect(plainText(notice)).not.toMatch(/resolved/i)
    expect(colorOf('critical', unknown)).not.toBe(colorOf('critical', resolved))
    expect(colorOf('critical', unknown)).not.toBe(colorOf('critical'))
  })

  it('nor among others', () => {
    const both = exampleNotice({ action: 'resolve', incidents: [resolved, { ...unknown, number: 13 }] })
    expect(subject(both)).toBe('No longer reported: 2 incidents: Database is down')
    expect(sentence(both)).toMatch(/not known/)
  })
})

describe('facts', () => {
  it('leave out what is empty', () => {
    const incidents = [exampleIncident({ source: '', service: 'billing' })]
    expect(facts(exampleNotice({ incidents })).map(({ name }) => name)).toEqual([
      'Severity',
      'Status',
      'Service',
      'Opened',
    ])
  })

  it('of many labels are the first ones', () => {
    const labels = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`l${100 + index}`, 'x'.repeat(4096)]))
    const shown = labelFacts(labels)
    expect(shown).toHaveLength(21)
    expect(shown.at(-1)).toEqual({ name: 'More labels', value: '44' })
    expect(shown[0]?.value.length).toBe(300)
  })
})

describe('longer texts', () => {
  it('of a resolve say first what the source says', () => {
    const event = exampleEvent({ description: 'No longer reported since its target is down.', status: 'resolved' })
    const texts = passages(exampleNotice({ action: 'resolve', incidents: [resolved], event }))
    expect(texts.map(({ heading }) => heading)).toEqual(['', 'Description'])
    expect(texts[0]?.text).toBe('No longer reported since its target is down.')
  })

  it('of a completed analysis are the analysis', () => {
    const event = exampleEvent({ type: 'rca_completed', rca: '# Cause\nA full disk.' })
    expect(passages(exampleNotice({ action: 'rca', event }))).toEqual([
      { heading: 'Root cause', text: '# Cause\nA full disk.' },
    ])
  })
})

describe('links', () => {
  it('are of the web only, and can not end early', () => {
    const incident = exampleIncident({
      links: [
        { url: 'javascript:alert(1)', title: 'x' },
        { url: 'https://a.example/?q="><script>|b)', title: '' },
      ],
    })
    expect(links(exampleNotice({ url: null, incidents: [incident] })).map(({ url }) => url)).toEqual([
      'https://a.example/?q=%22%3E%3Cscript%3E%7Cb%29',
    ])
  })

  it('lead to the console first', () => {
    expect(links(exampleNotice())[0]).toEqual({ url: 'http://127.0.0.1:7420/incidents/12', title: 'Open in Gatehouse' })
  })
})

describe('the plain text', () => {
  it('says all', () => {
    expect(plainText(exampleNotice())).toBe(
      [
        '[Critical] Database is down (#12)',
        'Open since 2026-11-28 18:00 UTC, told by prometheus.',
        [
          'Severity: Critical',
          'Status: Open',
          'Source: prometheus',
          'Service: billing',
          'Opened: 2026-11-28 18:00 UTC',
          'alertname: DatabaseDown',
          'team: core',
        ].join('\n'),
        'No answer from the primary for 30 s.',
        'Open in Gatehouse: http://127.0.0.1:7420/incidents/12\nDashboard: https://grafana.example.com/d/1',
        'Sent by Gatehouse, workspace default, by the rule "High incidents".',
      ].join('\n\n'),
    )
  })

  it('of several has a line for each', () => {
    const incidents = [exampleIncident(), exampleIncident({ number: 13, severity: 'high', status: 'acknowledged' })]
    expect(plainText(exampleNotice({ incidents, more: 2 }))).toContain(
      '- #12 [Critical] Database is down\n- #13 [High] Database is down (acknowledged)\n- and 2 more',
    )
  })

  it('is bounded whatever is in it', () => {
    const incident = exampleIncident({
      title: 'x'.repeat(300),
      description: 'y'.repeat(20_000),
      rca: 'z'.repeat(100_000),
      labels: Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`l${index}`, 'v'.repeat(4096)])),
    })
    expect(plainText(exampleNotice({ incidents: [incident] })).length).toBeLessThanOrEqual(20_000)
  })
})
