import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const SECRET = 'keychain-canary-51f2'
const run = promisify(execFile)
let folder: string
let session: ChildProcess | undefined
let bus: string

/** A Secret Service of its own: neither the tests nor a mistake in them can touch the person's keychain. */
async function startSession(): Promise<void> {
  const script =
    'echo -n pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null; echo "$DBUS_SESSION_BUS_ADDRESS"; cat >/dev/null'
  session = spawn('dbus-run-session', ['--', 'bash', '-c', script], {
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: join(folder, 'share'), XDG_RUNTIME_DIR: folder },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  if (session.stdout === null) throw new Error('no output')
  for await (const line of createInterface(session.stdout)) {
    bus = line
    return
  }
  throw new Error('The D-Bus session did not start.')
}

async function endSession(): Promise<void> {
  if (session === undefined) return
  const ended = once(session, 'exit')
  session.stdin?.end()
  await ended
  session = undefined
}

async function step(name: string, argument = '', address = bus): Promise<unknown> {
  const script = new URL('./keychain-steps.ts', import.meta.url).pathname
  const { stdout } = await run(process.execPath, [script, name, folder, argument], {
    env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: folder },
  })
  return JSON.parse(stdout)
}

const databaseBytes = () => readFileSync(join(folder, 'gatehouse.db'))

describe.runIf(process.platform === 'linux')('a real Secret Service', () => {
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-keychain-'))
    await startSession()
  })
  afterEach(async () => {
    await endSession()
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
