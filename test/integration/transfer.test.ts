import { fileURLToPath } from 'node:url'
import { isDefinedError } from '@orpc/client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startTestApp, type Client } from '../helpers/start-app.ts'

const server = fileURLToPath(new URL('../servers/bad-stdio-server.ts', import.meta.url))
const CANARY = 'canary-0f1e2d3c4b5a'

async function start() {
  const app = await startTestApp({ connect: 'on_demand' })
  onTestFinished(() => app.close())
  return app
}

const docs = { name: 'docs', mcp: { transport: 'http' as const, server_url: 'http://127.0.0.1:9/mcp' } }

/** A workspace with one of everything that an export holds. */
async function furnish(client: Client): Promise<void> {
  await client.integrations.create({
    ...docs,
    display_name: 'Docs & more: "quoted" #1',
    auth_type: 'bearer',
    credentials: { api_token: CANARY, headers: { 'X-Api-Key': `${CANARY}-2` } },
    enabled_tools: ['read_*'],
  })
  await client.integrations.create({
    name: 'notes',
    mcp: {
      transport: 'stdio',
      command: process.execPath,
      args: [server, '--label', 'yes'],
      env: { MODE: 'on', OPEN_TOKEN: `${CANARY}-3` },
    },
  })
  await client.integrations.disable({ name: 'notes' })
  const { id } = await client.profiles.create({ name: 'Reading', integrations: ['docs'], disabled_tools: ['docs__x'] })
  await client.agents.create({ name: 'reader', profile_id: id, discovery_mode: 'lazy' })
  await client.settings.update({ call_retention_days: 7 })
}

function problem(error: unknown): { code: string; message: string; details: { path: string; message: string }[] } {
  if (!(error instanceof Error) || !isDefinedError(error)) throw error
  const { code, message, data } = error as unknown as { code: string; message: string; data: { details: [] } }
  return { code, message, details: data.details }
}

async function refusal(call: Promise<unknown>) {
  return problem(await call.then(() => 'it was not refused').catch((error: unknown) => error))
}

describe('an export', () => {
  test('holds everything but secrets, whose names it keeps', async () => {
    const client = (await start()).client('http')
    await furnish(client)

    const { document } = await client.transfer.export()

    expect(document).not.toContain(CANARY)
    expect(document).toContain('gatehouse: 1')
    expect(document).toContain('- headers.X-Api-Key')
    expect(document).toContain('- env.OPEN_TOKEN')
    expect(document).toContain('MODE: on')
    expect(document).not.toContain('description')
  })

  test('that is applied to where it came from changes nothing', async () => {
    const client = (await start()).client('rpc')
    await furnish(client)
    const { document } = await client.transfer.export()
    const before = (await client.integrations.list()).items

    const { items } = await client.transfer.apply({ document })

    expect(items.map(({ name, action, missing_secrets }) => ({ name, action, missing_secrets }))).toEqual(
      ['docs', 'notes', 'Reading', 'default', 'reader', 'settings'].map((name) => ({
        name,
        action: 'unchanged',
        missing_secrets: [],
      })),
    )
    const after = (await client.integrations.list()).items
    expect(after.map(({ updated_at }) => updated_at)).toEqual(before.map(({ updated_at }) => updated_at))
  })

  test('makes the same workspace elsewhere, and says which secrets are still to be given', async () => {
    const source = (await start()).client()
    await furnish(source)
    const { document } = await source.transfer.export()
    const target = (await start()).client('http')

    const { items } = await target.transfer.apply({ document })

    expect(items.find(({ name }) => name === 'docs')).toMatchObject({
      action: 'create',
      missing_secrets: ['api_token', 'headers.X-Api-Key'],
    })
    expect(items.find(({ name }) => name === 'notes')?.missing_secrets).toEqual(['env.OPEN_TOKEN'])
    expect((await target.transfer.export()).document).toBe(document.replace(/ {4}secrets:\n(?: {6}- .*\n)+/g, ''))
    expect((await target.integrations.get({ name: 'notes' })).status).toBe('disabled')
    const [profile] = (await target.profiles.list()).items
    expect((await target.agents.list()).items.find(({ name }) => name === 'reader')).toMatchObject({
      profile_id: profile?.id,
      discovery_mode: 'lazy',
    })
  })

  test('that was edited changes what differs and keeps stored secrets', async () => {
    const client = (await start()).client()
    await furnish(client)
    const { document } = await client.transfer.export()
    const edited = document.replace('read_*', 'list_*').replace('MODE: on', 'MODE: off')

    const plan = await client.transfer.plan({ document: edited })
    expect(plan.items.filter(({ action }) => action === 'update')).toEqual([
      expect.objectContaining({ name: 'docs', fields: ['enabled_tools'] }),
      expect.objectContaining({ name: 'notes', fields: ['mcp'] }),
    ])
    expect((await client.integrations.get({ name: 'docs' })).enabled_tools).toEqual(['read_*'])

    expect(await client.transfer.apply({ document: edited })).toEqual(plan)
    expect(await client.integrations.get({ name: 'docs' })).toMatchObject({
      enabled_tools: ['list_*'],
      credentials: { api_token: `••••${CANARY.slice(-4)}` },
    })
    expect((await client.integrations.get({ name: 'notes' })).mcp).toMatchObject({
      env: { MODE: 'off', OPEN_TOKEN: `${CANARY}-3` },
    })
  })
})

test('the configuration of an MCP client is taken as well, its secrets into the vault', async () => {
  const client = (await start()).client()
  const document = JSON.stringify({
    mcpServers: {
      'My Docs': { url: 'http://127.0.0.1:9/mcp', headers: { Authorization: `Bearer ${CANARY}` } },
      notes: { command: process.execPath, args: [server], env: { API_TOKEN: CANARY, MODE: '${HOME}' } },
    },
  })

  const { items } = await client.transfer.apply({ document })

  expect(items.map(({ name, action }) => [name, action])).toEqual([
    ['my-docs', 'create'],
    ['notes', 'create'],
  ])
  expect(await client.integrations.get({ name: 'my-docs' })).toMatchObject({
    auth_type: 'bearer',
    credentials: { api_token: `••••${CANARY.slice(-4)}` },
  })
  expect((await client.integrations.get({ name: 'notes' })).mcp).toMatchObject({ env: { MODE: '${HOME}' } })
})

describe('a document that can not be used is refused as a whole, with words that say why', () => {
  test.each([
    ['gatehouse: 2\nintegrations: []', /newer Gatehouse \(format 2; this one reads 1\)/],
    ['hello: world', /neither a Gatehouse export/],
    ['', /neither a Gatehouse export/],
    ['gatehouse: 1\nintegrations: [', /neither JSON nor YAML: line 2, column 16/],
    ['gatehouse: 1\nintegratoins: []', /integratoins: There is no such field/],
    ['gatehouse: 1\nintegrations: 7', /integrations: /],
    [`a: &a [x,x,x,x,x,x,x,x,x,x]\n${bomb()}`, /neither JSON nor YAML/],
  ])('%j', async (document, words) => {
    const client = (await start()).client('http')
    const { code, message } = await refusal(client.transfer.apply({ document }))
    expect(code).toBe('invalid_input')
    expect(message).toMatch(words)
  })

  test('every bad item is named, and the good ones are not applied either', async () => {
    const client = (await start()).client()
    const document = [
      'gatehouse: 1',
      'integrations:',
      '  - { name: good, mcp: { transport: http, server_url: "http://127.0.0.1:9/mcp" } }',
      '  - { name: Bad Name, mcp: { transport: http, server_url: nowhere } }',
      '  - { name: slack, mcp: { transport: http, server_url: "http://127.0.0.1:9/mcp" } }',
      '  - { name: good, mcp: { transport: http, server_url: "http://127.0.0.1:9/mcp" } }',
      'agents:',
      '  - { name: one, profile: Nothing }',
    ].join('\n')

    const { items } = await client.transfer.plan({ document })
    const { message, details } = await refusal(client.transfer.apply({ document }))

    expect(items.map(({ action }) => action)).toEqual(['create', 'invalid', 'invalid', 'invalid', 'invalid'])
    expect(message).toBe('4 items are not valid, so nothing was applied.')
    expect(details.map(({ path }) => path)).toEqual([
      'integration Bad Name',
      'integration slack',
      'integration good',
      'agent one',
    ])
    expect((await client.integrations.list()).items.filter(({ source }) => source === 'custom')).toEqual([])
  })

  test('a workspace without the plan says so and stays as it is', async () => {
    const app = await start()
    await app.client().workspaces.create({ name: 'small', plan: 'free' })
    const document =
      'gatehouse: 1\nintegrations:\n  - { name: a, mcp: { transport: http, server_url: "http://127.0.0.1:9/mcp" } }'
    expect(await refusal(app.client('rpc', 'small').transfer.apply({ document }))).toMatchObject({
      code: 'plan_required',
    })
  })
})

/** "Billion laughs": each line holds the one before ten times. */
function bomb(): string {
  const names = 'abcdefghij'
  return Array.from(names.slice(1))
    .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${names[index]}`).join(',')}]`)
    .join('\n')
}

describe('REST APIs', () => {
  const tools = [
    {
      name: 'list',
      method: 'GET',
      path: `/items?token=${CANARY}`,
      parameters: [
        { name: 'limit', in: 'query' as const, schema: { type: 'integer' } },
        { name: 'api_key', in: 'header' as const, constant: CANARY },
      ],
    },
  ]
  const items = {
    name: 'items',
    protocol: 'rest' as const,
    rest: {
      base_url: 'http://127.0.0.1:9/v1',
      headers: { 'X-Api-Token': CANARY, Accept: 'text/csv' },
      tools,
      retries: 0,
    },
    auth_type: 'basic' as const,
    credentials: { username: 'somebody', password: `${CANARY}-2` },
  }

  test('come out with their tools and without secrets, and applying that changes nothing', async () => {
    const client = (await start()).client('http')
    await client.integrations.create(items)
    const before = await client.integrations.get({ name: 'items' })
    const { document } = await client.transfer.export()
    expect(document).not.toContain(CANARY)
    for (const place of [
      'password',
      'headers.X-Api-Token',
      'tools.list.path',
      'tools.list.parameters.header.api_key',
    ]) {
      expect(document).toContain(`- ${place}\n`)
    }
    const plan = await client.transfer.plan({ document })
    expect(plan.items.find(({ name }) => name === 'items')).toMatchObject({ action: 'unchanged', missing_secrets: [] })
    const changed = document.replace('text/csv', 'text/plain')
    const { items: done } = await client.transfer.apply({ document: changed })
    expect(done.find(({ name }) => name === 'items')).toMatchObject({ action: 'update', fields: ['rest'] })
    const after = await client.integrations.get({ name: 'items' })
    expect(after.rest).toEqual({ ...before.rest, headers: { Accept: 'text/plain', 'X-Api-Token': CANARY } })
  })

  test('are made elsewhere, and say what is missing there', async () => {
    const here = (await start()).client('http')
    await here.integrations.create({
      ...items,
      rest: { ...items.rest, tools: [{ ...tools[0], path: '/items' }] },
    } as never)
    const { document } = await here.transfer.export()
    const there = (await start()).client('http')
    const { items: done } = await there.transfer.apply({ document })
    expect(done.find(({ name }) => name === 'items')).toMatchObject({
      action: 'create',
      missing_secrets: ['headers.X-Api-Token', 'password', 'tools.list.parameters.header.api_key', 'username'],
    })
    const made = await there.integrations.get({ name: 'items' })
    expect(made.rest).toMatchObject({ base_url: 'http://127.0.0.1:9/v1', retries: 0, tools: [{ name: 'list' }] })
    const second = await there.transfer.plan({ document })
    expect(second.items.find(({ name }) => name === 'items')).toMatchObject({ action: 'unchanged' })
    const otherTools = document.replace('type: integer', 'type: number')
    const third = await there.transfer.plan({ document: otherTools })
    expect(third.items.find(({ name }) => name === 'items')).toMatchObject({ action: 'update', fields: ['rest.tools'] })
  })

  test('do not carry stored credentials to another server, or become one of MCP', async () => {
    const client = (await start()).client('http')
    await client.integrations.create(items)
    const { document } = await client.transfer.export()
    const away = await client.transfer.plan({ document: document.replace('127.0.0.1:9', '127.0.0.1:10') })
    expect(away.items.find(({ name }) => name === 'items')?.problem).toContain(
      'another server with the stored credentials',
    )
    const mcp = 'gatehouse: 1\nintegrations: [{name: items, mcp: {transport: stdio, command: "true"}}]'
    const { items: other } = await client.transfer.plan({ document: mcp })
    expect(other[0]?.problem).toContain('items is a REST API here and an MCP server in the document')
  })
})
