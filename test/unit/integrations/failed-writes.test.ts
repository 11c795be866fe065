import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import { parseToolList } from '../../../src/main/upstream/tool-list.ts'
import { freshProfile, httpInput, start, stdioInput, type Profile, type Started } from './service-fixture.ts'

let profile: Profile
let app: Started

beforeEach(async () => {
  profile = freshProfile()
  app = await start(profile)
})

async function pragma(words: string): Promise<unknown> {
  const { rows } = await sql.raw<Record<string, unknown>>(`PRAGMA ${words}`).execute(app.database.kysely)
  return Object.values(rows[0] ?? {})[0]
}

/** SQLite's own limit answers with SQLITE_FULL, as a disk does, on every system and for every user. */
const fillUp = async () => pragma(`max_page_count = ${String(await pragma('page_count'))}`)
const makeSpace = () => pragma('max_page_count = 1000000')

const custom = () => app.integrations.list('default').filter(({ source }) => source === 'custom')
/** More than what is free in the pages that there are. */
const large = { mcp: { transport: 'stdio', command: 'node', args: ['x'.repeat(30_000), 'y'.repeat(30_000)] } }

describe('on a full disk', () => {
  const full = { code: 'internal', message: expect.stringMatching(/^The disk that holds .* is full\. Free/) as string }

  it('nothing of a new integration stays, and it can be made when there is space', async () => {
    await fillUp()
    await expect(app.integrations.create('default', httpInput({ name: 'new-one', ...large }))).rejects.toMatchObject(
      full,
    )
    expect(custom()).toEqual([])
    expect(app.pool.started).toEqual([])
    await makeSpace()
    await app.integrations.create('default', httpInput({ name: 'new-one', ...large }))
    expect(custom().map(({ name }) => name)).toEqual(['new-one'])
  })

  it('an integration stays as it was, in memory and in the store, with its tools', async () => {
    const before = await app.integrations.create('default', stdioInput({ name: 'files' }))
    const upstream = app.pool.of('files')
    upstream.tools = parseToolList('[{"name":"read","inputSchema":{"type":"object"}}]')
    app.integrations.offerChanged(upstream, ['tools'])
    await fillUp()
    const { mcp } = stdioInput(large)
    await expect(app.integrations.update('default', 'files', { mcp })).rejects.toMatchObject(full)
    expect(app.integrations.get('default', 'files')).toMatchObject({ mcp: before.mcp, connection: { tool_count: 1 } })
    expect(app.pool.started).toHaveLength(1)
    await app.stop()
    app = await start(profile)
    expect(app.integrations.get('default', 'files')).toMatchObject({ mcp: before.mcp, connection: { tool_count: 1 } })
  })

  it('what a server offers is served, though it can not be kept', async () => {
    await app.integrations.create('default', stdioInput({ name: 'files' }))
    await fillUp()
    const upstream = app.pool.of('files')
    const tool = { name: 'read', description: 'z'.repeat(50_000), inputSchema: { type: 'object' } }
    upstream.tools = parseToolList(JSON.stringify([tool]))
    app.integrations.offerChanged(upstream, ['tools'])
    expect(app.integrations.filteredTools('default', 'files').tools).toBe(upstream.tools)
    await expect.poll(() => app.lines.join('')).toContain('what a server offers could not be stored')
  })
})

it('another server and the end of the tools of the one before are one write', async () => {
  const before = await app.integrations.create('default', httpInput({ name: 'github' }))
  const upstream = app.pool.of('github')
  upstream.tools = parseToolList('[{"name":"read","inputSchema":{"type":"object"}}]')
  app.integrations.offerChanged(upstream, ['tools'])
  await sql`
    CREATE TRIGGER failing BEFORE DELETE ON offers BEGIN SELECT RAISE(ABORT, 'no deletion'); END
  `.execute(app.database.kysely)
  await expect.poll(async () => (await app.database.kysely.selectFrom('offers').selectAll().execute()).length).toBe(1)
  const { mcp } = httpInput({ mcp: { transport: 'http', server_url: 'https://other.example.com/mcp' } })
  await expect(app.integrations.update('default', 'github', { mcp })).rejects.toThrow('no deletion')
  expect(app.integrations.get('default', 'github').mcp).toEqual(before.mcp)
  expect(app.integrations.filteredTools('default', 'github').tools).toBe(upstream.tools)
  expect(app.pool.started).toHaveLength(1)
})

describe('on a database that has become read-only', () => {
  it('everything is read and served, every write says why it fails, and nothing is half done', async () => {
    const before = await app.integrations.create('default', httpInput({ name: 'github' }))
    // What a file system does that was remounted read-only after an error: SQLITE_READONLY.
    await pragma('query_only = ON')
    const refused = { code: 'internal', message: expect.stringMatching(/can't be written\. Make it/) as string }
    const { integrations } = app
    await expect(integrations.create('default', httpInput())).rejects.toMatchObject(refused)
    await expect(integrations.update('default', 'github', { description: 'x' })).rejects.toMatchObject(refused)
    await expect(integrations.disable('default', 'github')).rejects.toMatchObject(refused)
    await expect(integrations.remove('default', 'github')).rejects.toMatchObject(refused)
    expect(custom()).toEqual([before])
    expect(integrations.served('default')).toHaveLength(1)
    await pragma('query_only = OFF')
    expect(await integrations.update('default', 'github', { description: 'x' })).toMatchObject({ description: 'x' })
  })
})
