import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { filesOf, filesWith } from '../../helpers/files-of.ts'
import { startTestApp, type Client, type TestApp } from '../../helpers/start-app.ts'

const CANARY = 'canary-5b2e-what-was-said-of-it'
/** Nothing listens on the discard port. */
const mcp = { transport: 'http' as const, server_url: 'http://127.0.0.1:9/mcp' }

let app: TestApp
let client: Client
beforeAll(async () => {
  app = await startTestApp({ connect: 'on_demand' })
  client = app.client()
})
afterAll(() => app.close())

beforeEach(async () => {
  const there = (await client.integrations.list()).items.some(({ name }) => name === 'docs')
  if (there) await client.integrations.remove({ name: 'docs' })
  await client.integrations.create({
    name: 'docs',
    description: CANARY,
    mcp,
    auth_type: 'bearer',
    credentials: { api_token: 'a-token-of-no-meaning-here' },
  })
  expect(filesWith(app.dataDir, CANARY)).not.toEqual([])
})

/** The id of the vault's key, as it stands in the record of that key and beside everything that it seals. */
function keyIds(): string[] {
  const texts = filesOf(app.dataDir).map(({ content }) => content.toString('latin1'))
  const found = texts.flatMap((text) =>
    [...text.matchAll(/"key_id":"([0-9a-f-]{36})"/g)].map((match) => match[1] ?? ''),
  )
  return [...new Set(found)]
}

it('what is deleted is gone from the disk, its write-ahead log included', async () => {
  await client.integrations.remove({ name: 'docs' })
  expect(filesWith(app.dataDir, CANARY)).toEqual([])
})

it('what is deleted with undo is gone from the disk when its time is over', async () => {
  await client.integrations.remove({ name: 'docs', undo_s: 1 })
  expect(filesWith(app.dataDir, CANARY)).not.toEqual([])
  await vi.waitFor(() => expect(filesWith(app.dataDir, CANARY)).toEqual([]))
})

it('a key that was rotated is gone from the disk with everything that it sealed', async () => {
  const [former = ''] = keyIds()
  await client.vault.rotate({})
  const [key = '', ...others] = keyIds()
  expect([key === former, others]).toEqual([false, []])
  expect(filesWith(app.dataDir, former)).toEqual([])
})

it('nothing of a vault that was reset is left on the disk', async () => {
  const [former = ''] = keyIds()
  await client.vault.reset({ confirm: 'delete all secrets' })
  expect(keyIds()).toEqual([])
  expect(filesWith(app.dataDir, former)).toEqual([])
})
