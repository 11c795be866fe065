import { beforeEach, describe, expect, it } from 'vitest'
import { Profile } from '../../../src/shared/contract/profiles.ts'
import { freshFile, profileInput, startAgents, type Started } from './agents-fixture.ts'

let file: string
let app: Started
let profiles: Started['profiles']

beforeEach(async () => {
  file = freshFile()
  app = await startAgents(file)
  profiles = app.profiles
})

const restricted = {
  integrations: ['github'],
  enabled_tools: ['github__get_*'],
  disabled_tools: ['github__get_secret'],
}

it('are kept as they were given, in their workspace, and told', async () => {
  const events = app.emitter.subscribe('default', new AbortController().signal)
  const created = await profiles.create('default', profileInput(restricted))
  expect(Profile.strict().parse(created)).toEqual(created)
  expect(created).toMatchObject({ name: 'Readers', ...restricted })
  expect((await events.next()).value).toEqual({ type: 'profile_changed', profile: created })
  const all = await profiles.create('default', profileInput({ name: 'All' }))
  // Nobody chose, so nothing is sent.
  expect(all).toMatchObject({ integrations: null, enabled_tools: [], disabled_tools: ['slack__post_message'] })
  const chosen = await profiles.create('other', profileInput({ disabled_tools: [] }))
  expect(chosen.disabled_tools).toEqual([])
  await profiles.remove('other', chosen.id)
  expect(profiles.list('default')).toEqual([all, created])
  expect(profiles.list('other')).toEqual([])
  expect(profiles.find('other', created.id)).toBeUndefined()
  expect(() => profiles.list('nowhere')).toThrow('There is no workspace named nowhere.')
  await app.stop()
  app = await startAgents(file)
  expect(app.profiles.list('default')).toEqual([all, created])
})

it('have names that are unique in a workspace', async () => {
  await profiles.create('default', profileInput())
  const other = await profiles.create('default', profileInput({ name: 'Writers' }))
  const taken = {
    code: 'name_taken',
    details: [{ path: 'name', message: 'There is already a profile named Readers in this workspace.' }],
  }
  await expect(profiles.create('default', profileInput())).rejects.toMatchObject(taken)
  await expect(profiles.update('default', other.id, { name: 'Readers' })).rejects.toMatchObject(taken)
  expect(profiles.list('default').map(({ name }) => name)).toEqual(['Readers', 'Writers'])
  await profiles.create('other', profileInput())
})

describe('a change', () => {
  it('reaches the agents that have it, and their open sessions', async () => {
    const before = await profiles.create('default', profileInput(restricted))
    const { token } = await app.agents.create('default', { name: 'Cursor', profile_id: before.id })
    expect(app.agents.authenticate(token)?.profile).toBe(app.agents.authenticate(token)?.profile)
    expect(app.invalidated).toEqual([])
    const events = app.emitter.subscribe('default', new AbortController().signal)
    const changed = await profiles.update('default', before.id, { integrations: null, disabled_tools: [] })
    expect(changed).toEqual({ ...before, integrations: null, disabled_tools: [] })
    expect((await events.next()).value).toEqual({ type: 'profile_changed', profile: changed })
    expect(app.agents.authenticate(token)?.profile).toBe(changed)
    expect(app.invalidated).toEqual(['default'])
    await app.stop()
    app = await startAgents(file)
    expect(app.agents.authenticate(token)?.profile).toEqual(changed)
  })

  it('does not lose one that comes at the same time', async () => {
    const { id } = await profiles.create('default', profileInput())
    await Promise.all([
      profiles.update('default', id, { name: 'Writers' }),
      profiles.update('default', id, { enabled_tools: ['*__write'] }),
    ])
    expect(profiles.list('default')).toMatchObject([{ name: 'Writers', enabled_tools: ['*__write'] }])
  })

  it('from another workspace finds nothing', async () => {
    const { id } = await profiles.create('default', profileInput())
    await expect(profiles.update('other', id, { name: 'Mine' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(profiles.remove('other', id)).rejects.toMatchObject({ code: 'not_found' })
    await expect(profiles.remove('default', 'nothing')).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('deleting one', () => {
  it('is refused while agents have it, and says which', async () => {
    const { id } = await profiles.create('default', profileInput())
    const ids: string[] = []
    for (const name of ['Cursor', 'Claude Code', 'Codex', 'Zed', 'Gemini']) {
      ids.push((await app.agents.create('default', { name, profile_id: id })).id)
    }
    const refused = (message: string) => ({ code: 'in_use', message })
    await expect(profiles.remove('default', id)).rejects.toMatchObject(
      refused('Readers is the profile of Claude Code, Codex, Cursor and 2 more. Give them another one first.'),
    )
    for (const agent of ids.slice(1)) await app.agents.remove('default', agent)
    await expect(profiles.remove('default', id)).rejects.toMatchObject(
      refused('Readers is the profile of Cursor. Give it another one first.'),
    )
    await app.agents.update('default', ids[0] ?? '', { profile_id: null })
    const events = app.emitter.subscribe('default', new AbortController().signal)
    await profiles.remove('default', id)
    expect((await events.next()).value).toEqual({ type: 'profile_removed', id })
    expect(profiles.list('default')).toEqual([])
    expect(profiles.find('default', id)).toBeUndefined()
  })

  it('with its whole workspace leaves those of others', async () => {
    const kept = await profiles.create('default', profileInput())
    await profiles.create('other', profileInput())
    await profiles.create('other', profileInput({ name: 'Writers' }))
    await profiles.eraseOf('other')
    expect(profiles.list('other')).toEqual([])
    expect(profiles.list('default')).toEqual([kept])
  })
})
