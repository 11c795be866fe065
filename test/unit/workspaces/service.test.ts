import { beforeEach, describe, expect, it } from 'vitest'
import { Emitter } from '../../../src/main/base/emitter.ts'
import type { Database } from '../../../src/main/store/database.ts'
import { WorkspacesStore } from '../../../src/main/store/workspaces-store.ts'
import { WorkspacesService } from '../../../src/main/workspaces/service.ts'
import { freshDatabase } from '../store/fresh-store.ts'

let database: Database
let emitter: Emitter
let workspaces: WorkspacesService
let held: { integrations: number; agents: number }
let erased: string[]

async function start(): Promise<WorkspacesService> {
  const contents = {
    count: () => held,
    erase: (name: string) => {
      erased.push(name)
      return Promise.resolve()
    },
  }
  const service = new WorkspacesService({ store: new WorkspacesStore(database), contents, emitter })
  await service.start()
  return service
}

beforeEach(async () => {
  database = await freshDatabase()
  emitter = new Emitter()
  held = { integrations: 0, agents: 0 }
  erased = []
  workspaces = await start()
})

it('keeps workspaces and their plans, and refuses a name twice', async () => {
  expect(workspaces.require('default').plan).toBe('enterprise')
  await workspaces.create({ name: 'team', plan: 'free' })
  await expect(workspaces.create({ name: 'team', plan: 'pro' })).rejects.toMatchObject({
    code: 'name_taken',
    details: [{ path: 'name', message: 'There is already a workspace named team.' }],
  })
  await workspaces.update({ name: 'team', plan: 'pro' })
  await expect(workspaces.update({ name: 'nowhere', plan: 'pro' })).rejects.toMatchObject({ code: 'not_found' })
  expect(workspaces.list().map(({ name, plan }) => [name, plan])).toEqual([
    ['default', 'enterprise'],
    ['team', 'pro'],
  ])
  expect((await start()).list()).toEqual(workspaces.list())
})

it('tells every workspace of each change: a console may be in any of them', async () => {
  const events = emitter.subscribe('default', new AbortController().signal)
  const next = async () => (await events.next()).value as unknown
  const team = await workspaces.create({ name: 'team', plan: 'free' })
  expect(await next()).toEqual({ type: 'workspace_changed', workspace: team })
  const changed = await workspaces.update({ name: 'team', plan: 'pro' })
  expect(await next()).toEqual({ type: 'workspace_changed', workspace: changed })
  await workspaces.remove('team')
  expect(await next()).toEqual({ type: 'workspace_removed', name: 'team' })
})

describe('deleting one', () => {
  beforeEach(() => workspaces.create({ name: 'team', plan: 'enterprise' }))

  it('erases what means nothing without it, and frees its name', async () => {
    await workspaces.remove('team')
    expect(erased).toEqual(['team'])
    expect(() => workspaces.require('team')).toThrow('There is no workspace named team.')
    expect((await start()).list().map(({ name }) => name)).toEqual(['default'])
    await workspaces.create({ name: 'team', plan: 'free' })
  })

  it.each([
    [{ integrations: 1, agents: 0 }, 'team still holds 1 integration. Delete it first.'],
    [{ integrations: 0, agents: 2 }, 'team still holds 2 agents. Delete them first.'],
    [{ integrations: 2, agents: 1 }, 'team still holds 2 integrations and 1 agent. Delete them first.'],
  ])('is refused while it holds %j', async (contents, message) => {
    held = contents
    await expect(workspaces.remove('team')).rejects.toMatchObject({ code: 'in_use', message })
    expect(erased).toEqual([])
    expect(workspaces.require('team').name).toBe('team')
  })

  it('is refused when something comes into it in the same moment', async () => {
    const agent = { id: 'a', workspace: 'team', name: 'Cursor', token_sha256: Buffer.alloc(32), created_at: 'now' }
    await database.kysely.insertInto('agents').values(agent).execute()
    await expect(workspaces.remove('team')).rejects.toMatchObject({
      code: 'in_use',
      message: 'The workspace team is not empty any more. Delete what is in it first.',
    })
    expect(workspaces.require('team').name).toBe('team')
  })

  it('is refused for the one that everything starts in, and for one that is not there', async () => {
    await expect(workspaces.remove('default')).rejects.toMatchObject({
      code: 'in_use',
      message: 'The workspace default can not be deleted: it is where everything starts.',
    })
    await expect(workspaces.remove('nowhere')).rejects.toMatchObject({ code: 'not_found' })
  })
})
