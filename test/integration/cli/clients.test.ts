import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CommandLine, type CommandResult, type RunningGateway } from '../../helpers/command-line.ts'

const other = { command: 'npx', args: ['other'], env: { OTHER_TOKEN: 'canary-other' } }
const text = `${JSON.stringify({ mcpServers: { other } }, null, 2)}\n`

let cli: CommandLine
const run = (...args: string[]): Promise<CommandResult> => cli.run(args)
const cursorFile = () => join(cli.home, '.cursor', 'mcp.json')

async function writeCursor(content: string): Promise<void> {
  await mkdir(dirname(cursorFile()), { recursive: true })
  await writeFile(cursorFile(), content)
}
const readCursor = () => readFile(cursorFile(), 'utf8')

describe.each(['a running gateway', 'no gateway'])('connect and import with %s', (situation) => {
  let gateway: RunningGateway | undefined
  beforeAll(async () => {
    cli = await CommandLine.create()
    if (situation === 'a running gateway') gateway = await cli.serve()
  })
  afterAll(async () => {
    await gateway?.stop()
    await cli.close()
  })
  beforeEach(() => writeCursor(text))

  it('lists all clients and how they stand', async () => {
    await mkdir(join(cli.home, '.gemini'), { recursive: true })
    await writeFile(join(cli.home, '.gemini', 'settings.json'), '{ broken')
    const { code, stdout, stderr } = await cli.runProcess(['connect'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^CLIENT +STATUS +SERVERS +CONFIGURATION$/m)
    expect(stdout).toMatch(/^cursor +Not connected +1 +\S+mcp\.json$/m)
    expect(stdout).toMatch(/^zed +Not installed +0 /m)
    expect(stdout).toMatch(/^gemini +Unreadable +0 /m)
    expect(stderr).toMatch(/settings\.json can't be used: it is not JSON: .* \(line 1, column 3\)/)
    const { items } = await cli.json<{ items: { id: string }[] }>(['connect'])
    expect(items).toHaveLength(8)
  })

  it('shows the change and writes nothing with --dry-run', async () => {
    const { code, stdout } = await run('connect', 'cursor', '--dry-run')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\+ {4}"gatehouse": \{$/m)
    expect(stdout).not.toContain('canary')
    expect(await cli.json(['connect', 'cursor', '--dry-run'])).toHaveProperty('revision')
    expect(await readCursor()).toBe(text)
  })

  it('writes nothing without a terminal, unless told', async () => {
    const { code, stderr } = await run('connect', 'cursor')
    expect(code).toBe(2)
    expect(stderr).toContain('--dry-run')
    expect(await readCursor()).toBe(text)
  })

  it('connects, disconnects and restores', async () => {
    const { code, stdout, stderr } = await run('connect', 'cursor', '--yes')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Cursor is connected as the agent cursor\. .*gatehouse-backup-/)
    expect(stdout + stderr).not.toContain('canary')
    expect(stderr.includes('only while that runs')).toBe(gateway === undefined)
    const connected = await readCursor()
    const { mcpServers } = JSON.parse(connected) as { mcpServers: { gatehouse: { url: string } } }
    expect(mcpServers.gatehouse.url).toBe(gateway?.ready.mcp_url ?? 'http://127.0.0.1:7420/mcp')
    expect(stdout + stderr).not.toMatch(/ghk_\w/)

    expect(await cli.json(['connect', 'cursor', '--disconnect', '--yes'])).toMatchObject({ gateway: 'none' })
    expect(await readCursor()).toBe(text)
    expect((await run('connect', 'cursor', '--restore', '--yes')).stdout).toContain('is as it was before')
    expect(await readCursor()).toBe(connected)
  })

  it.each([
    [['connect', 'emacs', '--yes'], 'There is no client "emacs". These are known: claude-code, '],
    [['connect', 'cursor', '--restore', '--disconnect', '--yes'], 'cannot be used with'],
    [['import', 'clients', '--client', 'emacs', '--yes'], 'There is no client "emacs"'],
    [['import', 'clients'], '--yes'],
    [['import'], 'Say which command to run.'],
  ])('%j is a mistake in usage', async (args, message) => {
    const { code, stderr } = await cli.run(args)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })

  it('imports servers, leaves known and broken ones out, and can take them out of their client', async () => {
    const url = 'http://127.0.0.1:9/mcp'
    const servers = {
      notes: { url, headers: { 'X-Api-Key': 'canary-key-1234' } },
      broken: { url: 5 },
      plain: { url: `${url}/2` },
    }
    await writeCursor(JSON.stringify({ mcpServers: servers }))
    const { code, stdout, stderr } = await cli.runProcess(['import', 'clients', '--server', 'notes', '--yes'])
    expect(code).toBe(0)
    expect(stdout).toBe('Imported 1 server.\n')
    expect(stderr).toMatch(/^notes +cursor +notes +http:\/\/127\.0\.0\.1:9\/mcp$/m)
    expect(await cli.json(['show', 'notes'])).toMatchObject({ credentials: { headers: { 'X-Api-Key': '••••' } } })

    const rest = await run('import', 'clients', '--client', 'cursor', 'vscode', '--remove', '--yes', '--json')
    expect(rest.code).toBe(0)
    expect(JSON.parse(rest.stdout)).toMatchObject({
      items: [
        { server: 'plain', name: 'plain', problem: null },
        { server: 'broken', name: null, problem: expect.stringContaining('url') as string },
      ],
    })
    const left = JSON.parse(await readCursor()) as { mcpServers: object }
    expect(Object.keys(left.mcpServers)).toEqual(['notes', 'broken'])
    expect(stdout + stderr + rest.stdout).not.toContain('canary')

    expect((await run('import', 'clients', '--server', 'broken', '--yes')).code).toBe(1)
    const missing = await run('import', 'clients', '--server', 'nope', '--yes')
    expect(missing).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No client has a server named nope.') as string,
    })
    for (const name of ['notes', 'plain']) await cli.json(['remove', name])
  })
})

describe('connect on a terminal', () => {
  beforeAll(async () => {
    cli = await CommandLine.create()
    const { ready } = await cli.serve()
    expect(ready.event).toBe('ready')
    await writeCursor(text)
  })
  afterAll(() => cli.close())

  /** Types this word when it is asked for. */
  async function answer(word: string): Promise<CommandResult> {
    const stdin = new PassThrough()
    const onStderr = (words: string) => {
      if (words.includes('[y/N]')) stdin.push(`${word}\n`)
    }
    return await cli.run(['connect', 'cursor'], { isTTY: true, stdin, onStderr })
  }

  it('asks after it has shown the change, and takes no for an answer', async () => {
    const { code, stderr } = await answer('n')
    expect(code).toBe(0)
    expect(stripVTControlCharacters(stderr)).toMatch(/"gatehouse"[\s\S]*Write this into .*mcp\.json\?/)
    expect(await readCursor()).toBe(text)
    await answer('y')
    expect(await readCursor()).toContain('gatehouse')
  })
})
