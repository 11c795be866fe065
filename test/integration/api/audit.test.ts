import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createORPCClient, safe } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../../src/shared/contract/audit.ts'
import { createHttpClient } from '../../helpers/http-client.ts'
import { startTestApp, type Client, type TestApp } from '../../helpers/start-app.ts'

/** Nothing listens on the discard port. */
const http = { transport: 'http' as const, server_url: 'http://127.0.0.1:9/mcp' }
const canaries = {
  token: 'canary-token-0123456789',
  header: 'canary-header-0123456789',
  description: 'canary-description-0123456789',
  refused: 'canary-refused-0123456789',
}

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

async function audited(limit = 100): Promise<Omit<AuditEntry, 'id' | 'at'>[]> {
  const { items } = await app.client().audit.list({ limit })
  return items.map(({ id: _id, at: _at, ...entry }) => entry)
}

const entry = (fields: Partial<AuditEntry>) => ({ actor: 'window', fields: [], outcome: 'ok', ...fields })

/** As the console in a browser signs in: with a code, for a session of its own. */
async function consoleToken(): Promise<string> {
  const [, code] = app.urls.console_url().split('#code=')
  const response = await fetch(`${app.urls.api_url}/console/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: app.origin },
    body: JSON.stringify({ code }),
  })
  return ((await response.json()) as { token: string }).token
}

function overRpc(token: string): Client {
  const headers = { authorization: `Bearer ${token}` }
  return createORPCClient(new RPCLink({ url: new URL('/rpc', app.urls.api_url), headers }))
}

describe('the audit', () => {
  it('says through which door an admin came', async () => {
    const token = await consoleToken()
    const clients: [AuditEntry['actor'], Client][] = [
      ['window', app.client('port')],
      ['api', createHttpClient({ apiUrl: app.urls.api_url, token: app.adminToken })],
      ['cli', overRpc(app.adminToken)],
      ['console', overRpc(token)],
      ['console', createHttpClient({ apiUrl: app.urls.api_url, token })],
    ]
    for (const [actor, client] of clients) {
      const { id } = await client.profiles.create({ name: 'Readers' })
      await client.profiles.remove({ id })
      expect(await audited(2)).toEqual([
        { actor, action: 'profiles.remove', target: id, fields: [], outcome: 'ok' },
        { actor, action: 'profiles.create', target: 'Readers', fields: [], outcome: 'ok' },
      ])
    }
  })

  it('tells each change by its fields, and each refusal by its reason', async () => {
    const client = app.client()
    const before = (await audited()).length
    const name = 'github'
    const credentials = { api_token: canaries.token, headers: { 'X-Secret': canaries.header } }
    await client.integrations.create({ name, mcp: http, auth_type: 'bearer', credentials })
    await client.integrations.update({ name, description: canaries.description, disabled_tools: ['x'] })
    await safe(client.integrations.create({ name, mcp: http }))
    await safe(client.integrations.update({ name: 'nothing', category: '' }))
    await safe(client.integrations.update({ name, mcp: { ...http, server_url: canaries.refused } }))
    await client.workspaces.update({ name: 'default', plan: 'free' })
    await safe(client.integrations.remove({ name, undo_s: 10 }))
    await client.workspaces.update({ name: 'default', plan: 'enterprise' })
    await client.integrations.remove({ name, undo_s: 60 })
    await client.integrations.restore({ name })
    expect((await audited()).slice(0, -before).reverse()).toEqual([
      entry({ action: 'integrations.create', target: name, fields: ['mcp', 'auth_type', 'credentials'] }),
      entry({ action: 'integrations.update', target: name, fields: ['description', 'disabled_tools'] }),
      entry({ action: 'integrations.create', target: name, fields: ['mcp'], outcome: 'name_taken' }),
      entry({ action: 'integrations.update', target: 'nothing', fields: ['category'], outcome: 'not_found' }),
      entry({ action: 'integrations.update', target: name, fields: ['mcp'], outcome: 'invalid_input' }),
      entry({ action: 'workspaces.update', target: 'default', fields: ['plan'] }),
      entry({ action: 'integrations.remove', target: name, fields: ['undo_s'], outcome: 'plan_required' }),
      entry({ action: 'workspaces.update', target: 'default', fields: ['plan'] }),
      entry({ action: 'integrations.remove', target: name, fields: ['undo_s'] }),
      entry({ action: 'integrations.restore', target: name }),
    ])
  })

  it('holds nothing of what only reads, tries or calls', async () => {
    const client = app.client()
    const before = await audited()
    await client.integrations.list()
    await client.integrations.get({ name: 'github' })
    await client.integrations.test({ name: 'github' })
    const steps = await client.integrations.test_draft({ mcp: http })
    for (let next = await steps.next(); !next.done; next = await steps.next());
    await safe(client.tools.call({ name: 'github__nothing', arguments: { secret: canaries.token } }))
    await client.console.create_url()
    expect(await audited()).toEqual(before)
  })

  it('holds nothing of a workspace that does not exist, and keeps each to itself', async () => {
    await app.client().workspaces.create({ name: 'team', plan: 'enterprise' })
    const there = app.client('router', 'team')
    await there.agents.create({ name: 'theirs' })
    await safe(app.client('router', 'later').agents.create({ name: 'nobody' }))
    expect((await there.audit.list({})).items).toMatchObject([{ action: 'agents.create', target: 'theirs' }])
    expect((await audited()).map(({ target }) => target)).not.toContain('theirs')
    await app.client().workspaces.create({ name: 'later' })
    expect((await app.client('router', 'later').audit.list({})).items).toEqual([])
  })

  it('holds no secret and no value, in the database as little as in an answer', async () => {
    const { items } = await app.client().audit.list({ limit: 1000 })
    const places = new Map([['answer', JSON.stringify(items)]])
    const entries = readdirSync(app.dataDir, { recursive: true, withFileTypes: true })
    for (const file of entries.filter((found) => found.isFile())) {
      places.set(file.name, readFileSync(join(file.parentPath, file.name), 'latin1'))
    }
    expect([...places.keys()]).toEqual(expect.arrayContaining(['gatehouse.db', 'gatehouse.db-wal']))
    for (const [place, text] of places) {
      for (const [what, canary] of Object.entries(canaries)) {
        // The description is in its own table: it is no secret. Of the audit it must stay out as well.
        if (what !== 'description' || place === 'answer')
          expect(text.includes(canary), `${what} in ${place}`).toBe(false)
      }
    }
  })
})
