import { expect, it, onTestFinished, vi } from 'vitest'
import { RuleChanges } from '../../../src/shared/contract/rules.ts'
import { startCore, type Core } from './core.ts'
import { Receiver } from './receiver.ts'

const HOUR_MS = 3_600_000
const always = {
  time_zone: 'UTC',
  ranges: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' }],
}
const inAnHour = () => new Date(Date.now() + HOUR_MS).toISOString()

async function started() {
  const receiver = await Receiver.start()
  const core = await startCore()
  onTestFinished(() => core.close())
  const hook = await core.webhook(receiver.url)
  return { receiver, core, hook }
}

const change = (core: Core, id: string, changes: object) => core.rules.update('default', id, RuleChanges.parse(changes))
const states = async (core: Core) =>
  (await core.list()).map(({ title, action, state }) => `${action} ${title} ${state}`)

it('quiet hours that are taken away are over', async () => {
  const { receiver, core, hook } = await started()
  const rule = await core.rule([hook.id], { quiet: always })
  await core.report({ title: 'held' })
  expect(await states(core)).toEqual(['open held waiting'])
  await change(core, rule.id, { quiet: null })
  await vi.waitFor(() => expect(receiver.received).toHaveLength(1))
})

it('a severity that is let through now goes, what is below it waits on', async () => {
  const { receiver, core, hook } = await started()
  const rule = await core.rule([hook.id], { quiet: always })
  await core.report({ title: 'held', severity: 'high' })
  await change(core, rule.id, { quiet: { ...always, except_severity: 'critical' } })
  expect(await states(core)).toEqual(['open held waiting'])
  await change(core, rule.id, { quiet: { ...always, except_severity: 'high' } })
  await vi.waitFor(() => expect(receiver.received).toHaveLength(1))
})

it('a group waits no longer than its rule says by now', async () => {
  const { receiver, core, hook } = await started()
  const rule = await core.rule([hook.id], { grouping: { wait_s: 3600 } })
  await core.report({ title: 'held' })
  await change(core, rule.id, { grouping: { wait_s: 60 } })
  const waitsMs = Date.parse((await core.list())[0]?.next_attempt_at ?? '') - Date.now()
  expect(waitsMs).toBeLessThanOrEqual(60_000)
  await change(core, rule.id, { grouping: { wait_s: 0 } })
  await vi.waitFor(() => expect(receiver.received).toHaveLength(1))
})

it.each([
  ['deleted', (core: Core, id: string) => core.rules.remove('default', id)],
  ['turned off', (core: Core, id: string) => change(core, id, { enabled: false })],
  ['goes elsewhere', (core: Core, id: string) => change(core, id, { channels: [] })],
])('what only a rule wanted that is %s is withdrawn, what another wants as well waits on', async (_what, end) => {
  const { core, hook } = await started()
  const other = await core.webhook('http://127.0.0.1:9/', { name: 'other' })
  const rule = await core.rule([hook.id, other.id], { quiet: always })
  await core.rule([other.id], { name: 'second', quiet: always })
  await core.report({ title: 'held' })
  await end(core, rule.id)
  const [its] = await core.list({ channel: hook.id })
  expect(its).toMatchObject({ state: 'withdrawn', because: expect.stringContaining('all') as string })
  expect((await core.list({ channel: other.id }))[0]?.state).toBe('waiting')
})

it.each([
  ['the channel', (core: Core, hook: string) => core.channels.update('default', hook, { muted_until: inAnHour() })],
  ['the rule', (core: Core, _hook: string, rule: string) => change(core, rule, { muted_until: inAnHour() })],
])('what waited for its group comes not at all when %s is muted by then', async (_what, mute) => {
  const { receiver, core, hook } = await started()
  const rule = await core.rule([hook.id], { grouping: { wait_s: 1 } })
  await core.report({ title: 'muted' })
  await mute(core, hook.id, rule.id)
  await vi.waitFor(async () => expect(await states(core)).toEqual(['open muted withdrawn']))
  expect((await core.list())[0]?.because).toContain('muted until')
  expect(receiver.received).toHaveLength(0)
})

it('nothing is sent while a channel is muted: what was to be tried again is withdrawn, ends wait until it is over', async () => {
  const { receiver, core, hook } = await started()
  await core.rule([hook.id])
  await core.report({ title: 'told', dedupe_key: 'told' })
  await vi.waitFor(async () => expect(await states(core)).toEqual(['open told delivered']))
  receiver.answer = (_request, response) => void response.writeHead(500).end()
  await core.report({ title: 'failing', dedupe_key: 'failing' })
  await core.report({ title: 'told', dedupe_key: 'told', status: 'acknowledged' })
  await vi.waitFor(() => expect(receiver.received.length).toBeGreaterThan(1))
  await core.channels.update('default', hook.id, { muted_until: inAnHour() })
  await core.report({ title: 'told', dedupe_key: 'told', status: 'resolved' })
  receiver.answer = (_request, response) => void response.writeHead(204).end()
  await core.channels.resume('default', hook.id)
  await vi.waitFor(async () =>
    expect(await states(core)).toEqual([
      'resolve told waiting',
      'acknowledge told waiting',
      'open failing withdrawn',
      'open told delivered',
    ]),
  )
  const count = receiver.received.length
  await core.channels.update('default', hook.id, { muted_until: null })
  await vi.waitFor(() => expect(receiver.received).toHaveLength(count + 2))
  await vi.waitFor(async () =>
    expect((await states(core)).slice(0, 2)).toEqual(['resolve told delivered', 'acknowledge told delivered']),
  )
}, 60_000)

it('an end waits for the mute of the only rule that told of it', async () => {
  const { receiver, core, hook } = await started()
  const rule = await core.rule([hook.id])
  await core.report({ title: 'told', dedupe_key: 'told' })
  await vi.waitFor(() => expect(receiver.received).toHaveLength(1))
  await change(core, rule.id, { muted_until: inAnHour() })
  const { decisions } = await core.report({ title: 'told', dedupe_key: 'told', status: 'resolved' })
  expect(decisions[0]?.channels[0]).toMatchObject({ outcome: 'muted', delivery_id: expect.any(String) as string })
  expect((await states(core))[0]).toBe('resolve told waiting')
  await change(core, rule.id, { muted_until: null })
  await vi.waitFor(() => expect(receiver.received).toHaveLength(2))
})
