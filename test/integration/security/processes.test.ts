import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { CommandLine, type RunningGateway } from '../../helpers/command-line.ts'

const SECRET = 'canary-1d5e-environment-secret-0123456789'
const FOREIGN = 'canary-of-another-program'
/** What a shell would make something of. */
const tempting = ['; touch semicolon', '$(touch dollar)', '`touch backtick`', '| touch pipe', '--option\n touch line']

/** A server that writes down what it was started with. */
const dump = `
  const { readdirSync, readlinkSync, writeFileSync } = require('node:fs')
  const open = readdirSync('/proc/self/fd').map((fd) => { try { return readlinkSync('/proc/self/fd/' + fd) } catch { return '' } })
  writeFileSync('dump.json', JSON.stringify({ env: process.env, args: process.argv.slice(2), open }))
  process.stderr.write('no server here, my secret is ' + process.env.DEMO_TOKEN)
  process.exit(1)
`

interface Dump {
  env: Record<string, string>
  args: string[]
  open: string[]
}

let cli: CommandLine
let gateway: RunningGateway
let folder = ''

beforeAll(async () => {
  cli = await CommandLine.create()
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-dump-'))
  await writeFile(join(folder, 'dump.cjs'), dump)
  gateway = await cli.serve([], { env: { ELECTRON_RUN_AS_NODE: '1', AWS_SECRET_ACCESS_KEY: FOREIGN } })
})
afterAll(async () => {
  await cli.close()
  await rm(folder, { recursive: true, force: true })
})

async function api(method: string, path: string, body: unknown = {}, token = gateway.ready.admin_token) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const init = method === 'GET' ? {} : { body: JSON.stringify(body) }
  const answer = await fetch(gateway.ready.api_url + path, { method, headers, ...init })
  return { status: answer.status, text: await answer.text() }
}

const integration = {
  name: 'dump',
  mcp: { transport: 'stdio', command: process.execPath, args: ['dump.cjs', ...tempting], cwd: '' },
  credentials: { env: { DEMO_TOKEN: SECRET } },
}

describe('the process of a server', () => {
  let dumped: Dump
  beforeAll(async () => {
    await api('POST', '/integrations', { ...integration, mcp: { ...integration.mcp, cwd: folder } })
    await vi.waitFor(async () => {
      const { text } = await api('GET', '/integrations/dump')
      if (!text.includes('my secret is')) throw new Error(text)
    }, 10_000)
    dumped = JSON.parse(readFileSync(join(folder, 'dump.json'), 'utf8')) as Dump
  })

  it('gets its own secrets, and none of ours or of other programs', () => {
    expect(dumped.env.DEMO_TOKEN).toBe(SECRET)
    const names = Object.keys(dumped.env)
    expect(names.filter((name) => /^(GATEHOUSE|ELECTRON|AWS|NODE_OPTIONS)/.test(name))).toEqual([])
    const { admin_token, agent_token } = gateway.ready
    for (const secret of [admin_token, agent_token, FOREIGN]) expect(JSON.stringify(dumped.env)).not.toContain(secret)
  })

  it('gets its arguments as they are: no shell saw them', () => {
    expect(dumped.args).toEqual(tempting)
    expect(readdirSync(folder).sort()).toEqual(['dump.cjs', 'dump.json'])
  })

  it('holds no file of ours open', () => {
    expect(dumped.open.filter((name) => name.startsWith(cli.dataDir))).toEqual([])
  })

  it('that prints its secret shows none of it to anyone', async () => {
    const answers = await Promise.all(
      ['/integrations', '/integrations/dump', '/status'].map((path) => api('GET', path)),
    )
    for (const { text } of answers) expect(text).not.toContain('canary-1d5e')
    expect((await cli.run(['show', 'dump'])).stdout).toContain('my secret is [redacted]')
  })
})

it('an agent can not make a server that is a command', async () => {
  const { agent_token } = gateway.ready
  for (const path of ['/integrations', '/integrations/new/test', '/../../rpc/integrations/create']) {
    expect((await api('POST', path, integration, agent_token)).status, path).toBe(401)
  }
})

it('the list of processes, the log and the data directory hold no secret', async () => {
  const { admin_token, agent_token } = gateway.ready
  const processes = execFileSync('ps', ['axww', '-o', 'args'], { encoding: 'utf8' })
  for (const secret of [admin_token, agent_token, SECRET]) expect(processes).not.toContain(secret)

  const modes = readdirSync(cli.dataDir).map((name) => [name, statSync(join(cli.dataDir, name)).mode & 0o077] as const)
  expect(modes.filter(([, others]) => others !== 0)).toEqual([])
  expect(statSync(cli.dataDir).mode & 0o777).toBe(0o700)
  const { stderr } = await gateway.stop()
  expect(stderr).toContain('upstream not connected')
  for (const secret of [admin_token, agent_token, SECRET.slice(0, 12)]) expect(stderr).not.toContain(secret)
  for (const name of readdirSync(cli.dataDir)) {
    const path = join(cli.dataDir, name)
    if (!statSync(path).isFile()) continue
    const content = readFileSync(path, 'latin1')
    for (const secret of [admin_token, agent_token, SECRET]) expect(content.includes(secret), name).toBe(false)
  }
})
