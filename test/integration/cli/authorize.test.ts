import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Integration } from '../../../src/shared/contract/integrations.ts'
import { CommandLine, type CommandResult, type RunningGateway } from '../../helpers/command-line.ts'
import { followAuthorization } from '../../helpers/follow-authorization.ts'
import {
  startAuthorizationServer,
  startProtectedServer,
  type AuthorizationServerProcess,
  type ProtectedServerProcess,
} from '../../helpers/oauth-servers.ts'
import { startTestApp } from '../../helpers/start-app.ts'

// Gateways and servers are processes, and the machine may be busy with others.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => void server.close(resolve))
  return port
}

/** Of a client that registered itself. */
const ownUri = (port: number) => new RegExp(`^http://127.0.0.1:${port}/oauth/callback/[0-9a-f]{32}$`)

interface Begun {
  /** The first line that it prints. */
  first: string
  /** Waits for its end. What it prints then is the rest. */
  end: () => Promise<CommandResult>
}

/** Starts the command in this process. */
async function begin(cli: CommandLine, args: string[]): Promise<Begun> {
  const printed = new PassThrough()
  const firstLine = once(createInterface({ input: printed }), 'line')
  const ended = cli.run(args, { onStdout: (words) => printed.write(words) })
  const end = async () => {
    const { code, stdout, stderr } = await ended
    return { code, stdout: stdout.trimEnd().split('\n').slice(1).join('\n'), stderr }
  }
  const [first = ''] = (await Promise.race([firstLine, ended.then(() => [])])) as string[]
  return { first, end }
}

/** Starts it in a process of its own, as it ships. */
async function beginProcess(cli: CommandLine, args: string[]): Promise<Begun & { child: ChildProcess }> {
  const { command, args: words, env } = cli.command(args)
  const child = spawn(command, words, { env })
  child.stdin.end()
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  const stderr = text(child.stderr)
  const ended = once(child, 'close')
  await Promise.race([once(reader, 'line'), ended])
  const end = async (): Promise<CommandResult> => {
    const [code] = (await ended) as [number | null]
    return { code, stdout: lines.slice(1).join('\n'), stderr: await stderr }
  }
  return { first: lines[0] ?? '', child, end }
}

describe.each(['a running gateway', 'no gateway'])('gatehouse authorize with %s', (situation) => {
  let cli: CommandLine
  let gateway: RunningGateway | undefined
  let server: AuthorizationServerProcess
  let resource: ProtectedServerProcess
  let port: number
  const show = () => cli.json<Integration>(['show', 'notes'])

  beforeAll(async () => {
    server = await startAuthorizationServer()
    resource = await startProtectedServer({ issuers: [server.issuer] })
    cli = await CommandLine.create()
    port = await freePort()
    // Where browsers come back to, with and without a gateway.
    const app = await startTestApp({ dataDir: cli.dataDir, vault: { backend: 'key', key: Buffer.alloc(32, 7) } })
    await app.client().settings.update({ port })
    await app.close()
    if (situation === 'a running gateway') {
      gateway = await cli.serve()
      port = Number(new URL(gateway.ready.api_url).port)
    }
  })
  afterAll(async () => {
    await gateway?.stop()
    await cli.close()
    await Promise.all([resource.stop(), server.stop()])
  })

  it('adds an integration that one signs in to', async () => {
    const { code, stdout } = await cli.run(['add', 'notes', resource.url, '--oauth'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Added notes. Sign in: `gatehouse authorize notes`.\n' })
    expect(await show()).toMatchObject({ auth_type: 'oauth2', oauth: { state: 'signed_out' } })
    expect((await cli.run(['show', 'notes'])).stdout).toContain('no; see `gatehouse authorize notes`')
  })

  it('gives up on Ctrl-C', async () => {
    const { first, child, end } = await beginProcess(cli, ['authorize', 'notes'])
    child.kill('SIGINT')
    expect((await end()).code).toBe(130)
    expect((await show()).oauth).toMatchObject({ state: 'signed_out', waiting: null })
    if (gateway === undefined) return
    const page = await fetch(await followAuthorization(first))
    expect(await page.text()).toContain('is not known')
  })

  it('says why nobody was signed in', async () => {
    await server.change({ consent: 'denied' })
    const { first, end } = await begin(cli, ['authorize', 'notes'])
    await fetch(await followAuthorization(first))
    const { code, stderr } = await end()
    expect(code).toBe(1)
    expect(stderr).toMatch(/Error: .+/)
    await server.change({ consent: 'granted' })
  })

  it('prints where to sign in, waits for it, and connects', async () => {
    const { first, end } = await beginProcess(cli, ['authorize', 'notes'])
    expect(new URL(first).searchParams.get('redirect_uri')).toMatch(ownUri(port))
    const page = await fetch(await followAuthorization(first))
    expect(await page.text()).toContain('Signed in to notes.')
    const { code, stdout, stderr } = await end()
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Signed in to notes. Connected, 3 tools.' })
    expect(stderr).toContain('Ctrl-C gives up')
    const shown = (await cli.run(['show', 'notes'])).stdout
    expect(shown).toContain(`yes, at ${server.issuer}; renews by itself`)
    const called = await cli.run(['call', 'notes__echo', '{"message": "hello"}'])
    expect(called).toMatchObject({ code: 0, stdout: '{"message":"hello"}\n' })
  })

  it('answers in JSON, first where to sign in and then what came of it', async () => {
    const { first, end } = await begin(cli, ['authorize', 'notes', '--json'])
    const start = JSON.parse(first) as { authorization_url: string }
    expect(start).toMatchObject({ redirect_uri: expect.stringMatching(ownUri(port)) as string })
    await fetch(await followAuthorization(start.authorization_url))
    const { code, stdout, stderr } = await end()
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'notes',
      oauth: { state: 'signed_in' },
      connection: { state: 'connected' },
    })
  })

  it('refuses what has no use for it', async () => {
    const both = await cli.run(['add', 'other', resource.url, '--oauth', '--bearer-stdin'], { input: 'token' })
    expect(both).toMatchObject({ code: 2 })
    expect(await cli.run(['authorize', 'nothing'])).toMatchObject({ code: 1 })
  })
})
