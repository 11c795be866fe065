import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { DataDir } from '../../../src/main/base/data-dir.ts'
import { InstanceLock } from '../../../src/main/store/instance-lock.ts'
import { CommandLine, type CommandResult, type RunningGateway } from '../../helpers/command-line.ts'
import { startTestApp } from '../../helpers/start-app.ts'
import { startBadSseServer } from '../../servers/bad-sse-server.ts'

const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'))
const colour = /\u001b\[/

/** Each command twice: against a running gateway, and with a core that it starts for itself. */
describe.each(['a running gateway', 'no gateway'])('commands with %s', (situation) => {
  let cli: CommandLine
  let gateway: RunningGateway | undefined
  const run = (...args: string[]): Promise<CommandResult> => cli.run(args)

  beforeAll(async () => {
    cli = await CommandLine.create()
    if (situation === 'a running gateway') gateway = await cli.serve()
  })
  afterAll(async () => {
    await gateway?.stop()
    await cli.close()
  })

  it('adds a command, waits for it, and says what came of it', async () => {
    const { code, stdout } = await run(
      'add',
      'everything',
      '--env',
      'MODE=test',
      '--',
      process.execPath,
      everything,
      'stdio',
    )
    expect(code).toBe(0)
    expect(stdout).toBe('Added everything. Connected, 17 tools.\n')
    expect(await cli.json(['show', 'everything'])).toMatchObject({
      mcp: { transport: 'stdio', args: [everything, 'stdio'], env: { MODE: 'test' } },
      auth_type: 'none',
    })
  })

  it('keeps the folder of a command that names a file in it', async () => {
    await writeFile(join(cli.dataDir, 'server.js'), 'process.exit(3)')
    const args = ['add', 'local', '--json', '--', process.execPath, 'server.js']
    const { code, stdout } = await cli.run(args, { cwd: cli.dataDir })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ mcp: { args: ['server.js'], cwd: cli.dataDir } })
    await cli.json(['remove', 'local'])
  })

  it('adds a URL with a token from standard input, and says that it does not answer', async () => {
    const { code, stdout } = await cli.run(['add', 'tracker', 'http://127.0.0.1:9/mcp', '--bearer-stdin'], {
      input: 'canary-token-9876\n',
    })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Added tracker\. Not connected: .*refused.*gatehouse test tracker/)
    expect(await cli.json(['show', 'tracker'])).toMatchObject({
      auth_type: 'bearer',
      credentials: { api_token: '••••9876' },
    })
    expect((await run('show', 'tracker')).stdout).toContain('api_token ••••9876')
  })

  it('finds out which transport a URL speaks, unless it is told', async () => {
    const server = await startBadSseServer()
    try {
      const added = async (name: string, ...args: string[]) =>
        cli.json<{ mcp: unknown; connection: unknown }>(['add', name, ...args])
      const secret = await cli.run(['add', 'old', server.url('good'), '--bearer-stdin', '--json'], {
        input: 'canary-7\n',
      })
      expect(JSON.parse(secret.stdout)).toMatchObject({ mcp: { transport: 'sse' }, connection: { state: 'connected' } })
      expect(server.seen.every((request) => request.headers.authorization === 'Bearer canary-7')).toBe(true)
      expect(await added('told', server.url('good'), '--transport', 'http')).toMatchObject({
        mcp: { transport: 'http' },
        connection: { state: 'error' },
      })
      expect(await added('by-its-end', 'http://127.0.0.1:9/sse')).toMatchObject({ mcp: { transport: 'sse' } })
      expect(await added('silent', 'http://127.0.0.1:9/')).toMatchObject({ mcp: { transport: 'http' } })
      const tested = await cli.run(['test', 'told'])
      expect(tested.code).toBe(1)
      expect(tested.stdout).toContain('The server answered 404')
      expect(tested.stdout).toContain('This looks like SSE, not Streamable HTTP.')
      for (const name of ['old', 'told', 'by-its-end', 'silent']) await cli.json(['remove', name])
    } finally {
      await server.close()
    }
  })

  it('takes a secret for a command from the environment', async () => {
    const args = ['add', 'with-secret', '--env', 'DEMO_TOKEN', '--', process.execPath, everything, 'stdio']
    expect((await cli.run(args, { env: { DEMO_TOKEN: 'canary-environment-5555' } })).code).toBe(0)
    expect(await cli.json(['show', 'with-secret'])).toMatchObject({ credentials: { env: { DEMO_TOKEN: '••••5555' } } })
    const { content } = await cli.json<{ content: { text: string }[] }>(['call', 'with-secret__get-env'])
    expect(JSON.parse(content[0]?.text ?? '')).toMatchObject({ DEMO_TOKEN: 'canary-environment-5555' })
    await cli.json(['remove', 'with-secret'])
  })

  it('lists in a plain table and in JSON', async () => {
    const { code, stdout, stderr } = await run('list')
    expect(code).toBe(0)
    const rows = stdout.trim().split('\n')
    expect(rows[0]).toMatch(/^NAME +STATUS +TOOLS +CONNECTS TO$/)
    expect(rows.some((row) => /^slack +Needs setup/.test(row))).toBe(true)
    const status = gateway ? 'Connected' : 'Not running'
    expect(rows.find((row) => row.startsWith('everything'))).toMatch(new RegExp(`^everything +${status} +17 +\\S*node`))
    expect((await run('show', 'everything')).stdout).toMatch(new RegExp(`^Status +${status}$`, 'm'))
    expect(stdout + stderr).not.toMatch(colour)
    const { items } = await cli.json<{ items: { name: string }[] }>(['list'])
    expect(items.map((item) => item.name)).toContain('everything')
  })

  it('finds tools', async () => {
    const { stdout } = await run('tools', 'echo')
    expect(stdout.split('\n')[0]).toMatch(/^everything__echo +Echoes/)
    const { items } = await cli.json<{ items: { gateway_name: string }[] }>(['tools'])
    expect(items.filter((item) => item.gateway_name.startsWith('everything__'))).toHaveLength(17)
    expect((await run('tools', 'zzzz-nothing')).stderr).toContain('No tool matches.')
  })

  it('calls a tool with arguments from the line and from standard input', async () => {
    expect(await run('call', 'everything__echo', '{"message": "hällo"}')).toMatchObject({
      code: 0,
      stdout: 'Echo: hällo\n',
    })
    const piped = await cli.run(['call', 'everything__echo', '-', '--json'], { input: '{"message": "piped"}' })
    expect(piped.code).toBe(0)
    expect(JSON.parse(piped.stdout)).toMatchObject({ content: [{ type: 'text', text: 'Echo: piped' }] })
  })

  it('fails when the tool does', async () => {
    const { code, stdout, stderr } = await run('call', 'everything__echo', '{"message": 5}')
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain('expected string')
    const asJson = await run('call', 'everything__echo', '{"message": 5}', '--json')
    expect(asJson.code).toBe(1)
    expect(JSON.parse(asJson.stdout)).toMatchObject({ isError: true })
  })

  it('tests a connection step by step', async () => {
    const good = await run('test', 'everything')
    expect(good.code).toBe(0)
    expect(good.stdout).toMatch(/^ok +resolve .*\nok +connect .*\nok +negotiate .*\nok +list .*\nConnected/)
    const bad = await run('test', 'tracker')
    expect(bad.code).toBe(1)
    expect(bad.stdout).toMatch(/failed +connect .*refused/)
    expect((await run('test', 'tracker', '--json')).code).toBe(1)
  })

  it('takes an integration out and back', async () => {
    expect((await run('disable', 'everything')).code).toBe(0)
    expect((await run('tools')).stdout).not.toContain('everything__')
    expect((await run('call', 'everything__echo', '{}')).code).toBe(1)
    expect((await run('enable', 'everything')).stdout).toBe('Enabled everything. Connected, 17 tools.\n')
  })

  it('removes without asking where nobody can be asked', async () => {
    expect(await cli.json(['remove', 'tracker'])).toEqual({ removed: 'tracker' })
    expect((await run('show', 'tracker')).code).toBe(1)
  })

  it('prints a fresh console address, where a gateway runs on', async () => {
    const { code, stdout, stderr } = await run('console')
    if (gateway) {
      expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#code=\S{43}\n$/)
    } else {
      expect(code).toBe(1)
      expect(stderr).toContain('gatehouse serve')
    }
  })
})

describe('without a gateway', () => {
  it('only the server that is called is started, and one that is enabled', async () => {
    const cli = await CommandLine.create()
    onTestFinished(() => cli.close())
    const starts = async (name: string) => (await readFile(join(cli.dataDir, `${name}.starts`), 'utf8')).length
    const counting = join(cli.dataDir, 'counting-server.mjs')
    await writeFile(
      counting,
      `import { appendFileSync } from 'node:fs'
       appendFileSync(process.argv[2], '.')
       process.argv[2] = 'stdio'
       await import(${JSON.stringify(pathToFileURL(everything))})`,
    )
    for (const name of ['one', 'two']) {
      const command = ['--', process.execPath, counting, join(cli.dataDir, `${name}.starts`)]
      expect((await cli.run(['add', name, ...command])).stdout).toBe(`Added ${name}. Connected, 17 tools.\n`)
    }
    const begun = [await starts('one'), await starts('two')]

    const { items } = await cli.json<{ items: { integration: string }[] }>(['tools'])
    expect(items.filter(({ integration }) => integration !== 'gatehouse')).toHaveLength(34)
    for (const line of ['list', 'show one', 'tools echo']) expect((await cli.run(line.split(' '))).code).toBe(0)
    expect([await starts('one'), await starts('two')]).toEqual(begun)

    expect((await cli.run(['call', 'one__echo', '{"message":"hi"}'])).stdout).toBe('Echo: hi\n')
    expect([await starts('one'), await starts('two')]).toEqual([(begun[0] ?? 0) + 1, begun[1]])

    expect((await cli.run(['enable', 'two'])).stdout).toBe('Enabled two. Connected, 17 tools.\n')
    expect([await starts('one'), await starts('two')]).toEqual([(begun[0] ?? 0) + 1, (begun[1] ?? 0) + 1])

    for (const line of ['disable one', 'remove two']) expect((await cli.run(line.split(' '))).code).toBe(0)
    expect([await starts('one'), await starts('two')]).toEqual([(begun[0] ?? 0) + 1, (begun[1] ?? 0) + 1])
  })
})

describe('with the data directory in use', () => {
  const waiting = 'waiting for it'
  let cli: CommandLine
  let lock: InstanceLock
  beforeEach(async () => {
    cli = await CommandLine.create()
    lock = InstanceLock.take(DataDir.open(cli.dataDir))
  })
  afterEach(async () => {
    lock.release()
    await cli.close()
  })

  it('a command waits for it, says so, and goes on', async () => {
    const { code, stdout, stderr } = await cli.run(['list'], {
      onStderr: (words) => {
        if (words.includes(waiting)) lock.release()
      },
    })
    expect(code).toBe(0)
    expect(stdout).toContain('slack')
    expect(stderr.split(waiting)).toHaveLength(2)
  })

  it('a command talks to the gateway that appears meanwhile', async () => {
    const gateway = await startTestApp()
    onTestFinished(() => gateway.close())
    await gateway.client().integrations.create({ name: 'of-the-gateway', mcp: { transport: 'stdio', command: 'true' } })
    const { pid } = process
    const { mcp_url, api_url } = gateway.urls
    const { code, stdout } = await cli.run(['list'], {
      onStderr: (words) => {
        const run = { pid, mcp_url, api_url, admin_token: gateway.adminToken }
        if (words.includes(waiting)) DataDir.at(cli.dataDir).writeRunFile(run)
      },
    })
    expect(code).toBe(0)
    expect(stdout).toContain('of-the-gateway')
  })

  it('a command gives up in time, and says why', async () => {
    const { code, stdout } = await cli.run(['list', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'in_use' } })
  })
})

describe('as it ships', () => {
  let cli: CommandLine
  beforeEach(async () => {
    cli = await CommandLine.create()
  })
  afterEach(() => cli.close())
  const runProcess = (...args: string[]): Promise<CommandResult> => cli.runProcess(args)

  it('answers, fails and says how it is used without a gateway, and ends by itself', async () => {
    expect((await runProcess('--version')).stdout).toBe(`${(await cli.run(['--version'])).stdout.trim()}\n`)
    const help = await runProcess('--help')
    expect(help).toEqual({ code: 0, stdout: (await cli.run(['--help'])).stdout, stderr: '' })
    const [wrong, wrongJson] = await Promise.all([runProcess('list', '--fast'), runProcess('list', '--fast', '--json')])
    expect(wrong).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--fast') as string })
    expect(wrongJson).toMatchObject({ code: 2, stderr: '' })
    expect(JSON.parse(wrongJson.stdout)).toMatchObject({ error: { code: 'usage' } })

    const secret = ['add', 'local', '--env', 'DEMO_TOKEN', '--json', '--', process.execPath, everything, 'stdio']
    const added = await cli.runProcess(secret, { env: { DEMO_TOKEN: 'canary-environment-5555' } })
    expect(added).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(added.stdout)).toMatchObject({ credentials: { env: { DEMO_TOKEN: '••••5555' } } })
    const called = await cli.runProcess(['call', 'local__echo', '-'], { input: '{"message": "piped"}' })
    expect(called).toMatchObject({ code: 0, stdout: 'Echo: piped\n' })
    expect(await runProcess('call', 'local__nothing')).toMatchObject({ code: 1, stdout: '' })
  })

  it('does the same with a gateway', async () => {
    const gateway = await cli.serve()
    await writeFile(join(cli.dataDir, 'server.js'), 'process.exit(3)')
    const args = ['add', 'local', '--json', '--', process.execPath, 'server.js']
    const added = await cli.runProcess(args, { cwd: cli.dataDir })
    expect(JSON.parse(added.stdout)).toMatchObject({ mcp: { args: ['server.js'], cwd: cli.dataDir } })
    const listed = await runProcess('list')
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^local +\S/m) as string, stderr: '' })
    expect(listed.stdout).not.toMatch(colour)
    expect(await runProcess('test', 'local')).toMatchObject({ code: 1 })
    expect(await runProcess('remove', 'local', '--json')).toMatchObject({ code: 0, stdout: '{"removed":"local"}\n' })
    expect((await runProcess('console')).stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#code=\S{43}\n$/)
    await gateway.stop()
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('is cut short by %s, and says so', async (signal, code) => {
    const lock = InstanceLock.take(DataDir.open(cli.dataDir))
    onTestFinished(() => lock.release())
    const { command, args, env } = cli.command(['list'])
    const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
    for await (const piece of child.stderr) if (String(piece).includes('waiting for it')) child.kill(signal)
    expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(code)
  })

  it('takes it as the end when the reader of its output has enough', async () => {
    const { command, args, env } = cli.command(['--help'])
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    const stderr = text(child.stderr)
    expect(await once(child, 'close')).toEqual([0, null])
    expect(await stderr).toBe('')
  })
})

describe('failures', () => {
  let cli: CommandLine
  let gateway: RunningGateway
  const run = (...args: string[]): Promise<CommandResult> => cli.run(args)
  beforeAll(async () => {
    cli = await CommandLine.create()
    gateway = await cli.serve()
    await cli.json(['add', 'taken', 'http://127.0.0.1:9/mcp'])
  })
  afterAll(async () => {
    await gateway.stop()
    await cli.close()
  })

  it('keeps to the workspace that is named', async () => {
    const { code, stderr } = await run('list', '--workspace', 'nowhere')
    expect(code).toBe(1)
    expect(stderr).toContain('nowhere')
  })

  it.each([
    ['a slug with capitals', ['add', 'Weather', 'https://x.example'], 'name: Use lowercase'],
    ['a reserved slug', ['add', 'slack', 'https://x.example'], 'slack is reserved'],
    ['a taken slug', ['add', 'taken', 'https://x.example'], 'already used'],
    ['an address that is not http', ['add', 'x', 'ftp://x.example'], 'mcp.server_url'],
    ['a name that does not exist', ['show', 'nothing'], 'nothing'],
    ['a tool that does not exist', ['call', 'taken__nothing'], 'taken__nothing'],
    ['a system integration to remove', ['remove', 'slack', '--yes'], 'not deleted'],
  ])('fails with 1 and a reason for %s', async (_what, args, reason) => {
    const [{ code, stdout, stderr }, asJson] = await Promise.all([run(...args), run(...args, '--json')])
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(reason)
    expect(asJson.code).toBe(1)
    expect(asJson.stderr).toBe('')
    const { error } = JSON.parse(asJson.stdout) as { error: Record<string, unknown> }
    expect(Object.keys(error)).toEqual(['code', 'message', 'details'])
  })
})

describe('usage', () => {
  let cli: CommandLine
  beforeAll(async () => {
    cli = await CommandLine.create()
  })
  afterAll(() => cli.close())

  it('has a version and a help with examples', async () => {
    expect((await cli.run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    const { code, stdout } = await cli.run(['--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('Examples:')
    for (const name of [
      'serve',
      'console',
      'add',
      'list',
      'show',
      'enable',
      'disable',
      'remove',
      'test',
      'tools',
      'call',
    ]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'))
    }
    for (const name of ['list', 'add']) {
      const help = await cli.run([name, '--help'])
      expect(help.code, name).toBe(0)
      for (const option of ['--json', '--data-dir', '--workspace']) expect(help.stdout, name).toContain(option)
    }
  })

  it.each([
    ['no command', [], 'which command'],
    ['an unknown command', ['fly'], "unknown command 'fly'"],
    ['an unknown option', ['list', '--fast'], '--fast'],
    ['a missing argument', ['show'], 'name'],
    ['one argument too many', ['show', 'a', 'b'], 'too many'],
    ['a command without dashes', ['add', 'x', 'node', 'server.js'], '--'],
    ['neither URL nor command', ['add', 'x'], '--'],
    ['a transport that is not spoken', ['add', 'x', 'https://x.example', '--transport', 'pigeon'], 'pigeon'],
    ['a secret as an argument', ['add', 'x', '--env', 'API_KEY=abc', '--', 'node'], 'API_KEY'],
    ['a secret that is not in the environment', ['add', 'x', '--env', 'NOT_SET_KEY', '--', 'node'], 'NOT_SET_KEY'],
    ['an environment for a URL', ['add', 'x', 'https://x.example', '--env', 'A=b'], '--env'],
    ['a bearer token for a command', ['add', 'x', '--bearer-stdin', '--', 'node'], '--bearer-stdin'],
    ['an empty bearer token', ['add', 'x', 'https://x.example', '--bearer-stdin'], 'standard input'],
    ['arguments that are not JSON', ['call', 'x__y', '{'], 'JSON'],
    ['arguments that are no object', ['call', 'x__y', '[1]'], 'object'],
  ])('answers 2 for %s', async (_what, args, word) => {
    const { code, stdout, stderr } = await cli.run(args)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain(word)
  })

  it('answers usage errors in JSON where that was asked for', async () => {
    const { code, stdout, stderr } = await cli.run(['list', '--json', '--fast'])
    expect(code).toBe(2)
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'usage', message: expect.stringContaining('--fast') as string, details: [] },
    })
  })

  it('ignores the run file of a gateway that is gone, and removes it', async () => {
    const gone = {
      pid: 2 ** 22 + 1,
      mcp_url: 'http://127.0.0.1:9/mcp',
      api_url: 'http://127.0.0.1:9/api/v1',
      admin_token: 'x',
    }
    await writeFile(join(cli.dataDir, 'run.json'), JSON.stringify(gone))
    expect((await cli.run(['list'])).code).toBe(0)
    // A process of that id lives, but nothing answers there.
    await writeFile(join(cli.dataDir, 'run.json'), JSON.stringify({ ...gone, pid: process.pid }))
    expect((await cli.run(['list'])).code).toBe(0)
    await writeFile(join(cli.dataDir, 'run.json'), '{"pid":')
    expect((await cli.run(['list'])).code).toBe(0)
    expect(await readdir(cli.dataDir)).not.toContain('run.json')
  })
})
