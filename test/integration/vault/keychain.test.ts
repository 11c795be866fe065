import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startKeyringSession, type KeyringSession } from '../../helpers/keyring-session.ts'

const SECRET = 'keychain-canary-51f2'
const run = promisify(execFile)
let folder: string
let session: KeyringSession

async function step(name: string, argument = '', address = session.env.DBUS_SESSION_BUS_ADDRESS): Promise<unknown> {
  const script = new URL('./keychain-steps.ts', import.meta.url).pathname
  const { stdout } = await run(process.execPath, [script, name, folder, argument], {
    env: { ...process.env, ...session.env, DBUS_SESSION_BUS_ADDRESS: address },
  })
  return JSON.parse(stdout)
}

const databaseBytes = () => readFileSync(join(folder, 'gatehouse.db'))

describe.runIf(process.platform === 'linux')('a real Secret Service', () => {
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-keychain-'))
    session = await startKeyringSession(folder)
  })
  afterEach(async () => {
    await session.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('keeps the key over restarts; deleted, the vault is locked and untouched; restored, it opens', async () => {
    await step('seal', SECRET)
    expect(await step('read')).toEqual({ state: 'ready', reason: null, secrets: [SECRET] })

    const key = String(await step('entry'))
    expect(key).toMatch(/^[\w-]{43}$/)
    for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!file.isFile() || file.parentPath.includes('share')) continue
      const bytes = readFileSync(join(file.parentPath, file.name))
      expect(bytes.includes(key) || bytes.includes(SECRET), file.name).toBe(false)
    }

    const before = databaseBytes()
    await step('delete')
    expect(await step('read')).toMatchObject({
      state: 'locked',
      reason: expect.stringMatching(/missing from the keychain/) as string,
    })
    expect(databaseBytes().equals(before)).toBe(true)

    await step('restore', key)
    expect(await step('read')).toMatchObject({ state: 'ready', secrets: [SECRET] })
  })

  it('that is not there locks a vault with secrets and leaves it untouched', async () => {
    await step('seal', SECRET)
    const before = databaseBytes()
    const nowhere = `unix:path=${join(folder, 'no-bus')}`
    expect(await step('read', '', nowhere)).toMatchObject({
      state: 'locked',
      reason: expect.stringMatching(/can't be read/) as string,
    })
    expect(databaseBytes().equals(before)).toBe(true)
  })

  it('that is not there makes an empty vault unavailable, and no key', async () => {
    const nowhere = `unix:path=${join(folder, 'no-bus')}`
    expect(await step('read', '', nowhere)).toMatchObject({ state: 'unavailable' })
    await expect(step('seal', SECRET, nowhere)).rejects.toThrow(/Secrets can not be stored yet/)
  })
})
