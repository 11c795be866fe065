import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { sql } from 'kysely'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createLogger } from '../../../src/main/base/log.ts'
import { Database } from '../../../src/main/store/database.ts'
import { startTestApp } from '../../helpers/start-app.ts'

/**
 * The real thing: a small file system of the test's own. Mounting one takes root on Linux; everywhere else
 * unit/integrations/failed-writes.test.ts makes SQLite answer the same codes.
 */
const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mountsWork()

function smallDisk(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,mode=700', 'gatehouse-test', folder])
  onTestFinished(() => {
    // Lazily: after a test that failed something may still be open on it.
    execFileSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true })
  })
  return folder
}

/** A container may take the right to mount away from its root. */
function mountsWork(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'gatehouse-test', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Writes until there is no room for a single byte; the name of the ballast. */
function fill(folder: string): string {
  const ballast = join(folder, 'ballast')
  const file = openSync(ballast, 'w')
  for (let size = 65_536; size > 0; size = Math.floor(size / 2)) {
    try {
      for (;;) writeSync(file, Buffer.alloc(size))
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' })
    }
  }
  closeSync(file)
  return ballast
}

const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'))

describe.skipIf(!canMount)('a disk that fills up while the gateway runs', () => {
  it('calls go on, writes say why they fail, and all is well when there is space again', async () => {
    const dataDir = smallDisk()
    const options = { dataDir, vault: { backend: 'key' as const, key: Buffer.alloc(32, 1) } }
    const app = await startTestApp(options)
    const { integrations, agents } = app.client()
    const mcp = { transport: 'stdio' as const, command: process.execPath, args: [everything, 'stdio'] }
    await integrations.create({ name: 'everything', mcp })
    await expect
      .poll(async () => (await integrations.get({ name: 'everything' })).connection.state, { timeout: 30_000 })
      .toBe('connected')
    const agent = new Client({ name: 'agent', version: '1' })
    const headers = { Authorization: `Bearer ${app.agentToken ?? ''}` }
    await agent.connect(new StreamableHTTPClientTransport(new URL(app.urls.mcp_url), { requestInit: { headers } }))
    const echo = async (message: string) =>
      JSON.stringify(await agent.callTool({ name: 'everything__echo', arguments: { message } }))

    const ballast = fill(dataDir)
    const full = { code: 'internal', message: expect.stringMatching(/^The disk that holds .* is full\./) as string }
    const secret = { auth_type: 'bearer' as const, credentials: { api_token: 'token-of-the-second' } }
    const second = {
      name: 'second',
      mcp: { transport: 'http' as const, server_url: 'http://127.0.0.1:9/mcp' },
      ...secret,
    }
    await expect(integrations.create(second)).rejects.toMatchObject(full)
    await expect(integrations.update({ name: 'everything', description: 'changed' })).rejects.toMatchObject(full)
    await expect(agents.create({ name: 'another' })).rejects.toMatchObject(full)
    expect(await echo('still here')).toContain('still here')
    expect(await integrations.get({ name: 'everything' })).toMatchObject({ description: '', status: 'active' })
    await expect(integrations.get({ name: 'second' })).rejects.toMatchObject({ code: 'not_found' })

    rmSync(ballast)
    await integrations.create(second)
    await integrations.update({ name: 'everything', description: 'changed' })
    expect(await echo('and after')).toContain('and after')
    await agent.close()
    await app.close()

    const database = await Database.open(join(dataDir, 'gatehouse.db'), { log: createLogger({ level: 'silent' }) })
    const check = await sql<{ integrity_check: string }>`PRAGMA integrity_check`.execute(database.kysely)
    const rows = await database.kysely
      .selectFrom('integrations')
      .select(['name', 'description'])
      .orderBy('name')
      .execute()
    const secrets = await database.kysely.selectFrom('secrets').select('field').execute()
    await database.close()
    expect(check.rows).toEqual([{ integrity_check: 'ok' }])
    expect(rows).toEqual([
      { name: 'everything', description: 'changed' },
      { name: 'second', description: '' },
    ])
    expect(secrets).toEqual([{ field: 'api_token' }])
  })
})

describe.skipIf(!canMount)('a disk that is read-only', () => {
  // Modes do not bind root, so the file system itself has to refuse, as it does for everybody after an error.
  it('is told at the start, with what to do, and the database stays as it is', async () => {
    const dataDir = smallDisk()
    const options = { dataDir, vault: { backend: 'key' as const, key: Buffer.alloc(32, 1) } }
    await (await startTestApp(options)).close()
    const file = join(dataDir, 'gatehouse.db')
    const before = readFileSync(file)
    execFileSync('mount', ['-o', 'remount,ro', dataDir])
    await expect(startTestApp(options)).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringMatching(/^The data directory .* can't be used .*--data-dir/) as string,
    })
    const opened = Database.open(file, { log: createLogger({ level: 'silent' }) })
    await expect(opened).rejects.toThrow(/^The file .* can't be written\. Make it and its folder writable/)
    expect(readFileSync(file).equals(before)).toBe(true)
  })
})
