import { describe, expect, it } from 'vitest'
import { channel, pager, Plan, rule, START } from './plan-fixture.ts'

describe('an incident that opens', () => {
  it('is told to each channel of each rule that matches, to one that two rules want once', async () => {
    const plan = new Plan([await rule('1', ['a', 'b']), await rule('2', ['b'])], [channel('a'), channel('b')])
    const decisions = plan.happens('opened', 'x')
    expect(plan.summary).toEqual(['a open pending x', 'b open pending x'])
    expect(plan.deliveries[1]?.rules.map(({ id }) => id)).toEqual(['1', '2'])
    expect(decisions.map(({ channels }) => channels.map(({ delivery_id }) => delivery_id))).toEqual([
      [plan.deliveries[0]?.id, plan.deliveries[1]?.id],
      [plan.deliveries[1]?.id],
    ])
  })

  it('says which condition decided, also where nothing is sent', async () => {
    const plan = new Plan(
      [
        await rule('1', ['a'], { when: { types: ['rca_completed'] } }),
        await rule('2', ['a'], { when: { min_severity: 'critical' } }),
        await rule('3', ['a'], { when: { matchers: [{ label: 'team', op: '=', value: 'core' }] } }),
        await rule('4', ['a'], { enabled: false }),
        await rule('5', ['a'], { muted_until: '2030-01-01T00:00:00Z' }),
        await rule('6', ['a'], { when: { min_severity: 'medium' } }),
      ],
      [channel('a')],
    )
    const decisions = plan.happens('opened', 'x', { labels: { team: 'web' } })
    expect(decisions.map(({ matched, because }) => [matched, because])).toEqual([
      [false, 'type incident is not among rca_completed'],
      [false, 'severity high is below critical'],
      [false, 'matcher team="core": it is "web"'],
      [false, 'the rule is turned off'],
      [false, 'the rule is muted until 2030-01-01 00:00 UTC'],
      [true, 'type incident, severity high is at least medium'],
    ])
    expect(plan.deliveries[0]?.because).toContain('severity high is at least medium')
  })

  it.each([
    ['disabled', channel('a', { enabled: false })],
    ['muted', channel('a', { mutedUntil: '2030-01-01T00:00:00Z' })],
    ['below_min_severity', channel('a', { minSeverity: 'critical' })],
    [
      'event_not_wanted',
      channel('a', {
        settings: {
          kind: 'webhook',
          webhook: { url: 'http://x.example/', format: 'json', headers: {}, events: ['rca_completed'] },
        },
      }),
    ],
  ])('is not told to a channel that does not take it: %s', async (outcome, its) => {
    const plan = new Plan([await rule('1', ['a'])], [its])
    const [decision] = plan.happens('opened', 'x')
    expect(decision?.channels).toMatchObject([{ outcome, delivery_id: null }])
    expect(plan.deliveries).toEqual([])
    // Nothing is made up for, and nothing is taken back.
    plan.happens('resolved', 'x')
    expect(plan.deliveries).toEqual([])
  })
})

describe('later words', () => {
  it('go to every channel that was told, whatever the rules say by now', async () => {
    const plan = new Plan([await rule('1', ['a', 'b'], { when: { min_severity: 'high' } })], [channel('a'), pager('b')])
    plan.happens('opened', 'x')
    plan.happens('severity', 'x', { severity: 'low' })
    plan.happens('acknowledged', 'x')
    plan.happens('resolved', 'x')
    expect(plan.summary.slice(2)).toEqual([
      'a severity pending x',
      'b severity pending x',
      'a acknowledge pending x',
      'b acknowledge pending x',
      'a resolve pending x',
      'b resolve pending x',
    ])
  })

  it('wait for a channel that is muted meanwhile when it is over, and are none when it gets worse', async () => {
    const plan = new Plan([await rule('1', ['a'])], [channel('a')])
    plan.happens('opened', 'x')
    plan.replaceChannel(channel('a', { mutedUntil: '2030-01-01T00:00:00Z' }))
    const [decision] = plan.happens('severity', 'x', { severity: 'critical' })
    expect(decision?.channels).toMatchObject([{ outcome: 'muted' }])
    const [end] = plan.happens('resolved', 'x')
    expect(end?.channels).toMatchObject([{ outcome: 'muted', delivery_id: plan.deliveries[1]?.id }])
    expect(plan.summary).toEqual(['a open pending x', 'a resolve waiting x'])
    expect(plan.deliveries[1]?.notBefore).toBe('2030-01-01T00:00:00.000Z')
  })

  it.each([
    ['acknowledged', 'acknowledge'],
    ['resolved', 'resolve'],
  ] as const)('wait for a channel that is turned off when it is %s', async (change, action) => {
    const plan = new Plan([await rule('1', ['p'])], [pager('p')])
    plan.happens('opened', 'x')
    for (const delivery of plan.deliveries) delivery.attempts = 1
    plan.replaceChannel({ ...pager('p'), enabled: false })
    const [decision] = plan.happens(change, 'x')
    expect(plan.summary).toEqual(['p open pending x', `p ${action} pending x`])
    expect(decision?.channels).toMatchObject([{ outcome: 'queued', delivery_id: plan.deliveries[1]?.id }])
    expect(plan.deliveries[1]?.because).toContain('turned off')
  })

  it('take back the opening that a channel never tried before it was turned off', async () => {
    const plan = new Plan([await rule('1', ['p'])], [pager('p')])
    plan.happens('opened', 'x')
    plan.happens('opened', 'y')
    plan.happens('severity', 'y', { severity: 'critical' })
    plan.replaceChannel({ ...pager('p'), enabled: false })
    plan.happens('resolved', 'x')
    // Another word on it is on its way already.
    plan.happens('resolved', 'y', { severity: 'critical' })
    expect(plan.summary).toEqual([
      'p open withdrawn x',
      'p open pending y',
      'p severity pending y',
      'p resolve pending y',
    ])
  })

  it('open it to rules that match now that it is worse', async () => {
    const plan = new Plan(
      [await rule('1', ['a']), await rule('2', ['b'], { when: { min_severity: 'critical' } })],
      [channel('a'), channel('b')],
    )
    plan.happens('opened', 'x')
    plan.happens('severity', 'x', { severity: 'critical' })
    expect(plan.summary).toEqual(['a open pending x', 'b open pending x', 'a severity pending x'])
    plan.happens('severity', 'x', { severity: 'low' })
    expect(plan.summary.slice(3)).toEqual(['a severity pending x', 'b severity pending x'])
  })

  it('are none where nothing is new', async () => {
    const plan = new Plan([await rule('1', ['a'])], [channel('a')])
    plan.happens('opened', 'x')
    for (const change of ['repeated', 'updated'] as const) {
      expect(plan.happens('updated', 'x')).toMatchObject([{ matched: true, channels: [{ outcome: 'repeat' }] }])
      plan.happens(change, 'x')
    }
    expect(plan.deliveries).toHaveLength(1)
  })
})

describe('grouping', () => {
  const grouped = { grouping: { by: ['team'], wait_s: 30 } }

  it('lets openings of a group wait for each other in one delivery', async () => {
    const plan = new Plan([await rule('1', ['a'], grouped)], [channel('a')])
    plan.happens('opened', 'x', { labels: { team: 'core' }, severity: 'low' })
    const [decision] = plan.happens('opened', 'y', { labels: { team: 'core' }, severity: 'critical' }, 5_000)
    plan.happens('opened', 'z', { labels: { team: 'web' } }, 6_000)
    expect(decision?.channels).toMatchObject([{ outcome: 'grouped', delivery_id: plan.deliveries[0]?.id }])
    expect(plan.summary).toEqual(['a open waiting x and 1 more', 'a open waiting z'])
    expect(plan.deliveries[0]).toMatchObject({
      incidentIds: ['x', 'y'],
      eventCount: 2,
      severity: 'critical',
      notBefore: new Date(START + 30_000).toISOString(),
    })
  })

  it('does not hold PagerDuty', async () => {
    const plan = new Plan([await rule('1', ['p'], grouped)], [pager('p')])
    plan.happens('opened', 'x')
    plan.happens('opened', 'y')
    expect(plan.summary).toEqual(['p open pending x', 'p open pending y'])
  })

  it('names a hundred and counts the rest', async () => {
    const plan = new Plan([await rule('1', ['a'], grouped)], [channel('a')])
    for (let index = 0; index < 1_234; index++) plan.happens('opened', `x${index}`)
    expect(plan.deliveries).toHaveLength(1)
    expect(plan.deliveries[0]).toMatchObject({ eventCount: 1_234, title: 'x0 and 1,233 more' })
    expect(plan.deliveries[0]?.incidentIds).toHaveLength(100)
    expect(plan.deliveries[0]?.eventIds).toHaveLength(100)
  })

  it('is taken back when all of it is resolved in time', async () => {
    const plan = new Plan([await rule('1', ['a'], { grouping: { wait_s: 30 } })], [channel('a')])
    plan.happens('opened', 'x')
    plan.happens('opened', 'y')
    plan.happens('resolved', 'x')
    expect(plan.deliveries[0]?.state).toBe('waiting')
    const [decision] = plan.happens('resolved', 'y')
    expect(plan.deliveries[0]?.state).toBe('withdrawn')
    expect(plan.deliveries).toHaveLength(1)
    expect(decision?.channels[0]?.because).toContain('resolved before its opening was sent')
  })

  it('waits no longer than the rule that waits least', async () => {
    const plan = new Plan([await rule('1', ['a'], grouped), await rule('2', ['a'])], [channel('a')])
    plan.happens('opened', 'x')
    expect(plan.summary).toEqual(['a open pending x'])
  })
})

describe('quiet hours', () => {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
  const quiet = { time_zone: 'UTC', ranges: [{ days, from: '11:00', to: '13:00' }], except_severity: 'critical' }
  const end = '2026-03-02T13:00:00.000Z'

  it('hold what is new until they end, but for what is too severe', async () => {
    const plan = new Plan([await rule('1', ['a', 'p'], { quiet })], [channel('a'), pager('p')])
    const [decision] = plan.happens('opened', 'x')
    plan.happens('opened', 'y')
    plan.happens('opened', 'z', { severity: 'critical' })
    expect(decision?.channels).toMatchObject([{ outcome: 'quiet' }, { outcome: 'quiet' }])
    expect(plan.summary).toEqual([
      'a open waiting x and 1 more',
      'p open waiting x',
      'p open waiting y',
      'a open pending z',
      'p open pending z',
    ])
    expect(plan.deliveries[0]).toMatchObject({ notBefore: end })
  })

  it('do not hold what gets too severe meanwhile, nor a resolution of what was told before', async () => {
    const plan = new Plan([await rule('1', ['a'], { quiet })], [channel('a')])
    plan.happens('opened', 'before', {}, -2 * 3_600_000)
    plan.happens('opened', 'x')
    plan.happens('severity', 'x', { severity: 'critical' })
    plan.happens('resolved', 'before')
    expect(plan.summary).toEqual(['a open pending before', 'a open pending x', 'a resolve pending before'])
  })

  it('hold nothing where another rule keeps none', async () => {
    const plan = new Plan([await rule('1', ['a'], { quiet }), await rule('2', ['a'])], [channel('a')])
    plan.happens('opened', 'x')
    expect(plan.summary).toEqual(['a open pending x'])
  })
})

it('a storm is told in one notice, of what comes after the first twenty', async () => {
  const plan = new Plan([await rule('1', ['a', 'p'])], [channel('a'), pager('p')])
  for (let index = 0; index < 1_000; index++) plan.happens('opened', `x${index}`)
  const to = (id: string) => plan.deliveries.filter(({ channelId }) => channelId === id)
  expect(to('a')).toHaveLength(21)
  expect(to('a').reduce((sum, { eventCount }) => sum + eventCount, 0)).toBe(1_000)
  expect(to('a').at(-1)?.because).toContain('storm')
  // One alert for each incident there.
  expect(to('p')).toHaveLength(1_000)
  for (let index = 0; index < 1_000; index++) plan.happens('resolved', `x${index}`)
  const resolutions = to('a').filter(({ action }) => action === 'resolve')
  expect(resolutions).toHaveLength(21)
  expect(resolutions.reduce((sum, { eventCount }) => sum + eventCount, 0)).toBe(1_000)
})

it('what concerns no incident is told once, and a report to who asked for reports', async () => {
  const plan = new Plan(
    [
      await rule('1', ['a'], { when: { types: ['tool_definition_changed'] } }),
      await rule('2', ['b'], { when: { types: ['rca_completed'] } }),
    ],
    [channel('a'), channel('b')],
  )
  plan.happens('notice', 'n', { type: 'tool_definition_changed' })
  plan.happens('rca', 'x', { type: 'rca_completed' })
  expect(plan.summary).toEqual(['a notice pending n', 'b rca pending x'])
  expect(plan.deliveries[0]?.incidentIds).toEqual([])
})
