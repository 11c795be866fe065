import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { freshFile, profileInput, startAgents, type Started } from './agents-fixture.ts'

let file: string
let app: Started
let agents: Started['agents']

async function start(): Promise<void> {
  app = await startAgents(file)
  agents = app.agents
}

async function again(): Promise<void> {
  await app.stop()
  await start()
}

beforeEach(async () => {
  file = freshFile()
  await start()
})
afterEach(() => vi.useRealTimers())

describe('a token', () => {
  it('is shown once, opens the door, and only its hash is stored', async () => {
    const { token, ...agent } = await agents.create('default', { name: 'Claude Code' })
    expect(token).toMatch(/^ghk_[\w-]{43}$/)
    expect(agents.list('default')).toEqual([agent])
    const identity = { id: agent.id, name: 'Claude Code', workspace: 'default', profile: null, discoveryMode: 'full' }
    expect(agents.authenticate(token)).toEqual(identity)
    await app.stop()
    expect(readFileSync(file).includes(token)).toBe(false)
    await start()
    expect(agents.authenticate(token)).toEqual(identity)
  })

  it.each(['', 'ghk_', 'ghk_' + 'A'.repeat(43), 'Bearer'])('that nobody has opens nothing: %j', async (token) => {
    await agents.create('default', { name: 'Claude Code' })
    expect(agents.authenticate(token)).toBeUndefined()
  })

  it('ends when it is rotated, with the sessions made by it', async () => {
    const first = await agents.create('default', { name: 'Cursor' })
    const second = await agents.rotate('default', first.id)
    expect(second.token).not.toBe(first.token)
    expect(agents.authenticate(first.token)).toBeUndefined()
    expect(agents.authenticate(second.token)).toMatchObject({ id: first.id })
    expect(app.ended).toEqual([first.id])
  })

  it('ends when its agent is removed', async () => {
    const { id, token } = await agents.create('default', { name: 'Cursor' })
    await agents.remove('default', id)
    expect(agents.authenticate(token)).toBeUndefined()
    expect(agents.list('default')).toEqual([])
    expect(app.ended).toEqual([id])
    await expect(agents.remove('default', id)).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('names', () => {
  it('are unique in a workspace, for new agents and renamed ones, and free in another', async () => {
    await agents.create('default', { name: 'Cursor' })
    const other = await agents.create('default', { name: 'Codex' })
    const taken = {
      code: 'name_taken',
      details: [{ path: 'name', message: 'There is already an agent named Cursor in this workspace.' }],
    }
    await expect(agents.create('default', { name: 'Cursor' })).rejects.toMatchObject(taken)
    await expect(agents.update('default', other.id, { name: 'Cursor' })).rejects.toMatchObject(taken)
    expect(agents.list('default').map((agent) => agent.name)).toEqual(['Codex', 'Cursor'])
    await agents.create('other', { name: 'Cursor' })
  })

  it('change without touching the token', async () => {
    const { id, token } = await agents.create('default', { name: 'Cursor' })
    expect(await agents.update('default', id, { name: 'Cursor at home' })).toMatchObject({ id, name: 'Cursor at home' })
    expect(agents.authenticate(token)).toMatchObject({ name: 'Cursor at home' })
    expect(app.ended).toEqual([])
  })
})

it('keeps workspaces apart', async () => {
  const { id } = await agents.create('default', { name: 'Cursor' })
  expect(agents.list('other')).toEqual([])
  await expect(agents.update('other', id, { name: 'Mine' })).rejects.toMatchObject({ code: 'not_found' })
  await expect(agents.rotate('other', id)).rejects.toMatchObject({ code: 'not_found' })
  await expect(agents.remove('other', id)).rejects.toMatchObject({ code: 'not_found' })
  expect(() => agents.list('nowhere')).toThrow('There is no workspace named nowhere.')
})

describe('a profile and a discovery mode', () => {
  it('are kept, and told with each call', async () => {
    const profile = await app.profiles.create('default', profileInput())
    const input = { name: 'Cursor', profile_id: profile.id, discovery_mode: 'lazy' } as const
    const { token, ...agent } = await agents.create('default', input)
    expect(agent).toMatchObject({ profile_id: profile.id, discovery_mode: 'lazy' })
    expect(agents.authenticate(token)).toMatchObject({ profile, discoveryMode: 'lazy' })
    expect(agents.identityOf(agent.id)?.profile).toBe(profile)
    await again()
    expect(agents.list('default')).toEqual([agent])
    expect(agents.authenticate(token)).toMatchObject({ profile, discoveryMode: 'lazy' })
  })

  it('are everything, and what the settings say, until they are chosen', async () => {
    const { id, token } = await agents.create('default', { name: 'Cursor' })
    expect(agents.authenticate(token)).toMatchObject({ profile: null, discoveryMode: 'full' })
    app.settings.discoveryMode = 'lazy'
    expect(agents.authenticate(token)?.discoveryMode).toBe('lazy')
    await agents.update('default', id, { discovery_mode: 'full' })
    expect(agents.authenticate(token)?.discoveryMode).toBe('full')
    await agents.update('default', id, { discovery_mode: null })
    expect(agents.authenticate(token)?.discoveryMode).toBe('lazy')
    expect(agents.identityOf('nobody')).toBeUndefined()
  })

  it('apply at once when they change, to sessions that are open', async () => {
    const profile = await app.profiles.create('default', profileInput())
    const { id, token } = await agents.create('default', { name: 'Cursor' })
    expect(app.invalidated).toEqual([])
    await agents.update('default', id, { profile_id: profile.id })
    expect(agents.authenticate(token)?.profile).toBe(profile)
    expect(app.invalidated).toEqual(['default'])
    await agents.update('default', id, { discovery_mode: 'lazy' })
    expect(app.invalidated).toEqual(['default', 'default'])
    await agents.update('default', id, { name: 'Codex', profile_id: profile.id })
    expect(app.invalidated).toHaveLength(2)
    expect(agents.list('default')).toMatchObject([{ name: 'Codex', profile_id: profile.id, discovery_mode: 'lazy' }])
    await agents.update('default', id, { profile_id: null })
    expect(agents.authenticate(token)?.profile).toBeNull()
    expect(app.ended).toEqual([])
  })

  it('that is not there, or is in another workspace, is refused by name', async () => {
    const elsewhere = await app.profiles.create('other', profileInput())
    const { id } = await agents.create('default', { name: 'Cursor' })
    const refused = { code: 'invalid_input', details: [{ path: 'profile_id' }] }
    for (const profile_id of [elsewhere.id, 'nothing', '']) {
      await expect(agents.create('default', { name: 'Codex', profile_id })).rejects.toMatchObject(refused)
      await expect(agents.update('default', id, { profile_id })).rejects.toMatchObject(refused)
    }
    expect(agents.list('default')).toMatchObject([{ name: 'Cursor', profile_id: null }])
  })

  it('deleted in the same moment as it is given is refused as well', async () => {
    const profile = await app.profiles.create('default', profileInput())
    const both = await Promise.allSettled([
      app.profiles.remove('default', profile.id),
      agents.create('default', { name: 'Cursor', profile_id: profile.id }),
    ])
    const failed = both.filter((result) => result.status === 'rejected')
    expect(failed).toHaveLength(1)
    const used = agents.list('default').map((agent) => agent.profile_id)
    expect(used).toEqual(app.profiles.list('default').map(({ id }) => id))
  })
})

describe('the default agent', () => {
  it('gets a new token at each start, or the one that is given', async () => {
    const first = await agents.mintDefault('default')
    const second = await agents.mintDefault('default')
    expect(agents.authenticate(first)).toBeUndefined()
    expect(agents.authenticate(second)).toMatchObject({ name: 'default' })
    const fixed = 'a-token-from-the-environment-of-32-characters'
    expect(await agents.mintDefault('default', fixed)).toBe(fixed)
    expect(await agents.mintDefault('default', fixed)).toBe(fixed)
    expect(agents.authenticate(fixed)).toMatchObject({ name: 'default' })
    expect(agents.list('default')).toHaveLength(1)
  })

  it('does not take the token of another agent', async () => {
    const { token } = await agents.create('default', { name: 'Cursor' })
    await expect(agents.mintDefault('default', token)).rejects.toMatchObject({ code: 'invalid_input' })
    expect(agents.authenticate(token)).toMatchObject({ name: 'Cursor' })
  })
})

it('shows when an agent was last seen at once, and stores it every 30 s', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  const { id } = await agents.create('default', { name: 'Cursor' })
  const stored = () =>
    app.database.kysely.selectFrom('agents').select('last_seen_at').where('id', '=', id).executeTakeFirst()
  const events = app.emitter.subscribe('default', new AbortController().signal)
  agents.touch(id)
  const seen = agents.list('default')[0]?.last_seen_at
  expect(seen).toBe(new Date().toISOString())
  vi.advanceTimersByTime(29_000)
  expect((await stored())?.last_seen_at).toBeNull()
  vi.advanceTimersByTime(1_000)
  expect((await events.next()).value).toMatchObject({ type: 'agent_changed', agent: { last_seen_at: seen } })
  expect((await stored())?.last_seen_at).toBe(seen)
  agents.touch('somebody else')
})

it('knows to the second when an agent was last seen, and not later than it was', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: Date.parse('2026-01-02T03:04:05.000Z') })
  const { id } = await agents.create('default', { name: 'Cursor' })
  const seenAt = (milliseconds: number) => {
    vi.setSystemTime(Date.parse('2026-01-02T03:04:05.000Z') + milliseconds)
    agents.touch(id)
    return agents.list('default')[0]?.last_seen_at
  }
  expect(seenAt(0)).toBe('2026-01-02T03:04:05.000Z')
  expect(seenAt(999)).toBe('2026-01-02T03:04:05.000Z')
  expect(seenAt(1_000)).toBe('2026-01-02T03:04:06.000Z')
  // The clock was put back.
  expect(seenAt(-5_000)).toBe('2026-01-02T03:04:00.000Z')
})
