import { execFile } from 'node:child_process'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { get as httpGet } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CommandLine, type RunningGateway } from '../../helpers/command-line.ts'
import { HeldServer } from '../../helpers/held-server.ts'

const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'))

let cli: CommandLine
beforeEach(async () => {
  cli = await CommandLine.create()
})
afterEach(() => cli.close())

// Windows has no way to become another process, and starts with the smaller one.
it.skipIf(process.platform === 'win32')(
  'has a young generation that calls fit into, in the process that was started',
  async () => {
    const gateway = await cli.serve()
    expect(gateway.ready.pid).toBe(gateway.process.pid)
    const { stdout } = await promisify(execFile)('ps', ['-o', 'args=', '-p', String(gateway.process.pid)])
    expect(stdout).toContain('--max-semi-space-size=4')
  },
)

/** Calls a tool as an MCP client of the earliest supported kind would, without a session of its own. */
async function initialize(mcpUrl: string, token: string): Promise<Response> {
  return fetch(mcpUrl, {
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
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    }),
  })
}

describe('gatehouse serve', () => {
  it('prints one ready line, serves at what it says, and ends with 0 on SIGTERM', async () => {
    const gateway = await cli.serve()
    const { ready } = gateway
    expect(Object.keys(ready)).toEqual([
      'event',
      'version',
      'pid',
      'mcp_url',
      'api_url',
      'console_url',
      'admin_token',
      'agent_token',
    ])
    expect(ready).toMatchObject({ event: 'ready', pid: gateway.process.pid })
    expect(ready.admin_token).toMatch(/^gha_[\w-]{43}$/)
    expect((await initialize(ready.mcp_url, ready.agent_token)).status).toBe(200)
    expect((await initialize(ready.mcp_url, ready.admin_token)).status).toBe(401)
    const api = (token: string) => fetch(`${ready.api_url}/status`, { headers: { authorization: `Bearer ${token}` } })
    expect((await api(ready.admin_token)).status).toBe(200)
    expect((await api(ready.agent_token)).status).toBe(401)

    const runFile = join(cli.dataDir, 'run.json')
    expect((await stat(runFile)).mode & 0o777).toBe(0o600)
    expect((await stat(cli.dataDir)).mode & 0o777).toBe(0o700)
    expect(JSON.parse(await readFile(runFile, 'utf8'))).toEqual({
      pid: ready.pid,
      mcp_url: ready.mcp_url,
      api_url: ready.api_url,
      admin_token: ready.admin_token,
    })

    const { code, stdout } = await gateway.stop('SIGTERM')
    expect(code).toBe(0)
    expect(stdout.trim().split('\n')).toHaveLength(1)
    await expect(stat(runFile)).rejects.toThrow('ENOENT')
  })

  it('says in one line for people where everything is, and logs to stderr', async () => {
    const running = cli.runProcess(['serve', '--port', '0'])
    await expect
      .poll(async () => readFile(join(cli.dataDir, 'run.json'), 'utf8').catch(() => ''), { timeout: 40_000 })
      .not.toBe('')
    await expect.poll(async () => (await cli.run(['console'])).code, { timeout: 40_000 }).toBe(0)
    const { pid } = JSON.parse(await readFile(join(cli.dataDir, 'run.json'), 'utf8')) as { pid: number }
    process.kill(pid, 'SIGINT')
    const { code, stdout, stderr } = await running
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Gatehouse \S+ is ready\. MCP: http\S+\/mcp .*ghk_\S+ .*#code=\S+\n$/)
    expect(stderr).toContain('gateway is listening')
  })

  it('keeps the tokens that the environment fixes', async () => {
    const env = { GATEHOUSE_ADMIN_TOKEN: 'a'.repeat(32), GATEHOUSE_AGENT_TOKEN: 'b'.repeat(32) }
    const gateway = await cli.serve([], { env })
    expect(gateway.ready).toMatchObject({ admin_token: 'a'.repeat(32), agent_token: 'b'.repeat(32) })
    expect((await initialize(gateway.ready.mcp_url, 'b'.repeat(32))).status).toBe(200)
    await gateway.stop()
  })

  it('opens to other machines under the names that it is given, with a warning', async () => {
    const gateway = await cli.serve(['--host', '0.0.0.0', '--allow-host', 'gate.example', 'gate.lan'])
    const { port } = new URL(gateway.ready.mcp_url)
    // The address that it says works here, for the CLI as well.
    expect((await initialize(gateway.ready.mcp_url, gateway.ready.agent_token)).status).toBe(200)
    expect((await cli.run(['console'])).code).toBe(0)
    const statusFor = (host: string) =>
      new Promise((resolve, reject) => {
        const options = { port, path: '/healthz', headers: { host } }
        httpGet(options, (response) => resolve(response.resume().statusCode)).on('error', reject)
      })
    expect(await statusFor(`gate.example:${port}`)).toBe(200)
    expect(await statusFor('gate.lan')).toBe(200)
    expect(await statusFor('evil.example')).toBe(403)
    expect((await gateway.stop()).stderr).toContain('open to other machines')
  })

  it.each([
    ['a short admin token', [], { GATEHOUSE_ADMIN_TOKEN: 'short' }, 'GATEHOUSE_ADMIN_TOKEN'],
    [
      'one token for both doors',
      [],
      { GATEHOUSE_ADMIN_TOKEN: 'a'.repeat(32), GATEHOUSE_AGENT_TOKEN: 'a'.repeat(32) },
      'every agent would be an admin',
    ],
    ['a short agent token', [], { GATEHOUSE_AGENT_TOKEN: 'x'.repeat(31) }, 'GATEHOUSE_AGENT_TOKEN'],
    ['a vault key that is none', [], { GATEHOUSE_VAULT_KEY: 'abc' }, 'GATEHOUSE_VAULT_KEY'],
    ['an unknown vault', [], { GATEHOUSE_VAULT: 'drawer' }, 'drawer'],
    ['a port that is none', ['--port', '70000'], {}, '65535'],
    ['a host of the network without a name', ['--host', '0.0.0.0'], {}, '--allow-host'],
    ['an unknown option', ['--colour'], {}, '--colour'],
  ])('refuses %s as a usage error', async (_what, args, env: Record<string, string>, word) => {
    const { code, stdout, stderr } = await cli.run(['serve', ...args], { env })
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(word)
  })

  it('refuses an option that it does not have in the process that becomes the server', async () => {
    const { code, stdout, stderr } = await cli.runProcess(['serve', '--colour'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('--colour')
  })

  it('names a port that is taken, and does not move to another', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const { code, stderr } = await cli.runProcess(['serve', '--port', String(port)])
    expect(code).toBe(1)
    expect(stderr).toContain(String(port))
    const asJson = await cli.runProcess(['serve', '--port', String(port), '--json'])
    expect(asJson.code).toBe(1)
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      error: { message: expect.stringContaining(String(port)) as string },
    })
    other.close()
  })

  it('names the gateway that already has the data directory, which goes on', async () => {
    const gateway = await cli.serve()
    const { code, stderr } = await cli.runProcess(['serve', '--port', '0'])
    expect(code).toBe(1)
    expect(stderr).toContain(String(gateway.ready.pid))
    expect(stderr).toContain(gateway.ready.mcp_url)
    expect((await initialize(gateway.ready.mcp_url, gateway.ready.agent_token)).status).toBe(200)
    await gateway.stop()
  })

  it('starts again at once after kill -9', async () => {
    const first = await cli.serve()
    await first.stop('SIGKILL')
    expect((await cli.run(['console'])).stderr).toContain('No gateway is running')
    const second = await cli.serve()
    expect(second.ready.pid).not.toBe(first.ready.pid)
    await second.stop()
  })

  describe('with a call under way', () => {
    let held: HeldServer
    let gateway: RunningGateway
    let call: Promise<Response>
    beforeEach(async () => {
      held = await HeldServer.start()
      gateway = await cli.serve()
      await cli.json(['add', 'held', held.url])
      call = fetch(`${gateway.ready.api_url}/tools/call`, {
        method: 'POST',
        headers: { authorization: `Bearer ${gateway.ready.admin_token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'held__wait' }),
      })
      call.catch(() => undefined)
      await held.called()
    })
    afterEach(() => held.close())

    /** Until nothing listens: the signal has arrived. */
    const stopsAccepting = () =>
      expect
        .poll(() =>
          fetch(`${gateway.ready.api_url}/status`).then(
            () => 'accepts',
            () => 'refuses',
          ),
        )
        .toBe('refuses')

    it('takes no new one, lets it end, and ends its own children', async () => {
      await cli.json(['add', 'everything', '--', process.execPath, everything, 'stdio'])
      const { steps } = await cli.json<{ steps: { message: string }[] }>(['test', 'everything'])
      expect(steps).toHaveLength(4)
      const children = await childrenOf(gateway.ready.pid)
      expect(children).toHaveLength(1)
      const stopped = gateway.stop('SIGTERM')
      await stopsAccepting()
      held.release()
      expect(await (await call).json()).toEqual({ content: [{ type: 'text', text: 'released' }] })
      expect((await stopped).code).toBe(0)
      for (const child of children) expect(() => process.kill(child, 0)).toThrow('ESRCH')
    })

    it('gives it 5 s, not for ever', async () => {
      const start = Date.now()
      const { code } = await gateway.stop('SIGTERM')
      expect(code).toBe(0)
      expect(Date.now() - start).toBeGreaterThan(4_500)
      await expect(call).rejects.toThrow()
    })

    it('ends at once on a second signal', async () => {
      const stopped = gateway.stop('SIGTERM')
      await stopsAccepting()
      gateway.process.kill('SIGINT')
      expect((await stopped).code).toBe(130)
      await expect(call).rejects.toThrow()
    })
  })
})

/** Process ids of the direct children, as Linux knows them. */
async function childrenOf(pid: number): Promise<number[]> {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return list.trim().split(' ').filter(Boolean).map(Number)
}

describe('gatehouse serve --config', () => {
  const servers = {
    mcpServers: {
      'Every Thing': {
        command: process.execPath,
        args: [everything, 'stdio'],
        env: { DEMO_TOKEN: 'canary-demo-token-1', MODE: 'plain' },
      },
      remote: {
        type: 'http',
        url: 'http://127.0.0.1:9/mcp',
        headers: { Authorization: 'Bearer canary-bearer-token-2', 'X-Team': 'blue' },
      },
    },
  }

  async function configFile(content: unknown): Promise<string> {
    const file = join(cli.dataDir, 'servers.json')
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
    return file
  }

  interface Listed {
    items: {
      name: string
      source: string
      display_name: string
      credentials: unknown
      mcp: unknown
      updated_at: string
    }[]
  }
  const custom = async () => (await cli.json<Listed>(['list'])).items.filter(({ source }) => source === 'custom')

  it('applies the servers of an MCP client; secrets go to the vault', async () => {
    const file = await configFile(servers)
    const gateway = await cli.serve(['--config', file])
    const [first, second] = await custom()
    expect(first).toMatchObject({
      name: 'every-thing',
      display_name: 'Every Thing',
      mcp: { transport: 'stdio', env: { MODE: 'plain' } },
      credentials: { env: { DEMO_TOKEN: '••••en-1' } },
    })
    expect(second).toMatchObject({
      name: 'remote',
      auth_type: 'bearer',
      mcp: { transport: 'http', headers: { 'X-Team': 'blue' } },
      credentials: { api_token: '••••en-2' },
    })
    await expect.poll(() => cli.json(['show', 'every-thing'])).toMatchObject({ connection: { state: 'connected' } })
    const environment = await cli.json(['call', 'every-thing__get-env'])
    expect(JSON.stringify(environment)).toContain('canary-demo-token-1')
    await gateway.stop()
    for (const name of ['gatehouse.db', 'gatehouse.db-wal']) {
      const bytes = await readFile(join(cli.dataDir, name)).catch(() => Buffer.alloc(0))
      expect(bytes.includes('canary-')).toBe(false)
    }
  })

  it('changes nothing when it is applied again, and what changed when something did', async () => {
    const plain = { mcpServers: { one: { url: 'http://127.0.0.1:9/a' }, two: { url: 'http://127.0.0.1:9/b' } } }
    await (await cli.serve(['--config', await configFile(plain)])).stop()
    const before = await custom()
    await (await cli.serve(['--config', await configFile(plain)])).stop()
    expect(await custom()).toEqual(
      before.map((item) => expect.objectContaining({ name: item.name, updated_at: item.updated_at }) as unknown),
    )
    plain.mcpServers.two.url = 'http://127.0.0.1:9/c'
    await (await cli.serve(['--config', await configFile(plain)])).stop()
    const [one, two] = await custom()
    expect(one?.updated_at).toBe(before[0]?.updated_at)
    expect(two).toMatchObject({ mcp: { server_url: 'http://127.0.0.1:9/c' } })
  })

  it('says how to choose a vault where there are secrets and none is usable, and stores nothing', async () => {
    const file = await configFile(servers)
    const env = { GATEHOUSE_VAULT: 'passphrase' }
    const { code, stderr } = await cli.runProcess(['serve', '--port', '0', '--config', file], { env })
    expect(code).toBe(1)
    for (const word of ['every-thing', 'remote', 'GATEHOUSE_VAULT=key', 'GATEHOUSE_PASSPHRASE'])
      expect(stderr).toContain(word)
    expect(await custom()).toEqual([])
  })

  it.each([
    ['no JSON', '{"mcpServers":', /servers\.json.*JSON/],
    ['no servers', { servers: {} }, /"mcpServers"/],
    ['an entry without command and url', { mcpServers: { odd: { name: 'x' } } }, /odd/],
    ['an address that is not http', { mcpServers: { odd: { url: 'ftp://x' } } }, /odd.*server_url/],
    ['a transport that is not spoken', { mcpServers: { odd: { type: 'pigeon', url: 'http://x.example' } } }, /odd/],
    [
      'two names with one slug',
      { mcpServers: { 'A b': { url: 'http://x.example' }, 'a-b': { url: 'http://y.example' } } },
      /"A b" and "a-b"/,
    ],
    ['a reserved name', { mcpServers: { slack: { url: 'http://x.example' } } }, /slack/],
  ])('refuses a file with %s', async (_what, content, message) => {
    const { code, stderr } = await cli.run(['serve', '--port', '0', '--config', await configFile(content)])
    expect(code).toBe(1)
    expect(stderr).toMatch(message)
  })

  it('names a file that is not there', async () => {
    const { code, stderr } = await cli.run(['serve', '--port', '0', '--config', '/nowhere/servers.json'])
    expect(code).toBe(1)
    expect(stderr).toContain('/nowhere/servers.json')
  })
})
