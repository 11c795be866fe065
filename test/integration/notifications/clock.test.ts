import { expect, it, onTestFinished, vi } from 'vitest'
import { startCore } from './core.ts'
import { Receiver } from './receiver.ts'

const HOUR_MS = 3_600_000
const patience = { timeout: 30_000, interval: 20 }

/** The real clocks, and a person who sets one of them. */
function settableClock() {
  let setBy = 0
  return {
    now: () => Date.now() + setBy,
    monotonic: () => performance.now(),
    set: (byMs: number) => {
      setBy += byMs
    },
  }
}

it('a clock that is set neither gives up what is tried again, nor tells of one thing many times', async () => {
  let isMended = false
  const receiver = await Receiver.start((_request, response) => void response.writeHead(isMended ? 200 : 500).end())
  const clock = settableClock()
  const core = await startCore({ clock, random: () => 0.2 })
  onTestFinished(() => core.close())
  const hook = await core.webhook(receiver.url)
  await core.rule([hook.id], { grouping: { repeat_s: 60 } })
  await core.report({ title: 'x' })
  await vi.waitFor(async () => expect((await core.list())[0]?.state).toBe('retrying'), patience)
  // Two days on: the day of patience is not over because of that.
  clock.set(48 * HOUR_MS)
  const attempts = receiver.received.length
  await vi.waitFor(() => expect(receiver.received.length).toBeGreaterThan(attempts), patience)
  expect((await core.list())[0]?.state).not.toBe('failed')
  isMended = true
  await core.channels.resume('default', hook.id)
  await vi.waitFor(async () => expect((await core.list())[0]?.state).toBe('delivered'), patience)
  const count = receiver.received.length
  // A day on, and back: reminders are due a minute after the opening, and not for each minute of a day.
  clock.set(24 * HOUR_MS)
  await core.report({ title: 'y' })
  await vi.waitFor(() => expect(receiver.received.length).toBe(count + 1), patience)
  clock.set(-72 * HOUR_MS)
  await core.report({ title: 'z' })
  await vi.waitFor(() => expect(receiver.received.length).toBe(count + 2), patience)
  expect((await core.list()).map(({ action }) => action)).toEqual(expect.arrayContaining(['open', 'open', 'open']))
  expect((await core.list()).filter(({ action }) => action === 'repeat')).toEqual([])
}, 120_000)

it('an incident that nobody acknowledges is told again, in one notice with others, and not after somebody did', async () => {
  const receiver = await Receiver.start()
  let now = Date.parse('2026-03-02T12:00:00Z')
  // Both clocks go on together: time passes.
  const clock = { now: () => now, monotonic: () => now }
  const core = await startCore({ clock })
  onTestFinished(() => core.close())
  await core.rule([(await core.webhook(receiver.url)).id], { grouping: { repeat_s: 60 } })
  await core.report({ title: 'x' })
  const acknowledged = await core.report({ title: 'y' })
  await vi.waitFor(() => expect(receiver.received).toHaveLength(2), patience)
  await vi.waitFor(
    async () => expect((await core.list()).every(({ state }) => state === 'delivered')).toBe(true),
    patience,
  )
  now += 10 * 60_000
  await core.report({ title: 'z' })
  await vi.waitFor(
    async () => expect((await core.list()).filter(({ action }) => action === 'repeat')).toHaveLength(1),
    patience,
  )
  const [reminder] = (await core.list()).filter(({ action }) => action === 'repeat')
  expect(reminder?.incident_ids).toHaveLength(2)
  await core.incidents.acknowledge('default', String(acknowledged.incident_id))
  now += 10 * 60_000
  await core.report({ title: 'again' })
  await vi.waitFor(
    async () => expect((await core.list()).filter(({ action }) => action === 'repeat')).toHaveLength(2),
    patience,
  )
  const [newest] = (await core.list()).filter(({ action }) => action === 'repeat')
  expect(newest?.incident_ids).not.toContain(acknowledged.incident_id)
}, 120_000)
