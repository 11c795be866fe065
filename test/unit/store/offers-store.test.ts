import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { IntegrationsStore, type McpRecord, type RestRecord } from '../../../src/main/store/integrations-store.ts'
import { Database } from '../../../src/main/store/database.ts'
import { migrations } from '../../../src/main/store/migrations/migrations.ts'
import { OffersStore } from '../../../src/main/store/offers-store.ts'
import { packSource } from '../../../src/main/store/rest-parts.ts'
import { RestSettings } from '../../../src/shared/contract/integrations.ts'
import { RestTool } from '../../../src/shared/contract/rest.ts'
import { freshDatabase, openDatabase, recordedLog, temporaryFolder } from './fresh-store.ts'

const record: McpRecord = {
  id: randomUUID(),
  workspace: 'default',
  name: 'github',
  displayName: 'GitHub',
  description: '',
  logoUrl: '',
  logo: null,
  category: '',
  status: 'active',
  protocol: 'mcp',
  mcp: {
    transport: 'http',
    server_url: 'https://example.com/mcp',
    headers: { 'X-A': 'b' },
    era: 'auto',
    isolation: 'shared',
  },
  authType: 'bearer',
  authHeaderPrefix: 'Token',
  auth: { header_name: 'X-Auth' },
  enabledTools: ['get_*'],
  disabledTools: [],
  onDefinitionChange: 'hold',
  system: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
}

const nothing = { capabilities: '{}', instructions: null, tools: '[]', prompts: '[]', resources: '[]', templates: '[]' }

it('keeps the last offer of an integration, and none of one that is gone', async () => {
  const database = await freshDatabase()
  const integrations = new IntegrationsStore(database)
  const offers = new OffersStore(database)
  await integrations.insert(record, [])
  expect((await integrations.listAll())[0]?.record).toEqual(record)

  await offers.set(record.id, { tools: '[{"name":"first"}]' })
  expect(await offers.listAll()).toEqual(new Map([[record.id, { ...nothing, tools: '[{"name":"first"}]' }]]))
  const rest = {
    capabilities: '{"prompts":{}}',
    instructions: 'Say "please".',
    prompts: '[1]',
    resources: '[2]',
    templates: '[3]',
  }
  await offers.set(record.id, rest)
  await offers.set(record.id, { tools: '[{"name":"second"}]' })
  expect(await offers.listAll()).toEqual(new Map([[record.id, { ...rest, tools: '[{"name":"second"}]' }]]))
  await offers.set(record.id, { instructions: null })
  expect((await offers.listAll()).get(record.id)?.instructions).toBeNull()

  await integrations.delete(record.id)
  await offers.set(record.id, { tools: '[{"name":"late"}]' })
  expect(await offers.listAll()).toEqual(new Map())
})

it('a database of before keeps its tools, and goes with its integration as it did', async () => {
  const file = join(temporaryFolder(), 'gatehouse.db')
  const { log } = recordedLog()
  const names = Object.keys(migrations)
  const before = Object.fromEntries(Object.entries(migrations).slice(0, names.indexOf('0005-offers')))
  const old = await Database.open(file, { log, migrations: before })
  const at = '2026-01-01T00:00:00.000Z'
  const mcp = JSON.stringify(record.mcp)
  await sql`INSERT INTO integrations (id, workspace, name, display_name, description, logo_url, category, status, mcp,
    auth_type, auth_header_prefix, auth, enabled_tools, disabled_tools, created_at, updated_at)
    VALUES (${record.id}, 'default', 'github', '', '', '', '', 'active', ${mcp}, 'none', '', '{}', '[]', '[]', ${at}, ${at})
  `.execute(old.kysely)
  await sql`INSERT INTO tool_lists VALUES (${record.id}, '[{"name":"kept"}]', ${at})`.execute(old.kysely)
  await old.close()

  const database = await openDatabase(file)
  const offers = new OffersStore(database)
  const [kept] = await new IntegrationsStore(database).listAll()
  expect(kept?.record).toMatchObject({ protocol: 'mcp', mcp: record.mcp })
  expect(await offers.listAll()).toEqual(new Map([[record.id, { ...nothing, tools: '[{"name":"kept"}]' }]]))
  await new IntegrationsStore(database).delete(record.id)
  expect(await offers.listAll()).toEqual(new Map())
})

it('writes an integration and its secrets together or not at all', async () => {
  const integrations = new IntegrationsStore(await freshDatabase())
  const row = {
    id: randomUUID(),
    ownerId: record.id,
    field: 'api_token',
    keyId: 'k',
    ciphertext: Buffer.alloc(20),
  }
  const wrongNonce = Buffer.alloc(3)
  await expect(integrations.insert(record, [{ ...row, nonce: wrongNonce }])).rejects.toThrow(/constraint/)
  expect(await integrations.listAll()).toEqual([])

  await integrations.insert(record, [{ ...row, nonce: Buffer.alloc(12) }])
  const replaced = integrations.update({ ...record, displayName: 'New' }, [{ ...row, id: 'r', nonce: wrongNonce }])
  await expect(replaced).rejects.toThrow(/constraint/)
  const [kept] = await integrations.listAll()
  expect(kept?.record.displayName).toBe('GitHub')
  expect(kept?.secrets.map((secret) => secret.id)).toEqual([row.id])
})

it('keeps the tools of a REST API apart, and writes them only where they are others', async () => {
  const database = await freshDatabase()
  const integrations = new IntegrationsStore(database)
  const { mcp: _mcp, ...fields } = record
  const tools = [RestTool.parse({ name: 'list', method: 'GET', path: '/' })]
  const { source: _source, ...settings } = RestSettings.parse({ base_url: 'https://api.example.com' })
  const api: RestRecord = { ...fields, protocol: 'rest', rest: { ...settings, tools, source: null } }
  const source = await packSource(
    { kind: 'file', name: 'a.json', document: '{"openapi":"3.1.0"}', files: { 'b.json': '{}' } },
    'OpenAPI 3.1.0',
  )
  await integrations.insert({ ...api, rest: { ...api.rest, source: source.facts } }, [], source)
  expect(await integrations.source(record.id)).toEqual({
    ...source.facts,
    document: '{"openapi":"3.1.0"}',
    files: { 'b.json': '{}' },
  })

  const renamed = { ...api, displayName: 'New', rest: { ...api.rest, tools: [] } }
  await integrations.update(renamed, undefined)
  const [kept] = await integrations.listAll()
  expect(kept?.record).toEqual({ ...api, displayName: 'New', rest: { ...api.rest, source: source.facts } })
  await integrations.update(renamed, undefined, { tools: true })
  expect((await integrations.listAll())[0]?.record).toMatchObject({ rest: { tools: [] } })

  await integrations.delete(record.id)
  for (const table of ['rest_tools', 'rest_sources'] as const) {
    expect(await database.kysely.selectFrom(table).selectAll().execute()).toEqual([])
  }
  expect(await integrations.source(record.id)).toBeUndefined()
})
