import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { safe } from '@orpc/client'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createLogger } from '../../../src/main/base/log.ts'
import { clientById } from '../../../src/main/clients/known-clients.ts'
import type { Place } from '../../../src/main/clients/place.ts'
import { filesOf, filesWith } from '../../helpers/files-of.ts'
import { startTestApp, type Client, type TestApp } from '../../helpers/start-app.ts'
import { startScriptedHttpServer, type ScriptedHttpServer } from '../../servers/scripted-http-server.ts'

/** How every secret of this test begins: so much of one is a leak. */
const CANARY = 'canary-'
const secret = (name: string) => `${CANARY}${name}-0123456789-abcdefghij`

/** Says its secret wherever a process can, and speaks no MCP. */
const talker = `
process.stderr.write('my key is ' + process.env.KEY + '\\n')
process.stdout.write('not MCP: ' + process.env.KEY + '\\n')
setTimeout(() => { process.stderr.write('fatal: bad key ' + process.env.KEY); process.exit(3) }, 50)
`

let folder = ''
let place: Place
let app: TestApp
let client: Client
let server: ScriptedHttpServer
const logged: string[] = []
/** Every answer that the API gave, errors included, but for those that hand out a token. */
const answers: string[] = []
const agentTokens: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-sweep-'))
  place = { home: join(folder, 'home'), env: { UPSTREAM_TOKEN: secret('environment') }, platform: 'linux' }
  server = await startScriptedHttpServer(({ headers, arguments: { fail } }) => {
    const words = JSON.stringify(`I was given ${headers.authorization ?? ''} and ${String(headers['x-more'])}`)
    if (fail === true) return `"error":{"code":-32000,"message":${words},"data":{"seen":${words}}}`
    return `"result":{"isError":true,"content":[{"type":"text","text":"no"}],"_meta":{"password":${words}}}`
  })
  const log = createLogger({ level: 'debug', destination: { write: (line: string) => void logged.push(line) } })
  app = await startTestApp({ place, log })
  client = app.client('http')
})
afterAll(async () => {
  await app.close()
  await server.close()
  await rm(folder, { recursive: true })
})

/** All that an error says to who gets it. */
function told(error: Error): object {
  return { message: error.message, ...('data' in error && { data: error.data }) }
}

/** Notes what an operation answers. */
async function ask<Answer>(operation: Promise<Answer>): Promise<Answer | undefined> {
  const { data, error } = await safe(operation)
  answers.push(JSON.stringify(error === null ? (data ?? null) : told(error)))
  return data
}

async function writeClient(id: 'cursor' | 'claude-code' | 'codex', text: string): Promise<void> {
  const path = clientById(id).configPath(place)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  await chmod(path, 0o644)
}

async function integrations(): Promise<void> {
  const http = { transport: 'http' as const, server_url: server.url }
  const headers = { 'X-More': secret('header') }
  const credentials = { api_token: secret('token'), headers }
  await ask(client.integrations.create({ name: 'speaks', mcp: http, auth_type: 'bearer', credentials }))
  const file = join(folder, 'talker.cjs')
  await writeFile(file, talker)
  const stdio = { transport: 'stdio' as const, command: process.execPath, args: [file] }
  await ask(client.integrations.create({ name: 'talks', mcp: stdio, credentials: { env: { KEY: secret('env') } } }))
  await ask(client.integrations.create({ name: 'refused', mcp: stdio, auth_type: 'bearer', credentials }))
  await ask(client.integrations.update({ name: 'speaks', credentials: { api_token: `${secret('cr')}\r\nX-Evil: 1` } }))
  await vi.waitFor(() => client.tools.get({ gateway_name: 'speaks__speak' }), 60_000)
  await vi.waitFor(async () => {
    const { items } = await client.integrations.output({ name: 'talks' })
    if (!JSON.stringify(items).includes('fatal: bad key')) throw new Error('it has not spoken yet')
  }, 60_000)
  for (const name of ['speaks', 'talks']) {
    await ask(client.integrations.test({ name }))
    await ask(client.integrations.output({ name }))
    await ask(client.integrations.process({ name }))
    await ask(client.integrations.get({ name }))
  }
}

async function restApis(): Promise<void> {
  const place = { base_url: server.url, headers: { 'X-Api-Key': 'in-the-open' } }
  const path = '/items?fixed=1'
  const tools = [
    { name: 'list', method: 'GET', path },
    { name: 'add', method: 'POST', path: '/items' },
  ]
  const document = '{"openapi":"3.1.0","info":{"title":"A","version":"1"},"paths":{}}'
  const basic = { username: secret('user'), password: secret('basic') }
  const rest = { ...place, tools, source: { kind: 'text' as const, document } }
  const api = { protocol: 'rest' as const, rest }
  await ask(client.integrations.create({ name: 'basic', ...api, auth_type: 'basic', credentials: basic }))
  const keyed = { auth_type: 'api_key' as const, auth: { in: 'query' as const, header_name: 'k' } }
  const api_key = secret('query')
  await ask(client.integrations.create({ name: 'keyed', ...api, ...keyed, credentials: { api_key } }))
  const cookie = { auth_type: 'api_key' as const, auth: { in: 'cookie' as const, header_name: 'sid' } }
  const tls_key = `-----BEGIN PRIVATE KEY-----\n${secret('tls')}\n-----END PRIVATE KEY-----`
  const client_certificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'
  const certified = { ...api, rest: { ...rest, client_certificate } }
  const both = { api_key: secret('cookie'), tls_key, headers: { 'X-Hidden': secret('rest-header') } }
  await ask(client.integrations.create({ name: 'mutual', ...certified, ...cookie, credentials: both }))
  await ask(client.integrations.create({ name: 'no-cert', ...api, credentials: { tls_key } }))
  await ask(client.integrations.update({ name: 'basic', credentials: { password: `${secret('cr')}\r\n` } }))
  const [tool] = tools
  if (tool === undefined) throw new Error('There is no tool to try.')
  for (const name of ['basic', 'keyed', 'mutual']) {
    const connection = { name, protocol: 'rest' as const, rest: name === 'mutual' ? certified.rest : rest }
    const auth = name === 'basic' ? { auth_type: 'basic' as const } : name === 'keyed' ? keyed : cookie
    const draft = { connection: { ...connection, ...auth }, tool }
    await ask(client.openapi.preview_tool(draft))
    await ask(client.openapi.try_tool(draft))
    const away = { ...draft, connection: { ...draft.connection, rest: { ...rest, base_url: 'http://127.0.0.1:9' } } }
    await ask(client.openapi.try_tool(away))
    await ask(client.tools.call({ name: `${name}__list`, arguments: {} }))
    await ask(client.tools.call({ name: `${name}__add`, arguments: { no: 'such argument' } }))
    await ask(client.integrations.test({ name }))
    await ask(client.integrations.output({ name }))
    await ask(client.integrations.get({ name }))
    await ask(client.openapi.export({ name }))
    await ask(client.openapi.check({ name, spec: document }))
    await ask(client.openapi.check({ name, url: `${server.url}/openapi.json` }))
  }
  const given = { ...api, auth_type: 'basic' as const, credentials: { username: 'u', password: secret('draft') } }
  await ask(client.openapi.try_tool({ connection: given, tool }))
  await ask(client.openapi.preview({ url: `${server.url}/spec`, connection: given }))
}

async function calls(): Promise<void> {
  await ask(client.settings.update({ record_bodies: true }))
  const leaving = new AbortController()
  const followed = await app.client().calls.follow({}, { signal: leaving.signal })
  const arguments_ = { note: secret('token'), password: secret('typed'), authorization: [secret('header')] }
  for (const fail of [false, true]) {
    const called = await safe(client.tools.call({ name: 'speaks__speak', arguments: { ...arguments_, fail } }))
    // The result is the tool's own; an error is told in our words.
    if (called.error) answers.push(JSON.stringify(told(called.error)))
  }
  answers.push(JSON.stringify(await followed.next()))
  leaving.abort()
  const { items } = await vi.waitFor(async () => {
    const page = await client.calls.list({})
    if (page.items.length < 2) throw new Error('they are not in the log yet')
    return page
  })
  for (const { id } of items) await ask(client.calls.get({ id }))
  await ask(client.calls.list({ query: CANARY }))
  await ask(client.calls.stats({}))
  await ask(client.calls.list({ cursor: secret('cursor') }))
}

async function configurations(): Promise<void> {
  const servers = { other: { command: 'npx', args: ['--api-key', secret('arg')], env: { TOKEN: secret('client') } } }
  const asks = {
    asks: { type: 'http', url: `${server.url}?k=1`, headers: { Authorization: 'Bearer ${UPSTREAM_TOKEN}' } },
  }
  await writeClient('cursor', JSON.stringify({ mcpServers: servers }, null, 2))
  await writeClient(
    'claude-code',
    JSON.stringify({ key: secret('account'), mcpServers: { ...servers, ...asks } }, null, 1),
  )
  await writeClient('codex', `[mcp_servers.bad]\nurl = "${secret('unclosed')}`)
  await ask(client.clients.list())
  await ask(client.clients.servers())
  for (const id of ['cursor', 'claude-code', 'codex'] as const) {
    await ask(client.clients.preview({ id }))
    await ask(client.clients.connect({ id }))
    await ask(client.clients.restore({ id }))
    await ask(client.clients.connect({ id }))
    await ask(client.clients.disconnect({ id }))
  }
  const wanted = [{ client: 'claude-code' as const, server: 'asks' }]
  await ask(client.clients.import_servers({ servers: wanted, remove_from_clients: true }))
}

async function agents(): Promise<void> {
  const { id, token } = await client.agents.create({ name: 'one' })
  agentTokens.push(token, (await client.agents.rotate({ id })).token)
  const leaving = new AbortController()
  const lease = await app.client().agents.lease({ name: 'one' }, { signal: leaving.signal })
  const first = await lease.next()
  if (first.done !== true) agentTokens.push(first.value.token)
  leaving.abort()
  await ask(client.profiles.create({ name: 'few', disabled_tools: ['talks__*'] }))
  await ask(client.agents.list())
}

async function documents(): Promise<void> {
  const exported = await ask(client.transfer.export())
  await ask(client.transfer.apply({ document: exported?.document ?? '' }))
  const env = { API_KEY: secret('applied') }
  await ask(client.transfer.apply({ document: JSON.stringify({ mcpServers: { applied: { command: 'a', env } } }) }))
  await ask(client.transfer.apply({ document: `gatehouse: 1\nintegrations: "${secret('unclosed')}` }))
  await ask(client.transfer.plan({ document: `gatehouse: 1\nintegrations: [{name: a, token: ${secret('field')}}]` }))
  await ask(client.transfer.export())
}

async function vaultAndWorkspaces(): Promise<void> {
  await ask(client.vault.rotate({}))
  await ask(client.vault.lock())
  await ask(
    client.integrations.create({
      name: 'late',
      mcp: { server_url: server.url, transport: 'sse' },
      credentials: { headers: { A: secret('late') } },
    }),
  )
  await ask(client.transfer.export())
  await ask(client.vault.unlock({ passphrase: secret('passphrase') }))
  await ask(client.vault.unlock({}))
  await ask(client.integrations.remove({ name: 'speaks', undo_s: 60 }))
  await ask(client.integrations.restore({ name: 'speaks' }))
  await ask(client.workspaces.create({ name: 'other', plan: 'pro' }))
  const other = app.client('http', 'other')
  for (const list of [other.integrations.list(), other.calls.list({}), other.audit.list({}), other.transfer.export()]) {
    await ask(list as Promise<unknown>)
  }
  await ask(client.system.status())
  await ask(client.audit.list({}))
  await ask(client.integrations.list())
}

it('no secret is anywhere but where it belongs, whatever is done with it', { timeout: 120_000 }, async () => {
  await integrations()
  await restApis()
  await calls()
  await configurations()
  await agents()
  await documents()
  await vaultAndWorkspaces()

  expect(answers.length).toBeGreaterThan(60)
  // It was said again and again, and taken out each time.
  expect(answers.filter((answer) => answer.includes('[redacted]')).length).toBeGreaterThan(5)
  expect(answers.filter((answer) => answer.includes(CANARY))).toEqual([])
  expect(logged.filter((line) => line.includes(CANARY))).toEqual([])
  expect(logged.length).toBeGreaterThan(10)
  expect(filesWith(app.dataDir, CANARY)).toEqual([])

  const tokens = [...agentTokens, app.adminToken, app.agentToken ?? '']
  for (const token of tokens) {
    expect(answers.filter((answer) => answer.includes(token))).toEqual([])
    expect(logged.filter((line) => line.includes(token))).toEqual([])
    expect(filesWith(app.dataDir, token)).toEqual(token === app.adminToken ? ['run.json'] : [])
  }
  expect(answers.filter((answer) => answer.includes('ghk_') && !answer.includes('ghk_••••'))).toEqual([])
  // Read while it runs: what lies there is the owner's alone.
  expect(filesOf(app.dataDir).length).toBeGreaterThan(3)
  for (const entry of await readdir(app.dataDir, { recursive: true })) {
    // The list of child processes goes with the last of them.
    const found = await stat(join(app.dataDir, entry)).catch(() => undefined)
    if (found) expect([entry, found.mode & 0o077]).toEqual([entry, 0])
  }
})

it('copies of configurations hold what they held, for their owner alone', async () => {
  const kept = filesOf(place.home).filter(({ name }) => name.includes('.gatehouse-backup-'))
  expect(kept.length).toBeGreaterThan(2)
  for (const id of ['cursor', 'claude-code'] as const) {
    const path = clientById(id).configPath(place)
    const copies = (await readdir(dirname(path))).filter((name) => name.includes('.gatehouse-backup-'))
    for (const name of copies) expect((await stat(join(dirname(path), name))).mode & 0o777).toBe(0o600)
    // Disconnected: no token of ours is left, and the rest is as it was.
    expect(await readFile(path, 'utf8')).not.toContain('ghk_')
    expect(await readFile(path, 'utf8')).toContain(secret('client'))
  }
})
