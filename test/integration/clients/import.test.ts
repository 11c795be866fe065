import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { safe } from '@orpc/client'
import { parse } from 'jsonc-parser'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ClientId } from '../../../src/shared/contract/clients.ts'
import { ClientsHarness } from './harness.ts'

let harness: ClientsHarness
beforeEach(async () => {
  harness = await ClientsHarness.start({ DEMO_TOKEN: 'canary-from-environment' })
})
afterEach(() => harness.close())

/** Nothing listens there, so nothing has to be started. */
const server = (name: string) => ({ type: 'http', url: `http://127.0.0.1:9/${name}` })
const write = (id: ClientId, key: string, servers: Record<string, unknown>) =>
  harness.write(id, JSON.stringify({ [key]: servers }, null, 2))
const found = async () => (await harness.client.clients.servers()).items

describe('servers of clients', () => {
  it('are found in every format, without the gateway and without their secrets', async () => {
    await write('claude-code', 'mcpServers', {
      one: {
        command: 'npx',
        args: ['-y', 'one', '--token', 'canary-argument'],
        env: { ONE_KEY: 'canary-env', MODE: 'a' },
      },
      itself: { type: 'http', url: harness.app.urls.mcp_url },
    })
    await write('vscode', 'servers', { two: { type: 'sse', url: 'https://two.example/x?api_key=canary-query' } })
    await harness.write(
      'codex',
      '[mcp_servers.three]\nurl = "https://three.example/mcp"\nbearer_token_env_var = "DEMO_TOKEN"\n',
    )
    await write('gemini', 'mcpServers', {
      four: { url: 'https://four.example/mcp', headers: { 'X-Key': '$DEMO_TOKEN' } },
    })
    await write('windsurf', 'mcpServers', { five: { serverUrl: 'https://five.example/mcp' } })
    await write('zed', 'context_servers', {
      six: { source: 'custom', command: 'six', args: [] },
      seven: { source: 'extension', settings: {} },
    })
    await harness.write('cursor', '{ broken')
    await harness.client.clients.connect({ id: 'windsurf' })

    const items = await found()
    expect(
      items.map(({ client, server: name, transport, target, secret_count, problem }) => [
        client,
        name,
        transport,
        target,
        secret_count,
        problem,
      ]),
    ).toEqual([
      ['claude-code', 'one', 'stdio', 'npx -y one --token ••••', 1, null],
      ['vscode', 'two', 'sse', 'https://two.example/x?api_key=••••', 0, null],
      ['codex', 'three', 'http', 'https://three.example/mcp', 1, null],
      ['gemini', 'four', 'sse', 'https://four.example/mcp', 1, null],
      ['windsurf', 'five', 'http', 'https://five.example/mcp', 0, null],
      ['zed', 'six', 'stdio', 'six', 0, null],
      ['zed', 'seven', null, '', 0, 'It has neither a command nor a URL.'],
    ])
    expect(JSON.stringify(items)).not.toContain('canary')
  })

  it('get names that are free, and are known where they are integrations already', async () => {
    await harness.client.integrations.create({
      name: 'github',
      mcp: { transport: 'http', server_url: server('known').url },
    })
    await write('cursor', 'mcpServers', {
      GitHub: server('known'),
      github: server('other'),
      new: server('reserved'),
      slack: server('system'),
      数据: server('nameless'),
    })
    expect((await found()).map(({ server: name, name: slug, known }) => [name, slug, known])).toEqual([
      ['GitHub', 'github-2', true],
      ['github', 'github-3', false],
      ['new', 'new-2', false],
      ['slack', 'slack-2', false],
      ['数据', 'server', false],
    ])
  })

  it.each([
    [{ url: 'https://x.example', headers: { A: '${input:key}' } }, 'vscode', 'It uses ${input:key}, which Gatehouse'],
    [{ command: 'x', envFile: '${workspaceFolder}/.env' }, 'vscode', 'It reads variables from ${workspaceFolder}/.env'],
    [{ command: 'x', cwd: './here' }, 'cursor', 'Its folder ./here is relative'],
    [{ command: 'x', disabled: true }, 'windsurf', 'It is switched off in Windsurf'],
    [{ type: 'ws', url: 'ws://x.example' }, 'cursor', 'the transport "ws"'],
  ] as const)('can not be imported: %j of %s', async (entry, id, problem) => {
    await write(id, id === 'vscode' ? 'servers' : 'mcpServers', { x: entry })
    expect((await found())[0]?.problem).toContain(problem)
  })
})

describe('importing', () => {
  it('makes 197 integrations of 200 servers, and says why of the other three', async () => {
    const servers: Record<string, unknown> = {}
    for (let number = 0; number < 200; number++) servers[`server ${number}`] = server(String(number))
    servers['server 7'] = { command: 5 }
    servers['server 70'] = { type: 'http', url: 'not a url' }
    servers['server 170'] = 'nothing'
    await write('cursor', 'mcpServers', servers)
    const wanted = Object.keys(servers).map((name) => ({ client: 'cursor' as const, server: name }))
    const { items } = await harness.client.clients.import_servers({ servers: wanted })
    expect(items).toHaveLength(200)
    const failed = items.filter(({ name }) => name === null)
    expect(failed.map((item) => item.server)).toEqual(['server 7', 'server 70', 'server 170'])
    for (const { problem } of failed) expect(problem).toMatch(/^\S.{10,}/)
    const made = (await harness.client.integrations.list()).items.filter(({ source }) => source === 'custom')
    expect(made).toHaveLength(197)
    expect(made.find(({ name }) => name === 'server-0')).toMatchObject({ display_name: 'server 0' })
  })

  it('puts secrets into the vault and leaves the configuration as it is', async () => {
    const headers = { Authorization: 'Bearer canary-bearer-1234', 'X-Team': 'blue' }
    await write('cursor', 'mcpServers', { one: { ...server('one'), headers } })
    const text = await harness.read('cursor')
    await harness.client.clients.import_servers({ servers: [{ client: 'cursor', server: 'one' }] })
    expect(await harness.client.integrations.get({ name: 'one' })).toMatchObject({
      auth_type: 'bearer',
      credentials: { api_token: '••••1234' },
      mcp: { headers: { 'X-Team': 'blue' } },
    })
    expect(await harness.read('cursor')).toBe(text)
  })

  it('makes one integration of the same server in two clients', async () => {
    await write('cursor', 'mcpServers', { one: server('one') })
    await write('windsurf', 'mcpServers', { One: server('one') })
    const { items } = await harness.client.clients.import_servers({
      servers: [
        { client: 'cursor', server: 'one' },
        { client: 'windsurf', server: 'One' },
        { client: 'cursor', server: 'one' },
      ],
    })
    expect(items.map(({ client, name }) => [client, name])).toEqual([
      ['cursor', 'one'],
      ['windsurf', 'one'],
    ])
  })

  it('takes out what was imported and nothing else, and keeps a copy', async () => {
    const text = `// mine
{
  "context_servers": {
    "one": { "url": "http://127.0.0.1:9/one" }, // first
    "broken": { "url": 5 },
    "kept": { "url": "http://127.0.0.1:9/kept" }
  }
}
`
    await harness.write('zed', text)
    const { items } = await harness.client.clients.import_servers({
      servers: ['one', 'broken', 'missing'].map((name) => ({ client: 'zed', server: name })),
      remove_from_clients: true,
    })
    expect(items.map(({ name }) => name)).toEqual(['one', null, null])
    expect(items[2]?.problem).toBe('It is no longer in the configuration.')
    const left = await harness.read('zed')
    expect(Object.keys((parse(left) as { context_servers: object }).context_servers)).toEqual(['broken', 'kept'])
    expect(left).toContain('// mine')
    const names = await readdir(dirname(harness.path('zed')))
    const copy = names.find((name) => name.includes('gatehouse-backup')) ?? ''
    expect(await readFile(join(dirname(harness.path('zed')), copy), 'utf8')).toBe(text)
  })

  it('says so when an imported server can not be taken out', async () => {
    await harness.write('codex', 'mcp_servers = { one = { url = "http://127.0.0.1:9/one" } }\n')
    const { items } = await harness.client.clients.import_servers({
      servers: [{ client: 'codex', server: 'one' }],
      remove_from_clients: true,
    })
    expect(items[0]).toMatchObject({ name: 'one' })
    expect(items[0]?.problem).toMatch(/^It was imported, but not taken out: .*written in one line/)
  })

  it('is refused as a whole on a plan without custom integrations', async () => {
    await harness.client.workspaces.create({ name: 'small', plan: 'free' })
    await write('cursor', 'mcpServers', { one: server('one') })
    const { error } = await safe(
      harness.app.client('router', 'small').clients.import_servers({
        servers: [{ client: 'cursor', server: 'one' }],
        remove_from_clients: true,
      }),
    )
    expect(error).toMatchObject({ code: 'plan_required' })
    expect(JSON.parse(await harness.read('cursor'))).toEqual({ mcpServers: { one: server('one') } })
  })
})
