import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startCore } from './core.ts'
import { Receiver } from './receiver.ts'

const HOUR_MS = 3_600_000

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
  await vi.waitFor(async () => expect((await core.list())[0]?.state).toBe('retrying'))
  // Two days on: the day of patience is not over because of that.
  clock.set(48 * HOUR_MS)
  const attempts = receiver.received.length
  await vi.waitFor(() => expect(receiver.received.length).toBeGreaterThan(attempts))
  expect((await core.list())[0]?.state).not.toBe('failed')
  isMended = true
  await core.channels.resume('default', hook.id)
  await vi.waitFor(async () => expect((await core.list())[0]?.state).toBe('delivered'))
  const count = receiver.received.length
  // A day on, and back: reminders are due a minute after the opening, and not for each minute of a day.
  clock.set(24 * HOUR_MS)
  await core.report({ title: 'y' })
  await vi.waitFor(() => expect(receiver.received.length).toBe(count + 1))
  clock.set(-72 * HOUR_MS)
  await core.report({ title: 'z' })
  await vi.waitFor(() => expect(receiver.received.length).toBe(count + 2))
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
  await vi.waitFor(() => expect(receiver.received).toHaveLength(2))
  await vi.waitFor(async () => expect((await core.list()).every(({ state }) => state === 'delivered')).toBe(true))
  now += 10 * 60_000
  await core.report({ title: 'z' })
  await vi.waitFor(async () => expect((await core.list()).filter(({ action }) => action === 'repeat')).toHaveLength(1))
  const [reminder] = (await core.list()).filter(({ action }) => action === 'repeat')
  expect(reminder?.incident_ids).toHaveLength(2)
  await core.incidents.acknowledge('default', String(acknowledged.incident_id))
  now += 10 * 60_000
  await core.report({ title: 'again' })
  await vi.waitFor(async () => expect((await core.list()).filter(({ action }) => action === 'repeat')).toHaveLength(2))
  const [newest] = (await core.list()).filter(({ action }) => action === 'repeat')
  expect(newest?.incident_ids).not.toContain(acknowledged.incident_id)
}, 120_000)

it('what comes first after the machine slept waits as long as its rule says, and not the sleep again', async () => {
  const receiver = await Receiver.start()
  const clock = settableClock()
  const core = await startCore({ clock })
  onTestFinished(() => core.close())
  await core.rule([(await core.webhook(receiver.url)).id], { grouping: { wait_s: 30 } })
  clock.set(8 * HOUR_MS)
  await core.report({ title: 'after waking' })
  const [group] = await core.list()
  expect(group?.state).toBe('waiting')
  // A look at what is due: now it would be moved.
  await core.report({ title: 'another' })
  const waitsMs = Date.parse((await core.list()).at(-1)?.next_attempt_at ?? '') - clock.now()
  expect(waitsMs).toBeLessThanOrEqual(30_000)
}, 60_000)

it('times of a clock that was far ahead do not outlive a restart', async () => {
  const receiver = await Receiver.start()
  const clock = settableClock()
  const [vaultKey, ahead] = [randomBytes(32), 30 * 24 * HOUR_MS]
  clock.set(ahead)
  const before = await startCore({ clock, vaultKey })
  const [hook, failing] = [
    await before.webhook(receiver.url),
    await before.webhook('http://127.0.0.1:9/', { name: 'failing' }),
  ]
  const told = await before.rule([hook.id], { name: 'told', grouping: { repeat_s: 3600 } })
  await before.rule([failing.id], { name: 'failing' })
  await before.report({ title: 'told', dedupe_key: 'told' })
  await vi.waitFor(() => expect(receiver.received).toHaveLength(1))
  await vi.waitFor(async () => {
    expect((await before.list({ channel: hook.id }))[0]?.state).toBe('delivered')
    expect((await before.channels.get('default', failing.id)).health.consecutive_failures).toBeGreaterThan(4)
  })
  await before.rules.update('default', told.id, { grouping: { by: [], wait_s: 60, repeat_s: 3600 } })
  await before.report({ title: 'waits', dedupe_key: 'waits' })
  const { attempts } = (await before.list({ channel: failing.id })).at(-1) ?? { attempts: 0 }
  await before.close({ keep: true })
  clock.set(-ahead)
  const after = await startCore({ clock, vaultKey, folder: before.folder })
  onTestFinished(() => after.close())
  const withinMs = async () => {
    const waiting = (await after.list({ state: 'waiting' })).map(
      (one) => Date.parse(String(one.next_attempt_at)) - clock.now(),
    )
    const { rows } = await sql<{ at: string }>`SELECT max(repeat_at) AS at FROM notified`.execute(after.database.kysely)
    const { retry_at } = (await after.channels.get('default', failing.id)).health
    return {
      waiting,
      repeat: Date.parse(rows[0]?.at ?? '') - clock.now(),
      retry: retry_at === null ? 0 : Date.parse(retry_at) - clock.now(),
    }
  }
  await vi.waitFor(async () => {
    const { waiting, repeat, retry } = await withinMs()
    expect(waiting).toHaveLength(1)
    expect(waiting[0]).toBeLessThanOrEqual(60_000)
    expect(repeat).toBeLessThanOrEqual(HOUR_MS)
    expect(retry).toBeLessThanOrEqual(24 * HOUR_MS)
  })
  // Its pause is not a month long either: it is tried.
  await vi.waitFor(async () =>
    expect((await after.list({ channel: failing.id })).at(-1)?.attempts).toBeGreaterThan(attempts),
  )
}, 120_000)

it('nothing waits longer than an hour for its next attempt, though the clock was hours ahead before the start', async () => {
  let isMended = false
  const receiver = await Receiver.start((_request, response) => void response.writeHead(isMended ? 200 : 500).end())
  const clock = settableClock()
  const [vaultKey, ahead] = [randomBytes(32), 20 * HOUR_MS]
  clock.set(ahead)
  const before = await startCore({ clock, vaultKey })
  const hook = await before.webhook(receiver.url)
  await before.rule([hook.id])
  await before.report({ title: 'x' })
  await vi.waitFor(async () =>
    expect((await before.channels.get('default', hook.id)).health.consecutive_failures).toBeGreaterThan(4),
  )
  await before.close({ keep: true })
  clock.set(-ahead)
  isMended = true
  const after = await startCore({ clock, vaultKey, folder: before.folder })
  onTestFinished(() => after.close())
  await vi.waitFor(async () => expect((await after.list())[0]?.state).toBe('delivered'))
}, 60_000)

it('a day of patience is a day awake: a machine that slept in an attempt tries again', async () => {
  const clock = settableClock()
  let isFirst = true
  const receiver = await Receiver.start((_request, response) => {
    if (!isFirst) return void response.writeHead(204).end()
    isFirst = false
    clock.set(26 * HOUR_MS)
    response.writeHead(500).end()
  })
  const core = await startCore({ clock })
  onTestFinished(() => core.close())
  await core.rule([(await core.webhook(receiver.url)).id])
  await core.report({ title: 'x' })
  await vi.waitFor(() => expect(receiver.received.length).toBeGreaterThan(1))
  await vi.waitFor(async () => expect((await core.list())[0]?.state).toBe('delivered'))
}, 60_000)
