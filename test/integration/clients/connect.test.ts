import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parse as parseToml } from '@decimalturn/toml-patch'
import { safe } from '@orpc/client'
import { parse as parseJson } from 'jsonc-parser'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clientById } from '../../../src/main/clients/known-clients.ts'
import { ClientId } from '../../../src/shared/contract/clients.ts'
import { ClientsHarness, launcher } from './harness.ts'

let harness: ClientsHarness
beforeEach(async () => {
  harness = await ClientsHarness.start()
})
afterEach(() => harness.close())

const other = { command: 'npx', args: ['-y', 'other'], env: { OTHER_TOKEN: 'canary-other-token' } }
/** A configuration as each client writes it, with another server and settings of the client. */
const configs: Record<ClientId, string> = {
  'claude-code': JSON.stringify(
    { numStartups: 5, mcpServers: { other }, projects: { '/x': { mcpServers: {} } } },
    null,
    2,
  ),
  'claude-desktop': `${JSON.stringify({ mcpServers: { other } }, null, 2)}\n`,
  cursor: `${JSON.stringify({ mcpServers: { other } }, null, '\t')}\n`,
  vscode: `{\r\n\t// mine\r\n\t"inputs": [],\r\n\t"servers": {\r\n\t\t"other": ${JSON.stringify(other)}\r\n\t}\r\n}\r\n`,
  codex:
    'model = "gpt-5-codex" # good\n\n[mcp_servers.other]\ncommand = "npx"\nargs = ["-y", "other"]\n\n[mcp_servers.other.env]\nOTHER_TOKEN = "canary-other-token"\n\n# tail\n[tui]\nnotifications = true\n',
  gemini: JSON.stringify({ theme: 'x', mcpServers: { other } }),
  windsurf: `${JSON.stringify({ mcpServers: { other } }, null, 2)}\n`,
  zed: `// Zed settings\n{\n  "theme": "One Dark", // dark\n  "context_servers": {\n    "other": ${JSON.stringify(other)}, // why\n  },\n}\n`,
}

function entryOf(id: ClientId, text: string): Record<string, unknown> {
  const value = (clientById(id).format === 'toml' ? parseToml(text) : parseJson(text)) as Record<string, unknown>
  const servers = value[clientById(id).serversKey] as Record<string, Record<string, unknown>>
  return { ...servers.gatehouse }
}

function tokenOf(entry: Record<string, unknown>): string {
  const headers = (entry.headers ?? entry.http_headers) as { Authorization: string }
  return headers.Authorization.replace('Bearer ', '')
}

async function listTools(token: string): Promise<number> {
  const answer = await fetch(harness.app.urls.mcp_url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    }),
  })
  await answer.body?.cancel()
  return answer.status
}

describe.each(ClientId.options)('%s', (id) => {
  it('is connected, can call, and is as before when it is disconnected', async () => {
    const text = configs[id]
    await harness.write(id, text)
    expect(await harness.of(id)).toMatchObject({ state: 'ready', gateway: 'none', server_count: 1, backup_path: null })

    const change = await harness.client.clients.preview({ id })
    expect(change.config_path).toBe(harness.path(id))
    expect(change.diff).toMatch(/^\+.*gatehouse/m)
    expect(change.diff).not.toContain('canary')
    expect(await harness.read(id)).toBe(text)
    expect(await harness.agentNames()).toEqual(['default'])

    const connected = await harness.client.clients.connect({ id, revision: change.revision })
    expect(connected).toMatchObject({ state: 'ready', gateway: 'connected', agent: id, server_count: 1 })
    expect(await readFile(connected.backup_path ?? '', 'utf8')).toBe(text)
    expect(await harness.agentNames()).toContain(id)
    const entry = entryOf(id, await harness.read(id))
    if (id === 'claude-desktop') {
      expect(entry).toEqual({
        command: launcher.command,
        args: [...launcher.args, 'stdio', '--agent', id, '--data-dir', harness.app.dataDir],
      })
    } else {
      expect(entry.url ?? entry.httpUrl ?? entry.serverUrl).toBe(harness.app.urls.mcp_url)
      expect(await listTools(tokenOf(entry))).toBe(200)
    }

    const disconnected = await harness.client.clients.disconnect({ id })
    expect(disconnected).toMatchObject({ gateway: 'none', agent: null, server_count: 1 })
    expect(await harness.read(id)).toBe(text)
    expect(await harness.agentNames()).toEqual(['default'])
    if (id !== 'claude-desktop') expect(await listTools(tokenOf(entry))).toBe(401)
  })

  it('gets a new configuration, with its folder, where it has none', async () => {
    expect(await harness.of(id)).toMatchObject({ state: 'absent' })
    const { error } = await safe(harness.client.clients.connect({ id }))
    expect(error).toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('seems not to be installed') as string,
    })
    const [trace = ''] = clientById(id).traces(harness.place)
    await mkdir(trace, { recursive: true })
    expect(await harness.of(id)).toMatchObject({ state: 'no_file' })
    expect(await harness.client.clients.connect({ id })).toMatchObject({ gateway: 'connected', backup_path: null })
    expect((await stat(harness.path(id))).mode & 0o777).toBe(0o600)
    expect(entryOf(id, await harness.read(id))).not.toEqual({})
  })
})

describe('connecting', () => {
  it('gives a new token each time, keeps the agent, and ends the old token', async () => {
    await harness.write('cursor', configs.cursor)
    await harness.client.clients.connect({ id: 'cursor' })
    const first = tokenOf(entryOf('cursor', await harness.read('cursor')))
    const [before] = (await harness.client.agents.list()).items
    await harness.client.clients.connect({ id: 'cursor' })
    const second = tokenOf(entryOf('cursor', await harness.read('cursor')))
    const [after] = (await harness.client.agents.list()).items
    expect(after?.id).toBe(before?.id)
    expect([await listTools(first), await listTools(second)]).toEqual([401, 200])
  })

  it('says when the address or the token is no longer good', async () => {
    await harness.write('cursor', configs.cursor)
    await harness.client.clients.connect({ id: 'cursor' })
    const text = await harness.read('cursor')
    await harness.write('cursor', text.replace(harness.app.urls.mcp_url, 'http://127.0.0.1:1/mcp'))
    expect(await harness.of('cursor')).toMatchObject({ gateway: 'stale', agent: 'cursor' })
    await harness.write('cursor', text)
    const agent = (await harness.client.agents.list()).items.find(({ name }) => name === 'cursor')
    await harness.client.agents.remove({ id: agent?.id ?? '' })
    expect(await harness.of('cursor')).toMatchObject({ gateway: 'stale', agent: null })
  })

  it('is refused when the file changed since it was looked at, and nothing happens', async () => {
    await harness.write('cursor', configs.cursor)
    const { revision } = await harness.client.clients.preview({ id: 'cursor' })
    await harness.write('cursor', '{"mcpServers": {}}')
    const { error } = await safe(harness.client.clients.connect({ id: 'cursor', revision }))
    expect(error).toMatchObject({
      code: 'in_use',
      message: expect.stringContaining('changed since it was read') as string,
    })
    expect(await harness.read('cursor')).toBe('{"mcpServers": {}}')
    expect(await harness.agentNames()).toEqual(['default'])
    expect(await readdir(dirname(harness.path('cursor')))).toEqual(['mcp.json'])
  })

  it.each([
    ['text that is not JSON', '{"mcpServers": {"x": }}', 'it is not JSON: value expected (line 1, column 22)'],
    ['a list of servers', '{\n  "mcpServers": []\n}', '"mcpServers" is not an object (line 2, column 17)'],
    ['a list', '[1]', 'it is not an object (line 1, column 1)'],
    ['another encoding', Buffer.from([0x7b, 0xff, 0x7d]), 'it is not UTF-8'],
    ['50 MB', Buffer.alloc(50_000_000, 0x20), 'it is larger than 10 MiB'],
  ])('leaves %s alone and says what is wrong', async (_title, content, problem) => {
    await harness.write('cursor', content)
    expect(await harness.of('cursor')).toMatchObject({ state: 'unreadable', gateway: 'none' })
    expect((await harness.of('cursor')).problem).toContain(problem)
    for (const work of ['preview', 'connect', 'disconnect'] as const) {
      const failure = harness.client.clients[work]({ id: 'cursor' }) as Promise<unknown>
      await expect(failure).rejects.toMatchObject({
        code: 'invalid_input',
        message: expect.stringContaining(problem) as string,
      })
    }
    expect((await readFile(harness.path('cursor'))).equals(Buffer.from(content))).toBe(true)
    expect(await harness.agentNames()).toEqual(['default'])
  })

  it('follows a link and keeps it', async () => {
    const target = join(harness.place.home, 'dotfiles.json')
    await writeFile(target, configs.cursor)
    await mkdir(dirname(harness.path('cursor')), { recursive: true })
    await symlink(target, harness.path('cursor'))
    const { backup_path } = await harness.client.clients.connect({ id: 'cursor' })
    expect(entryOf('cursor', await readFile(target, 'utf8'))).toHaveProperty('url')
    // Beside the link: a folder of dotfiles is often published.
    expect(dirname(backup_path ?? '')).toBe(dirname(harness.path('cursor')))
  })

  it.each(['file', 'folder'])('respects a read-only %s', async (what) => {
    await harness.write('cursor', configs.cursor)
    const folder = dirname(harness.path('cursor'))
    if (what === 'file') await chmod(harness.path('cursor'), 0o444)
    else await chmod(folder, 0o555)
    const { error } = await safe(harness.client.clients.connect({ id: 'cursor' }))
    expect(error).toMatchObject({ code: 'invalid_input', message: expect.stringContaining('is read-only') as string })
    await chmod(folder, 0o700)
    expect(await harness.read('cursor')).toBe(configs.cursor)
    expect(await readdir(folder)).toEqual(['mcp.json'])
    expect(await harness.agentNames()).toEqual(['default'])
  })

  it('keeps the mark of an editor in front of the text', async () => {
    await harness.write('windsurf', `\uFEFF${configs.windsurf}`)
    await harness.client.clients.connect({ id: 'windsurf' })
    expect((await harness.read('windsurf')).startsWith('\uFEFF{')).toBe(true)
    await harness.client.clients.disconnect({ id: 'windsurf' })
    expect(await harness.read('windsurf')).toBe(`\uFEFF${configs.windsurf}`)
  })

  it('leaves entries of formats that are newer than we are', async () => {
    const text = JSON.stringify(
      { version: 9, mcpServers: { next: { type: 'quic', endpoint: ['x'] }, odd: 'text' } },
      null,
      2,
    )
    await harness.write('cursor', text)
    await harness.client.clients.connect({ id: 'cursor' })
    expect(parseJson(await harness.read('cursor'))).toMatchObject(JSON.parse(text) as object)
    await harness.client.clients.disconnect({ id: 'cursor' })
    expect(await harness.read('cursor')).toBe(text)
  })

  it('puts the file back when the token can not be made', async () => {
    await harness.write('cursor', configs.cursor)
    await harness.client.clients.connect({ id: 'cursor' })
    const text = await harness.read('cursor')
    const copies = (await readdir(dirname(harness.path('cursor')))).length
    const database = new DatabaseSync(join(harness.app.dataDir, 'gatehouse.db'))
    database.exec("CREATE TRIGGER refuse BEFORE UPDATE ON agents BEGIN SELECT RAISE(ABORT, 'disk failed'); END")
    database.close()
    const { error } = await safe(harness.client.clients.connect({ id: 'cursor' }))
    expect(error).toMatchObject({ code: 'internal' })
    expect(await harness.read('cursor')).toBe(text)
    expect(await listTools(tokenOf(entryOf('cursor', text)))).toBe(200)
    expect(await readdir(dirname(harness.path('cursor')))).toHaveLength(copies)
  })
})

describe('disconnecting and restoring', () => {
  it('says when there is nothing to disconnect or to restore', async () => {
    await harness.write('cursor', configs.cursor)
    expect((await safe(harness.client.clients.disconnect({ id: 'cursor' }))).error).toMatchObject({ code: 'not_found' })
    expect((await safe(harness.client.clients.restore({ id: 'cursor' }))).error).toMatchObject({ code: 'not_found' })
  })

  it('leaves an agent alone that was made for something else', async () => {
    const { token } = await harness.client.agents.create({ name: 'mine' })
    const entry = { url: harness.app.urls.mcp_url, headers: { Authorization: `Bearer ${token}` } }
    await harness.write('cursor', JSON.stringify({ mcpServers: { gatehouse: entry } }))
    expect(await harness.of('cursor')).toMatchObject({ gateway: 'connected', agent: 'mine' })
    await harness.client.clients.disconnect({ id: 'cursor' })
    expect(await harness.agentNames()).toContain('mine')
  })

  it('puts the newest copy back, and back again', async () => {
    await harness.write('zed', configs.zed)
    await harness.client.clients.connect({ id: 'zed' })
    const connected = await harness.read('zed')
    expect(await harness.client.clients.restore({ id: 'zed' })).toMatchObject({ gateway: 'none' })
    expect(await harness.read('zed')).toBe(configs.zed)
    expect(await harness.client.clients.restore({ id: 'zed' })).toMatchObject({ gateway: 'connected' })
    expect(await harness.read('zed')).toBe(connected)
  })

  it('puts back what somebody broke or removed since', async () => {
    await harness.write('zed', configs.zed)
    await harness.client.clients.connect({ id: 'zed' })
    await harness.write('zed', '{ broken')
    await harness.client.clients.restore({ id: 'zed' })
    expect(await harness.read('zed')).toBe(configs.zed)
    await rm(harness.path('zed'))
    await harness.client.clients.restore({ id: 'zed' })
    expect(await harness.read('zed')).toBe('{ broken')
  })
})
