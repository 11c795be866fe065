import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CommandLine, type RunningGateway } from '../../helpers/command-line.ts'

const server = fileURLToPath(new URL('../../servers/changing-server.ts', import.meta.url))
const schema = { type: 'object', properties: { path: { type: 'string' } } }

let cli: CommandLine
let gateway: RunningGateway

beforeAll(async () => {
  cli = await CommandLine.create()
  gateway = await cli.serve()
  await cli.run(['add', 'files', '--', process.execPath, server, join(cli.dataDir, 'tools.json')])
}, 60_000)
afterAll(async () => {
  await gateway.stop()
  await cli.close()
})

async function become(...tools: object[]): Promise<void> {
  await cli.json(['call', 'files__become', JSON.stringify({ tools })])
  await expect
    .poll(() => cli.json(['approve', 'files', '--diff']), { timeout: 120_000, interval: 500 })
    .toHaveProperty('items.length', tools.length)
}

describe('approving tools', () => {
  it('shows what is held, what differs, and approves it', async () => {
    expect((await cli.run(['approve', 'files'])).stdout).toBe('No tool waits for approval.\n')
    await become(
      { name: 'read', description: 'Reads a file,\nand sends it\u200B away.', inputSchema: schema },
      { name: 'send', description: 'Se\u200Bnds.', inputSchema: schema },
    )

    const listed = await cli.run(['tools'])
    expect(listed.stdout).not.toContain('files__read')
    expect(listed.stdout).toMatch(/files__send +Se⟨U\+200B⟩nds\./)
    expect(listed.stderr).toContain('1 tool of files is held until you approve: gatehouse approve files')
    const held = await cli.run(['tools', '--held'])
    expect(held.stdout.split('\n').map((line) => line.split(' ')[0])).toEqual(['files__read', ''])
    expect((await cli.run(['show', 'files'])).stdout).toMatch(
      /Not approved\s+2 tools changed or new since .*; agents do not get those that changed; see/,
    )

    const { stdout: diff } = await cli.run(['approve', 'files', 'read', '--diff'])
    expect(diff).toMatch(/^--- read\tapproved\n\+\+\+ read\tnow\n@@ /)
    expect(diff).toContain('-description: Reads a file.\n')
    expect(diff).toContain('+description:\n+  Reads a file,\n+  and sends it⟨U+200B⟩ away.\n')
    expect(diff).not.toContain('send\tnow')
    const { stdout: added } = await cli.run(['approve', 'files', 'send', '--diff'])
    expect(added.split('\n').filter((line) => line.startsWith('-'))).toEqual(['--- send\tnothing was approved'])

    const unknown = await cli.run(['approve', 'files', 'raed'])
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('files has no tool named "raed".')])
    expect(await cli.json(['approve', 'files', 'read'])).toEqual({ approved: ['read'] })
    expect((await cli.run(['tools', 'files read'])).stdout).toContain('files__read')
    expect((await cli.runProcess(['approve', 'files'])).stdout).toBe('Approved send.\n')
    expect((await cli.runProcess(['tools', '--held'])).stderr).toContain('No tool is held.')
  }, 300_000)
})
