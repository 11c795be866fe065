import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { safe } from '@orpc/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ClientsHarness } from '../clients/harness.ts'

const OTHERS = 0o077

let harness: ClientsHarness
beforeEach(async () => {
  harness = await ClientsHarness.start()
})
afterEach(() => harness.close())

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777
}

describe('a configuration that gets a token', () => {
  it.each([0o644, 0o660, 0o666])('is its owner’s alone, whatever it was (%o)', async (mode) => {
    await harness.write('cursor', '{"mcpServers":{}}')
    await chmod(harness.path('cursor'), mode)
    const { backup_path } = await harness.client.clients.connect({ id: 'cursor' })
    expect(await harness.read('cursor')).toContain('ghk_')
    for (const path of [harness.path('cursor'), backup_path ?? '']) expect((await modeOf(path)) & OTHERS).toBe(0)
  })

  it('is so where a link leads, and stays a link', async () => {
    const target = join(harness.place.home, 'dotfiles.json')
    await writeFile(target, '{}', { mode: 0o644 })
    await mkdir(dirname(harness.path('cursor')), { recursive: true })
    await symlink(target, harness.path('cursor'))
    await harness.client.clients.connect({ id: 'cursor' })
    expect((await modeOf(target)) & OTHERS).toBe(0)
    expect(await readFile(target, 'utf8')).toContain('ghk_')
  })

  it('keeps its permissions where no token gets into it', async () => {
    await harness.write('claude-desktop', '{}')
    await chmod(harness.path('claude-desktop'), 0o644)
    await harness.client.clients.connect({ id: 'claude-desktop' })
    expect(await modeOf(harness.path('claude-desktop'))).toBe(0o644)
  })
})

describe('a configuration that somebody else wrote', () => {
  it.each([
    ['json', 'cursor', '{"mcpServers":{"__proto__":{"command":"x","polluted":1},"constructor":{"command":"y"}}}'],
    ['json', 'cursor', '{"__proto__":{"mcpServers":{"a":{"command":"x"}},"polluted":1}}'],
    ['toml', 'codex', '[mcp_servers.__proto__]\ncommand = "x"\npolluted = 1\n'],
    ['toml', 'codex', '[__proto__]\npolluted = 1\n[constructor.prototype]\npolluted = 1\n'],
  ] as const)('reaches no prototype by its names: %s', async (_format, id, text) => {
    await harness.write(id, text)
    await harness.client.clients.servers()
    await safe(harness.client.clients.connect({ id }))
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
    expect((await harness.client.clients.list()).items).toHaveLength(8)
  })

  it.each([
    ['lists in lists', 'cursor', '['.repeat(1_000_000)],
    ['objects in objects', 'cursor', '{"a":'.repeat(500_000)],
    ['tables in tables', 'codex', `a = ${'['.repeat(100_000)}`],
    ['more than is read', 'cursor', `{"a":"${'x'.repeat(11_000_000)}"}`],
  ] as const)('is told of and left alone: %s', async (_what, id, text) => {
    await harness.write(id, text)
    expect(await harness.of(id)).toMatchObject({ state: 'unreadable' })
    expect((await safe(harness.client.clients.connect({ id }))).error).not.toBeNull()
    expect(await harness.read(id)).toBe(text)
    expect(await readdir(dirname(harness.path(id)))).toHaveLength(1)
  })

  it('gets nothing of our own out of our environment', async () => {
    const own = await ClientsHarness.start({ GATEHOUSE_PASSPHRASE: 'canary-own', gatehouse_vault_key: 'canary-own' })
    try {
      const env = { A: '${env:GATEHOUSE_PASSPHRASE}', B: '${env:gatehouse_vault_key}', C: '${env:constructor}' }
      await own.write('cursor', JSON.stringify({ mcpServers: { thief: { command: 'thief', env } } }))
      const { items } = await own.client.clients.servers()
      expect(items[0]?.problem).toContain("can't fill in")
      expect(items[0]?.problem).toContain('constructor')
      expect(JSON.stringify(items)).not.toContain('canary-own')
      const servers = [{ client: 'cursor' as const, server: 'thief' }]
      const imported = await own.client.clients.import_servers({ servers, remove_from_clients: false })
      expect(imported.items[0]?.name).toBeNull()
    } finally {
      await own.close()
    }
  })
})
