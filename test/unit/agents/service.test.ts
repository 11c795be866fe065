import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AgentsService } from '../../../src/main/agents/service.ts'
import { Emitter } from '../../../src/main/base/emitter.ts'
import { AgentsStore } from '../../../src/main/store/agents-store.ts'
import { Database } from '../../../src/main/store/database.ts'
import { WorkspacesStore } from '../../../src/main/store/workspaces-store.ts'
import { WorkspacesService } from '../../../src/main/workspaces/service.ts'
import { recordedLog, temporaryFolder } from '../store/fresh-store.ts'

let file: string
let database: Database
let emitter: Emitter
let ended: string[]
let agents: AgentsService

async function start(): Promise<void> {
  const { log } = recordedLog()
  database = await Database.open(file, { log })
  emitter = new Emitter()
  ended = []
  const workspaces = new WorkspacesService({ store: new WorkspacesStore(database), emitter })
  await workspaces.start()
  if (!workspaces.list().some(({ name }) => name === 'other')) await workspaces.create({ name: 'other', plan: 'free' })
  const sessions = { endSessionsOf: (id: string) => void ended.push(id) }
  agents = new AgentsService({ store: new AgentsStore(database), workspaces, emitter, sessions, log })
  await agents.start()
}

async function stop(): Promise<void> {
  await agents.close()
  await database.close()
}

beforeEach(async () => {
  file = join(temporaryFolder(), 'gatehouse.db')
  await start()
})
afterEach(async () => {
  vi.useRealTimers()
  await stop()
})

describe('a token', () => {
  it('is shown once, opens the door, and only its hash is stored', async () => {
    const { token, ...agent } = await agents.create('default', 'Claude Code')
    expect(token).toMatch(/^ghk_[\w-]{43}$/)
    expect(agents.list('default')).toEqual([agent])
    const identity = { id: agent.id, name: 'Claude Code', workspace: 'default' }
    expect(agents.authenticate(token)).toEqual(identity)
    await stop()
    expect(readFileSync(file).includes(token)).toBe(false)
    await start()
    expect(agents.authenticate(token)).toEqual(identity)
  })

  it.each(['', 'ghk_', 'ghk_' + 'A'.repeat(43), 'Bearer'])('that nobody has opens nothing: %j', async (token) => {
    await agents.create('default', 'Claude Code')
    expect(agents.authenticate(token)).toBeUndefined()
  })

  it('ends when it is rotated, with the sessions made by it', async () => {
    const first = await agents.create('default', 'Cursor')
    const second = await agents.rotate('default', first.id)
    expect(second.token).not.toBe(first.token)
    expect(agents.authenticate(first.token)).toBeUndefined()
    expect(agents.authenticate(second.token)).toMatchObject({ id: first.id })
    expect(ended).toEqual([first.id])
  })

  it('ends when its agent is removed', async () => {
    const { id, token } = await agents.create('default', 'Cursor')
    await agents.remove('default', id)
    expect(agents.authenticate(token)).toBeUndefined()
    expect(agents.list('default')).toEqual([])
    expect(ended).toEqual([id])
    await expect(agents.remove('default', id)).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('names', () => {
  it('are unique in a workspace, for new agents and renamed ones, and free in another', async () => {
    await agents.create('default', 'Cursor')
    const other = await agents.create('default', 'Codex')
    const taken = {
      code: 'name_taken',
      details: [{ path: 'name', message: 'There is already an agent named Cursor in this workspace.' }],
    }
    await expect(agents.create('default', 'Cursor')).rejects.toMatchObject(taken)
    await expect(agents.update('default', other.id, 'Cursor')).rejects.toMatchObject(taken)
    expect(agents.list('default').map((agent) => agent.name)).toEqual(['Codex', 'Cursor'])
    await agents.create('other', 'Cursor')
  })

  it('change without touching the token', async () => {
    const { id, token } = await agents.create('default', 'Cursor')
    expect(await agents.update('default', id, 'Cursor at home')).toMatchObject({ id, name: 'Cursor at home' })
    expect(agents.authenticate(token)).toMatchObject({ name: 'Cursor at home' })
    expect(ended).toEqual([])
  })
})

it('keeps workspaces apart', async () => {
  const { id } = await agents.create('default', 'Cursor')
  expect(agents.list('other')).toEqual([])
  await expect(agents.update('other', id, 'Mine')).rejects.toMatchObject({ code: 'not_found' })
  await expect(agents.rotate('other', id)).rejects.toMatchObject({ code: 'not_found' })
  await expect(agents.remove('other', id)).rejects.toMatchObject({ code: 'not_found' })
  expect(() => agents.list('nowhere')).toThrow('There is no workspace named nowhere.')
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
    const { token } = await agents.create('default', 'Cursor')
    await expect(agents.mintDefault('default', token)).rejects.toMatchObject({ code: 'invalid_input' })
    expect(agents.authenticate(token)).toMatchObject({ name: 'Cursor' })
  })
})

it('shows when an agent was last seen at once, and stores it every 30 s', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  const { id } = await agents.create('default', 'Cursor')
  const stored = () =>
    database.kysely.selectFrom('agents').select('last_seen_at').where('id', '=', id).executeTakeFirst()
  const events = emitter.subscribe('default', new AbortController().signal)
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
