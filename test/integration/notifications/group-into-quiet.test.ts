import { expect, it, onTestFinished, vi } from 'vitest'
import { EventInput } from '../../../src/shared/contract/incidents.ts'
import { NewRule, Weekday } from '../../../src/shared/contract/rules.ts'
import { startCore } from './core.ts'
import { Receiver } from './receiver.ts'

const SECOND_MS = 1_000
const nights = {
  time_zone: 'UTC',
  ranges: [{ days: [...Weekday.options], from: '22:00', to: '06:00' }],
  except_severity: 'critical',
}
const MORNING = '2026-03-03T06:00:00.000Z'

/** A minute before the quiet hours; time passes when it is told to. */
async function evening(given: object = {}) {
  let passedMs = 0
  const clock = { now: () => Date.parse('2026-03-02T21:59:00Z') + passedMs, monotonic: () => passedMs }
  const receiver = await Receiver.start()
  const core = await startCore({ clock })
  onTestFinished(() => core.close())
  const hook = await core.webhook(receiver.url)
  const rule = { grouping: { wait_s: 90 }, quiet: nights, ...given }
  await core.rule([hook.id], rule)
  const pass = (seconds: number) => void (passedMs += seconds * SECOND_MS)
  return { receiver, core, hook, rule, pass }
}

it('a group whose time falls into quiet hours waits for their end, and is sent then', async () => {
  const { receiver, core, pass } = await evening()
  await core.report({ title: 'before', severity: 'high', dedupe_key: 'before' })
  await core.report({ title: 'over by then', severity: 'high', dedupe_key: 'over' })
  pass(100)
  // Makes the core look at what is due; joins what waits for the morning, or waits for it beside that.
  await core.report({ title: 'at night', severity: 'low' })
  await vi.waitFor(async () => {
    const waiting = (await core.list()).map(({ state, next_attempt_at: at }) => `${state} ${at ?? ''}`)
    expect(new Set(waiting)).toEqual(new Set([`waiting ${MORNING}`]))
  })
  expect((await core.list()).at(-1)?.because).toContain('2026-03-03 06:00 UTC')
  await core.report({ title: 'over by then', dedupe_key: 'over', status: 'resolved' })
  expect(receiver.received).toEqual([])
  pass(8 * 3_600)
  await core.report({ title: 'in the morning' })
  await vi.waitFor(async () => {
    expect((await core.list({ state: 'waiting' })).map(({ title }) => title)).toEqual(['in the morning'])
    expect(await core.list({ state: 'delivered' })).toHaveLength((await core.list()).length - 1)
  })
  const told = receiver.received.map(({ text }) => text).join('\n')
  expect(told).toMatch(/before.*at night/s)
  // Nor in the words of what is over.
  expect(told).not.toContain('over by then')
  expect((await core.list()).map(({ title }) => title).join()).not.toContain('over by then')
})

it('one that got too severe for them does not', async () => {
  const { receiver, core, pass } = await evening()
  await core.report({ title: 'a', severity: 'high', dedupe_key: 'a' })
  await core.report({ title: 'a', severity: 'critical', dedupe_key: 'a' })
  pass(100)
  await core.report({ title: 'at night', severity: 'low' })
  await vi.waitFor(() => expect(receiver.received).toHaveLength(1))
})

it('a preview says the same', async () => {
  const { core, hook, rule, pass } = await evening({ enabled: false })
  await core.incidents.report('default', EventInput.parse({ title: 'a', severity: 'high' }), 'api')
  pass(100)
  await core.incidents.report('default', EventInput.parse({ title: 'b', severity: 'high' }), 'api')
  const draft = NewRule.parse({ name: 'draft', when: { types: ['incident'] }, channels: [hook.id], ...rule })
  const { items } = await core.rules.preview('default', draft, 100)
  expect(items.flatMap(({ messages }) => messages.map(({ at }) => at))).toEqual([MORNING, MORNING])
})
