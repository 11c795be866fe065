import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parseToolList } from '../../../src/main/upstream/tool-list.ts'
import { freshProfile, httpInput, start, type Profile, type Started } from './service-fixture.ts'

const TOKEN = 'token-of-github-1234'
const UNDO_MS = 10_000
const undoable = { undoMs: UNDO_MS }
let profile: Profile
let app: Started

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  profile = freshProfile()
  app = await start(profile)
})
afterEach(() => vi.useRealTimers())

const github = (fields: Record<string, unknown> = {}) =>
  httpInput({ name: 'github', auth_type: 'bearer', credentials: { api_token: TOKEN }, ...fields })
const names = () =>
  app.integrations
    .list('default')
    .filter(({ source }) => source === 'custom')
    .map(({ name }) => name)
const stored = async () => {
  const rows = await app.database.kysely.selectFrom('integrations').select(['name', 'deleted_at']).execute()
  const sealed = await app.database.kysely.selectFrom('secrets').select('field').execute()
  return { rows: rows.map(({ name, deleted_at }) => [name, deleted_at !== null]), secrets: sealed.length }
}
const tools = parseToolList('[{"name":"get_issue","inputSchema":{"type":"object"}}]')
const tooLate = { code: 'not_found', message: expect.stringContaining('the time to undo is over') as string }

describe('a deletion that can be undone', () => {
  it('takes it out of the gateway, the list and its process at once, and keeps its row', async () => {
    await app.integrations.create('default', github())
    app.invalidated.length = 0
    const events = app.emitter.subscribe('default', new AbortController().signal)
    await app.integrations.remove('default', 'github', undoable)
    expect((await events.next()).value).toEqual({ type: 'integration_removed', name: 'github' })
    expect(names()).toEqual([])
    expect(() => app.integrations.get('default', 'github')).toThrow(/no integration named github/)
    expect(app.integrations.served('default')).toEqual([])
    expect(app.integrations.count('default')).toBe(0)
    expect(app.pool.of('github').closed).toBe(true)
    expect(app.invalidated).toEqual(['default'])
    expect(await stored()).toEqual({ rows: [['github', true]], secrets: 1 })
  })

  it('brings everything back: secrets, filter, tools, connection and output', async () => {
    const before = await app.integrations.create('default', github({ disabled_tools: ['get_secret'] }))
    const upstream = app.pool.of('github')
    upstream.tools = tools
    app.integrations.offerChanged(upstream, ['tools'])
    const output = app.pool.output(upstream.id)
    await app.integrations.remove('default', 'github', undoable)
    const events = app.emitter.subscribe('default', new AbortController().signal)
    const restored = await app.integrations.restore('default', 'github')
    expect(restored).toEqual({ ...before, connection: restored.connection, revision: restored.revision })
    expect(restored.connection).toMatchObject({ state: 'connected', tool_count: 1 })
    expect((await events.next()).value).toEqual({ type: 'integration_changed', integration: restored })
    expect(app.pool.started).toHaveLength(2)
    expect(app.pool.of('github')).not.toBe(upstream)
    expect(app.pool.of('github').secrets?.headers).toEqual({ Authorization: `Bearer ${TOKEN}` })
    expect(app.pool.output(upstream.id)).toBe(output)
    expect(app.integrations.served('default')).toMatchObject([{ slug: 'github', disabledTools: ['get_secret'] }])
    expect(await stored()).toEqual({ rows: [['github', false]], secrets: 1 })
    await vi.advanceTimersByTimeAsync(UNDO_MS)
    await app.stop()
    app = await start(profile)
    expect(app.integrations.get('default', 'github')).toEqual({ ...restored, revision: 0 })
    expect(app.pool.of('github').spec.lastKnown.tools.text).toBe(tools.text)
  })

  it('brings a disabled one back disabled', async () => {
    await app.integrations.create('default', github())
    await app.integrations.disable('default', 'github')
    await app.integrations.remove('default', 'github', undoable)
    expect(await app.integrations.restore('default', 'github')).toMatchObject({ status: 'disabled' })
    expect(app.pool.started).toHaveLength(1)
    expect(app.integrations.served('default')).toEqual([])
  })

  it('can be undone and done again', async () => {
    await app.integrations.create('default', github())
    for (let round = 0; round < 3; round++) {
      await app.integrations.remove('default', 'github', undoable)
      await vi.advanceTimersByTimeAsync(UNDO_MS - 1)
      await app.integrations.restore('default', 'github')
    }
    expect(names()).toEqual(['github'])
    await expect(app.integrations.restore('default', 'github')).rejects.toMatchObject(tooLate)
  })

  it('is final after its time: row, secrets and tools are erased', async () => {
    await app.integrations.create('default', github())
    const { id } = app.pool.of('github')
    await app.integrations.remove('default', 'github', undoable)
    await vi.advanceTimersByTimeAsync(UNDO_MS - 1)
    expect((await stored()).secrets).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    await expect(app.integrations.restore('default', 'github')).rejects.toMatchObject(tooLate)
    expect(await stored()).toEqual({ rows: [], secrets: 0 })
    expect(app.pool.outputs.has(id)).toBe(false)
    expect((await app.vault.state()).sealed_count).toBe(0)
  })

  it('leaves a row that can not be erased for the next start, and says so', async () => {
    await app.integrations.create('default', github())
    await app.integrations.remove('default', 'github', undoable)
    await sql`CREATE TRIGGER stuck BEFORE DELETE ON integrations BEGIN SELECT RAISE(ABORT, 'stuck'); END`.execute(
      app.database.kysely,
    )
    await vi.advanceTimersByTimeAsync(UNDO_MS)
    await expect(app.integrations.restore('default', 'github')).rejects.toMatchObject(tooLate)
    expect(app.lines.join('')).toContain('could not be erased; it will be at the next start')
    expect((await stored()).rows).toEqual([['github', true]])
    await sql`DROP TRIGGER stuck`.execute(app.database.kysely)
    await app.stop()
    app = await start(profile)
    expect((await stored()).rows).toEqual([])
  })
})

describe('a new one of the same name', () => {
  it('erases the deleted one, which can not come back', async () => {
    await app.integrations.create('default', github())
    await app.integrations.remove('default', 'github', undoable)
    const created = await app.integrations.create(
      'default',
      github({ credentials: { api_token: 'another-token-9876' } }),
    )
    expect(await stored()).toEqual({ rows: [['github', false]], secrets: 1 })
    await expect(app.integrations.restore('default', 'github')).rejects.toMatchObject({ code: 'not_found' })
    await vi.advanceTimersByTimeAsync(UNDO_MS)
    expect(app.integrations.get('default', 'github')).toEqual(created)
    expect((await stored()).rows).toEqual([['github', false]])
  })

  it('that is refused leaves the deleted one to be brought back', async () => {
    await app.integrations.create('default', github())
    await app.integrations.remove('default', 'github', undoable)
    const wrong = github({ credentials: { api_key: 'does-not-fit' } })
    await expect(app.integrations.create('default', wrong)).rejects.toMatchObject({ code: 'invalid_input' })
    await app.integrations.restore('default', 'github')
    expect(names()).toEqual(['github'])
  })

  it('in another workspace has nothing to do with it', async () => {
    await app.workspaces.create({ name: 'team', plan: 'enterprise' })
    await app.integrations.create('default', github())
    await app.integrations.remove('default', 'github', undoable)
    await app.integrations.create('team', github())
    await expect(app.integrations.restore('team', 'github')).rejects.toMatchObject(tooLate)
    await app.integrations.restore('default', 'github')
    expect(names()).toEqual(['github'])
  })
})

describe('what is still to be erased', () => {
  beforeEach(async () => {
    await app.integrations.create('default', github())
    await app.integrations.remove('default', 'github', undoable)
  })

  it('is when the gateway closes', async () => {
    await app.integrations.close()
    expect(await stored()).toEqual({ rows: [], secrets: 0 })
  })

  it('is at the next start after a crash', async () => {
    // As kill -9 leaves it: nothing is closed, and another process opens the file.
    await app.database.close()
    const next = await start(profile)
    expect(next.pool.started).toEqual([])
    await expect(next.integrations.restore('default', 'github')).rejects.toMatchObject(tooLate)
    app = next
    expect(await stored()).toEqual({ rows: [], secrets: 0 })
  })

  it('is when its workspace is deleted, and only that', async () => {
    await app.workspaces.create({ name: 'team', plan: 'enterprise' })
    await app.integrations.create('team', github())
    await app.integrations.remove('team', 'github', undoable)
    await app.integrations.eraseDeleted('team')
    expect(await stored()).toEqual({ rows: [['github', true]], secrets: 1 })
    await app.integrations.restore('default', 'github')
  })
})

it('holds to the plan, both ways', async () => {
  await app.integrations.create('default', github())
  await app.integrations.create('default', github({ name: 'other' }))
  await app.integrations.remove('default', 'github', undoable)
  await app.workspaces.update({ name: 'default', plan: 'pro' })
  const refused = { code: 'plan_required' }
  await expect(app.integrations.restore('default', 'github')).rejects.toMatchObject(refused)
  await expect(app.integrations.remove('default', 'other', undoable)).rejects.toMatchObject(refused)
  await app.workspaces.update({ name: 'default', plan: 'enterprise' })
  await app.integrations.restore('default', 'github')
  expect(names()).toEqual(['github', 'other'])
})

it('restores only what was deleted', async () => {
  await app.integrations.create('default', github())
  await expect(app.integrations.restore('default', 'github')).rejects.toMatchObject(tooLate)
  await expect(app.integrations.restore('default', 'nothing')).rejects.toMatchObject(tooLate)
  await expect(app.integrations.restore('default', 'slack')).rejects.toMatchObject(tooLate)
  await expect(app.integrations.restore('nowhere', 'github')).rejects.toMatchObject({ code: 'not_found' })
  await app.integrations.remove('default', 'github')
  await expect(app.integrations.restore('default', 'github')).rejects.toMatchObject(tooLate)
})
