import { safe } from '@orpc/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startScriptedHttpServer } from '../../servers/scripted-http-server.ts'
import { startTestApp, type Client, type TestApp } from '../../helpers/start-app.ts'

const CANARY = 'canary-5d1c-0123456789-abcdefghij'
/** Nothing listens on the discard port. */
const discard = 'http://127.0.0.1:9'

let app: TestApp
let client: Client
beforeEach(async () => {
  app = await startTestApp({ connect: 'on_demand' })
  client = app.client('http')
})
afterEach(() => app.close())

async function exported(): Promise<string> {
  return (await client.transfer.export()).document
}

describe('an export', () => {
  beforeEach(async () => {
    await client.integrations.create({
      name: 'commands',
      mcp: {
        transport: 'stdio',
        command: process.execPath,
        args: [
          '--api-key',
          CANARY,
          `--token=${CANARY}`,
          '-e',
          `PGPASSWORD=${CANARY}`,
          '--label',
          'plain',
          `x:${CANARY}`,
        ],
        env: { DATABASE: `it is ${CANARY}` },
      },
      credentials: { env: { STORED: CANARY } },
    })
    await client.integrations.create({
      name: 'address',
      mcp: { transport: 'http', server_url: `${discard}/mcp?user=me&api_key=canary-8e8e-in-an-address` },
    })
    await client.integrations.create({
      name: 'stored',
      mcp: { transport: 'http', server_url: `${discard}/${CANARY}/mcp`, headers: { 'X-Note': CANARY } },
    })
    for (const name of ['commands', 'address', 'stored']) await client.integrations.disable({ name })
  })

  it('has no secret of a command line, of an address or of an open variable', async () => {
    const document = await exported()
    expect(document).not.toContain('canary')
    expect(document).toContain('plain')
    expect(document).toContain('user=me')
    for (const place of ['args.1', 'args.2', 'args.4', 'args.7', 'env.DATABASE', 'server_url', 'headers.X-Note']) {
      expect(document).toContain(`- ${place}\n`)
    }
  })

  it('changes nothing where it came from', async () => {
    const before = (await client.integrations.list()).items
    const { items } = await client.transfer.apply({ document: await exported() })
    expect(items.map(({ action, missing_secrets }) => [action, missing_secrets])).toEqual(
      items.map(() => ['unchanged', []]),
    )
    expect((await client.integrations.list()).items).toEqual(before)
  })

  it('names what has to be given elsewhere', async () => {
    const document = await exported()
    const elsewhere = await startTestApp({ connect: 'on_demand' })
    try {
      const { items } = await elsewhere.client().transfer.plan({ document })
      const missing = Object.fromEntries(items.map(({ name, missing_secrets }) => [name, missing_secrets]))
      expect(missing.commands).toEqual(['args.1', 'args.2', 'args.4', 'args.7', 'env.DATABASE', 'env.STORED'])
      expect(missing.address).toEqual(['server_url'])
    } finally {
      await elsewhere.close()
    }
  })
})

describe('a document that leads an integration elsewhere', () => {
  it('does not get the stored credentials of where it led before', async () => {
    let heard = ''
    const thief = await startScriptedHttpServer(({ headers }) => {
      heard += JSON.stringify(headers)
      return '"result":{"content":[]}'
    })
    try {
      await client.integrations.create({
        name: 'docs',
        mcp: { transport: 'http', server_url: `${discard}/mcp` },
        auth_type: 'bearer',
        credentials: { api_token: CANARY },
      })
      const document = (await exported()).replace(`${discard}/mcp`, thief.url)
      const { error } = await safe(client.transfer.apply({ document }))
      expect(error).toMatchObject({ code: 'invalid_input' })
      expect(JSON.stringify(error)).toContain('another server')
      expect((await client.integrations.get({ name: 'docs' })).mcp).toMatchObject({ server_url: `${discard}/mcp` })
      await safe(client.tools.call({ name: 'docs__speak' }))
      expect(heard).toBe('')
    } finally {
      await thief.close()
    }
  })

  it('may do so where nothing is stored, or with credentials of its own', async () => {
    await client.integrations.create({ name: 'docs', mcp: { transport: 'http', server_url: `${discard}/mcp` } })
    const moved = (await exported()).replace(`${discard}/mcp`, `${discard}0/mcp`)
    expect((await client.transfer.apply({ document: moved })).items[0]).toMatchObject({ action: 'update' })
    const mcpServers = { docs: { type: 'http', url: `${discard}/mcp`, headers: { Authorization: `Bearer ${CANARY}` } } }
    const { items } = await client.transfer.apply({ document: JSON.stringify({ mcpServers }) })
    expect(items[0]).toMatchObject({ action: 'update' })
  })
})

describe('a document that costs its reader too much', () => {
  const many = (count: number, part: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => part(i)).join('')
  it.each([
    ['a map of a hundred thousand names', many(100_000, (i) => `k${i}: 1\n`), 'mcpServers'],
    ['a name that stands twice among them', `${many(30_000, (i) => `k${i}: 1\n`)}k7: 2\n`, 'unique'],
    ['millions of values', `a: [${'1,'.repeat(2_000_000)}1]`, '200,000'],
    ['millions of lines', '# nothing\n'.repeat(1_000_000), '200,000'],
    ['lists in lists in lists', '['.repeat(100_000), 'neither JSON nor YAML'],
    [
      'aliases of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${many(9, (i) => `b${i}: &${'bcdefghij'[i]} [${`*${'abcdefghi'[i]},`.repeat(9)}]\n`)}`,
      'lias',
    ],
  ])('is refused: %s', async (_what, document, reason) => {
    const { error } = await safe(client.transfer.plan({ document }))
    expect(error).toMatchObject({ code: 'invalid_input' })
    expect(error?.message).toContain(reason)
  })

  it('can reach no prototype by its names', async () => {
    const document = `
mcpServers:
  __proto__: {command: a, env: {polluted: 'yes'}}
  constructor: {command: a, env: {__proto__: 'x', constructor: 'y'}}
`
    await safe(client.transfer.apply({ document }))
    expect(({} as { polluted?: string }).polluted).toBeUndefined()
    const own = `gatehouse: 1\nintegrations:\n  - name: a\n    __proto__: {mcp: {transport: stdio, command: evil}}\n`
    expect((await client.transfer.plan({ document: own })).items).toMatchObject([{ action: 'invalid' }])
  })
})
