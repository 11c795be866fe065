import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as LegacyStdio } from '@modelcontextprotocol/sdk/client/stdio.js'
import { Client as ModernClient } from '@modelcontextprotocol/client'
import { StdioClientTransport as ModernStdio } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CommandLine, type RunningGateway } from '../../helpers/command-line.ts'

const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'))
let cli: CommandLine
beforeAll(async () => {
  cli = await CommandLine.create()
  await cli.run(['add', 'everything', '--', process.execPath, everything, 'stdio'])
})
afterAll(() => cli.close())

const echo = { name: 'everything__echo', arguments: { message: 'through the bridge' } }
const said = [{ type: 'text', text: 'Echo: through the bridge' }]

async function legacyAgent(...args: string[]) {
  const client = new LegacyClient({ name: 'legacy-agent', version: '1' })
  await client.connect(new LegacyStdio({ ...cli.command(['stdio', ...args]), stderr: 'ignore' }))
  return client
}

describe('with a gateway that runs', () => {
  let gateway: RunningGateway
  beforeAll(async () => {
    gateway = await cli.serve()
  })
  afterAll(() => gateway.stop())

  it('serves a legacy agent, under the name that it was given, with progress', async () => {
    const agent = await legacyAgent('--agent', 'claude-desktop')
    expect((await agent.listTools()).tools.map(({ name }) => name)).toContain('everything__echo')
    expect((await agent.callTool(echo)).content).toEqual(said)
    const steps: number[] = []
    await agent.callTool(
      { name: 'everything__trigger-long-running-operation', arguments: { duration: 0.4, steps: 4 } },
      undefined,
      { onprogress: ({ progress }) => steps.push(progress) },
    )
    expect(steps.length).toBeGreaterThan(0)
    await agent.close()
    const { api_url, admin_token } = gateway.ready
    const headers = { authorization: `Bearer ${admin_token}` }
    const { items } = (await (await fetch(`${api_url}/calls`, { headers })).json()) as { items: { agent: string }[] }
    expect(items.map((call) => call.agent)).toEqual(['claude-desktop', 'claude-desktop'])
  })

  it('serves a modern agent', async () => {
    const agent = new ModernClient({ name: 'modern-agent', version: '1' }, { versionNegotiation: { mode: 'auto' } })
    await agent.connect(new ModernStdio({ ...cli.command(['stdio']), stderr: 'ignore' }))
    expect(agent.getNegotiatedProtocolVersion()).toBe('2026-07-28')
    expect((await agent.callTool(echo)).content).toEqual(said)
    await agent.close()
  })

  it('serves one integration under its own names', async () => {
    const agent = await legacyAgent('--integration', 'everything')
    expect((await agent.callTool({ ...echo, name: 'echo' })).content).toEqual(said)
    await agent.close()
  })

  it('finds the gateway again after it was restarted; the agent does not notice', async () => {
    const agent = await legacyAgent()
    expect((await agent.callTool(echo)).content).toEqual(said)
    await gateway.stop('SIGKILL')
    gateway = await cli.serve()
    expect((await agent.callTool(echo)).content).toEqual(said)
    await agent.close()
  })
})

it('without a gateway becomes one, which a second bridge uses and goes on without', async () => {
  const first = await legacyAgent('--agent', 'one')
  const second = await legacyAgent('--agent', 'two')
  expect((await second.callTool(echo)).content).toEqual(said)
  await first.close()
  expect((await second.callTool(echo)).content).toEqual(said)
  await second.close()
})

it('answers a line that is not JSON, and a message that the gateway refuses, under its id', async () => {
  const { command, args, env } = cli.command(['stdio', '--integration', 'nothing'])
  const bridge = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'ignore'] })
  const lines = createInterface({ input: bridge.stdout })[Symbol.asyncIterator]()
  const next = async () => JSON.parse(String((await lines.next()).value)) as unknown
  bridge.stdin.write('this is not JSON\n')
  expect(await next()).toMatchObject({ id: null, error: { code: -32700 } })
  bridge.stdin.write('{"jsonrpc":"2.0","id":"a","method":"tools/list"}\n')
  expect(await next()).toMatchObject({ id: 'a', error: { message: expect.stringContaining('nothing') as string } })
  bridge.stdin.end()
  expect(await once(bridge, 'exit')).toEqual([0, null])
})
