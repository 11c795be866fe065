import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { Emitter } from '../../../src/main/base/emitter.ts'
import { Database } from '../../../src/main/store/database.ts'
import { IntegrationsStore, type SealedRow } from '../../../src/main/store/integrations-store.ts'
import { openDatabase, recordedLog, temporaryFolder } from '../store/fresh-store.ts'
import { FakeKeychain, ownerOf, storeSecrets, vaultOn } from './vault-fixture.ts'

const PASSPHRASE = 'correct horse battery staple'
let file: string
let keychain: FakeKeychain

beforeEach(() => {
  file = join(temporaryFolder(), 'gatehouse.db')
  keychain = new FakeKeychain()
})

function item<Value>(list: readonly Value[], index: number): Value {
  const value = list[index]
  if (value === undefined) throw new Error(`there is no item ${index}`)
  return value
}

/** Opens the database for one use, so that the file is at rest afterwards. */
async function inDatabase<Result>(use: (database: Database) => Promise<Result>): Promise<Result> {
  const database = await Database.open(file, { log: recordedLog().log })
  try {
    return await use(database)
  } finally {
    await database.close()
  }
}

async function sealedProfile(): Promise<SealedRow[]> {
  return await inDatabase(async (database) => {
    const vault = vaultOn(database, keychain)
    await vault.open()
    return await storeSecrets(database, vault, { api_token: 'first secret', 'env.KEY': 'second secret' })
  })
}

describe('an empty vault', () => {
  it('makes its key with the first secret, not before, and only a wrapped key is in the database', async () => {
    const database = await openDatabase(file)
    const vault = vaultOn(database, keychain)
    await vault.open()
    expect(await vault.state()).toEqual({ state: 'empty', backend: 'keychain', reason: null, sealed_count: 0 })
    expect(keychain.entries.size).toBe(0)

    await storeSecrets(database, vault, { api_token: 'first secret' })
    expect(await vault.state()).toEqual({ state: 'ready', backend: 'keychain', reason: null, sealed_count: 1 })
    expect([...keychain.entries.values()]).toEqual([expect.stringMatching(/^[\w-]{43}$/)])
  })

  it('tells its state while the keychain waits for a person', async () => {
    let answer = (): void => undefined
    const answered = new Promise<undefined>((resolve) => (answer = () => resolve(undefined)))
    keychain.read = () => answered
    const vault = vaultOn(await openDatabase(file), keychain)
    const opening = vault.open()
    expect(await vault.state()).toMatchObject({ state: 'locked', reason: 'The vault is being opened.' })
    answer()
    await opening
    expect(await vault.state()).toMatchObject({ state: 'empty' })
  })

  it('that two openings fill at once ends up with one key', async () => {
    const [one, two] = [await openDatabase(file), await openDatabase(file)]
    const first = vaultOn(one, keychain)
    const second = vaultOn(two, keychain)
    await Promise.all([first.open(), second.open()])
    await Promise.all([first.ensureKey(), second.ensureKey()])
    expect(keychain.entries.size).toBe(1)
    const owner = ownerOf({ id: 'r', ownerId: 'i', field: 'api_token' })
    expect(second.unseal(owner, first.seal(owner, 'shared'))).toBe('shared')
  })

  it('says how to go on when there is no keychain, and takes a passphrase that it remembers', async () => {
    keychain.broken = true
    await inDatabase(async (database) => {
      const vault = vaultOn(database, keychain)
      await vault.open()
      expect(await vault.state()).toMatchObject({
        state: 'unavailable',
        reason: expect.stringMatching(/passphrase/) as string,
      })
      await expect(vault.ensureKey()).rejects.toMatchObject({ code: 'vault_locked' })
      expect(await vault.unlock(PASSPHRASE)).toMatchObject({ state: 'ready', backend: 'passphrase' })
      await storeSecrets(database, vault, { api_token: 'first secret' })
    })
    await inDatabase(async (database) => {
      const vault = vaultOn(database, keychain)
      await vault.open()
      expect(await vault.state()).toMatchObject({
        state: 'locked',
        backend: 'passphrase',
        reason: 'Enter its passphrase.',
      })
      await expect(vault.unlock('wrong passphrase')).rejects.toMatchObject({
        code: 'invalid_input',
        details: [{ path: 'passphrase', message: 'This passphrase is wrong.' }],
      })
      expect(await vault.unlock(PASSPHRASE)).toMatchObject({ state: 'ready', sealed_count: 1 })
    })
  })
})

describe('a sealed row', () => {
  it('opens in its own place', async () => {
    const rows = await sealedProfile()
    const vault = vaultOn(await openDatabase(file), keychain)
    await vault.open()
    expect(rows.map((row) => vault.unseal(ownerOf(row), row))).toEqual(['first secret', 'second secret'])
  })

  it('does not open in the place of another row', async () => {
    const rows = await sealedProfile()
    const vault = vaultOn(await openDatabase(file), keychain)
    await vault.open()
    const [first, second] = [item(rows, 0), item(rows, 1)]
    expect(() => vault.unseal(ownerOf(first), second)).toThrow(/changed outside Gatehouse/)
    expect(() => vault.unseal({ ...ownerOf(first), workspace: 'other' }, first)).toThrow(/changed outside/)
    expect(() => vault.unseal({ ...ownerOf(first), rowId: second.id }, first)).toThrow(/changed outside/)
  })

  it.each(['nonce', 'ciphertext'] as const)('with one flipped bit in its %s does not open; others do', async (part) => {
    const rows = await sealedProfile()
    const vault = vaultOn(await openDatabase(file), keychain)
    await vault.open()
    const flipped = Buffer.from(item(rows, 0)[part])
    flipped[0] = item([...flipped], 0) ^ 1
    expect(() => vault.unseal(ownerOf(item(rows, 0)), { ...item(rows, 0), [part]: flipped })).toThrow(/changed outside/)
    expect(vault.unseal(ownerOf(item(rows, 1)), item(rows, 1))).toBe('second secret')
  })

  it('that was cut short does not open', async () => {
    const row = item(await sealedProfile(), 0)
    const vault = vaultOn(await openDatabase(file), keychain)
    await vault.open()
    expect(() => vault.unseal(ownerOf(row), { ...row, ciphertext: row.ciphertext.subarray(0, 5) })).toThrow(
      /changed outside/,
    )
  })

  it('is different each time for the same secret', async () => {
    const vault = vaultOn(await openDatabase(file), keychain)
    await vault.ensureKey()
    const owner = ownerOf({ id: 'r', ownerId: 'i', field: 'api_token' })
    expect(vault.seal(owner, 'same').ciphertext.equals(vault.seal(owner, 'same').ciphertext)).toBe(false)
  })
})

describe('a vault whose key is gone', () => {
  const without: [string, () => void][] = [
    ['the entry is deleted', () => keychain.entries.clear()],
    ['the entry is another key', () => keychain.entries.forEach((_, key) => keychain.entries.set(key, 'A'.repeat(43)))],
    ['the entry is not a key', () => keychain.entries.forEach((_, key) => keychain.entries.set(key, 'short'))],
    ['the keychain does not answer', () => (keychain.broken = true)],
  ]

  it.each(without)('is locked and leaves the database as it is: %s', async (_case, take) => {
    const rows = await sealedProfile()
    const before = readFileSync(file)
    const kept = new Map(keychain.entries)
    take()
    await inDatabase(async (database) => {
      const vault = vaultOn(database, keychain)
      await vault.open()
      expect(await vault.state()).toMatchObject({ state: 'locked', backend: 'keychain', sealed_count: 2 })
      await expect(vault.ensureKey()).rejects.toMatchObject({ code: 'vault_locked' })
      await expect(vault.unlock('any passphrase')).rejects.toMatchObject({ code: 'vault_locked' })
      expect(() => vault.seal(ownerOf(item(rows, 0)), 'new')).toThrow(/locked/)
      expect(() => vault.unseal(ownerOf(item(rows, 0)), item(rows, 0))).toThrow(/locked/)
    })
    expect(readFileSync(file).equals(before)).toBe(true)

    keychain.broken = false
    keychain.entries = kept
    await inDatabase(async (database) => {
      const vault = vaultOn(database, keychain)
      await vault.open()
      expect(vault.unseal(ownerOf(item(rows, 0)), item(rows, 0))).toBe('first secret')
    })
  })

  it('unlocks when the key is back, tells who waits for it, and announces it', async () => {
    await sealedProfile()
    keychain.broken = true
    const emitter = new Emitter()
    const vault = vaultOn(await openDatabase(file), keychain, { backend: 'keychain' }, emitter)
    let opened = 0
    vault.whenOpened(() => opened++)
    await vault.open()
    const events = emitter.subscribe('default', new AbortController().signal)
    keychain.broken = false
    expect(await vault.unlock()).toMatchObject({ state: 'ready', reason: null })
    expect(opened).toBe(1)
    expect((await events.next()).value).toMatchObject({
      type: 'vault_changed',
      vault: { state: 'ready', sealed_count: 2 },
    })
  })

  it.each([
    ['missing from', (database: Database) => database.kysely.deleteFrom('meta').execute()],
    ['damaged in', (database: Database) => database.kysely.updateTable('meta').set({ value: '{"backend":' }).execute()],
  ])('is locked when the record of the key is %s the database', async (what, harm) => {
    await sealedProfile()
    const database = await openDatabase(file)
    await harm(database)
    const vault = vaultOn(database, keychain)
    await vault.open()
    const reason = expect.stringContaining(what) as string
    expect(await vault.state()).toMatchObject({ state: 'locked', reason, sealed_count: 2 })
    await expect(vault.ensureKey()).rejects.toMatchObject({ code: 'vault_locked' })
  })

  it('starts anew once nothing is sealed any more', async () => {
    const rows = await sealedProfile()
    keychain.entries.clear()
    const database = await openDatabase(file)
    const vault = vaultOn(database, keychain)
    await vault.open()
    await new IntegrationsStore(database).delete(item(rows, 0).ownerId)
    expect(await vault.state()).toMatchObject({ state: 'empty', sealed_count: 0 })
    await storeSecrets(database, vault, { api_token: 'new secret' })
    expect(await vault.state()).toMatchObject({ state: 'ready', sealed_count: 1 })
  })
})

describe('a vault with a key from the environment', () => {
  it('opens with that key only', async () => {
    const key = randomBytes(32)
    const row = await inDatabase(async (database) => {
      const vault = vaultOn(database, keychain, { backend: 'key', key })
      await vault.open()
      return item(await storeSecrets(database, vault, { api_token: 'first secret' }), 0)
    })
    const database = await openDatabase(file)
    const wrong = vaultOn(database, keychain, { backend: 'key', key: randomBytes(32) })
    await wrong.open()
    expect(await wrong.state()).toMatchObject({ state: 'locked', backend: 'key' })
    const none = vaultOn(database, keychain)
    await none.open()
    expect(await none.state()).toMatchObject({
      state: 'locked',
      reason: expect.stringContaining('GATEHOUSE_VAULT_KEY') as string,
    })
    const right = vaultOn(database, keychain, { backend: 'key', key })
    await right.open()
    expect(right.unseal(ownerOf(row), row)).toBe('first secret')
  })
})
