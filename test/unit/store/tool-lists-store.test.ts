import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { IntegrationsStore, type IntegrationRecord } from '../../../src/main/store/integrations-store.ts'
import { ToolListsStore } from '../../../src/main/store/tool-lists-store.ts'
import { freshDatabase } from './fresh-store.ts'

const record: IntegrationRecord = {
  id: randomUUID(),
  workspace: 'default',
  name: 'github',
  displayName: 'GitHub',
  description: '',
  logoUrl: '',
  logo: null,
  category: '',
  status: 'active',
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
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
}

it('keeps the last list of an integration, and none of one that is gone', async () => {
  const database = await freshDatabase()
  const integrations = new IntegrationsStore(database)
  const lists = new ToolListsStore(database)
  await integrations.insert(record, [])
  expect((await integrations.listAll())[0]?.record).toEqual(record)

  await lists.set(record.id, '[{"name":"first"}]')
  await lists.set(record.id, '[{"name":"second"}]')
  expect(await lists.listAll()).toEqual(new Map([[record.id, '[{"name":"second"}]']]))

  await integrations.delete(record.id)
  await lists.set(record.id, '[{"name":"late"}]')
  expect(await lists.listAll()).toEqual(new Map())
})

it('writes an integration and its secrets together or not at all', async () => {
  const integrations = new IntegrationsStore(await freshDatabase())
  const row = {
    id: randomUUID(),
    integrationId: record.id,
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
