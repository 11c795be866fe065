import { expect, it } from 'vitest'
import { Emitter } from '../../../src/main/base/emitter.ts'
import { WorkspacesStore } from '../../../src/main/store/workspaces-store.ts'
import { WorkspacesService } from '../../../src/main/workspaces/service.ts'
import { freshDatabase } from '../store/fresh-store.ts'

it('keeps workspaces and their plans, tells of changes, and refuses a name twice', async () => {
  const store = new WorkspacesStore(await freshDatabase())
  const emitter = new Emitter()
  const workspaces = new WorkspacesService({ store, emitter })
  await workspaces.start()
  expect(workspaces.require('default').plan).toBe('enterprise')

  const events = emitter.subscribe('team', new AbortController().signal)
  const team = await workspaces.create({ name: 'team', plan: 'free' })
  expect((await events.next()).value).toEqual({ type: 'workspace_changed', workspace: team })
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

  const restarted = new WorkspacesService({ store, emitter })
  await restarted.start()
  expect(restarted.list()).toEqual(workspaces.list())
})
