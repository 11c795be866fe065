import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../../src/main/store/database.ts'
import { IntegrationsStore, type SealedRow } from '../../../src/main/store/integrations-store.ts'
import type { Vault } from '../../../src/main/vault/vault.ts'
import { openDatabase, temporaryFolder } from '../store/fresh-store.ts'
import { FakeKeychain, ownerOf, storeSecrets, vaultOn } from './vault-fixture.ts'

const PASSPHRASE = 'correct horse battery staple'
let database: Database
let keychain: FakeKeychain
let vault: Vault
let store: IntegrationsStore

beforeEach(async () => {
  database = await openDatabase(join(temporaryFolder(), 'gatehouse.db'))
  keychain = new FakeKeychain()
  vault = vaultOn(database, keychain)
  store = new IntegrationsStore(database)
  await vault.open()
})

async function rows(): Promise<SealedRow[]> {
  return (await store.listAll()).flatMap(({ secrets }) => secrets)
}

async function plaintexts(by: Vault): Promise<string[]> {
  return (await rows()).map((row) => by.unseal(ownerOf(row), row))
}

describe('rotate', () => {
  it('seals every secret with a new key and takes the former one out of the keychain', async () => {
    await storeSecrets(database, vault, { api_token: 'first secret', 'env.KEY': 'second secret' })
    const before = await rows()
    const [formerAccount] = keychain.entries.keys()
    let replaced: readonly SealedRow[] = []
    vault.whenReplaced((changed) => (replaced = changed))

    await vault.rotate()

    expect(await plaintexts(vault)).toEqual(['first secret', 'second secret'])
    expect(replaced.map(({ id, keyId }) => ({ id, keyId }))).toEqual(
      (await rows()).map(({ id, keyId }) => ({ id, keyId })),
    )
    const [row] = await rows()
    expect(row?.keyId).not.toBe(before[0]?.keyId)
    expect(row?.ciphertext.equals(before[0]?.ciphertext ?? Buffer.alloc(0))).toBe(false)
    expect([...keychain.entries.keys()]).toEqual([row?.keyId])
    expect(keychain.entries.has(formerAccount ?? '')).toBe(false)
    const again = vaultOn(database, keychain)
    await again.open()
    expect(await plaintexts(again)).toEqual(['first secret', 'second secret'])
  })

  it('moves the key to a passphrase and back to the keychain', async () => {
    await storeSecrets(database, vault, { api_token: 'first secret' })
    expect(await vault.rotate({ backend: 'passphrase', passphrase: PASSPHRASE })).toMatchObject({
      state: 'ready',
      backend: 'passphrase',
    })
    expect(keychain.entries.size).toBe(0)
    const again = vaultOn(database, keychain)
    await again.open()
    expect(await again.state()).toMatchObject({ state: 'locked', backend: 'passphrase' })
    await again.unlock(PASSPHRASE)
    expect(await plaintexts(again)).toEqual(['first secret'])

    expect(await again.rotate({ backend: 'keychain' })).toMatchObject({ state: 'ready', backend: 'keychain' })
    const last = vaultOn(database, keychain)
    await last.open()
    expect(await plaintexts(last)).toEqual(['first secret'])
  })

  it('asks for the passphrase that it needs', async () => {
    await storeSecrets(database, vault, { api_token: 'first secret' })
    await expect(vault.rotate({ backend: 'passphrase' })).rejects.toMatchObject({ details: [{ path: 'passphrase' }] })
    await expect(vault.rotate({ passphrase: PASSPHRASE })).rejects.toMatchObject({ details: [{ path: 'passphrase' }] })
    expect(await plaintexts(vault)).toEqual(['first secret'])
  })

  it('that can not be stored leaves everything as it was, and no key behind', async () => {
    await storeSecrets(database, vault, { api_token: 'first secret' })
    const entries = [...keychain.entries]
    await database.kysely.schema.alterTable('secrets').renameColumn('ciphertext', 'lost').execute()

    await expect(vault.rotate()).rejects.toThrow()

    await database.kysely.schema.alterTable('secrets').renameColumn('lost', 'ciphertext').execute()
    expect([...keychain.entries]).toEqual(entries)
    expect(await plaintexts(vault)).toEqual(['first secret'])
  })

  it('passes over a row that was damaged before', async () => {
    const [good, bad] = await storeSecrets(database, vault, { api_token: 'first secret', 'env.KEY': 'second secret' })
    await database.kysely
      .updateTable('secrets')
      .set({ ciphertext: Buffer.from('damaged, but long enough to be one') })
      .where('id', '=', bad?.id ?? '')
      .execute()

    await vault.rotate()

    const after = await rows()
    const [first] = after.filter(({ id }) => id === good?.id)
    expect(first && vault.unseal(ownerOf(first), first)).toBe('first secret')
    expect(after.find(({ id }) => id === bad?.id)?.keyId).toBe(bad?.keyId)
  })

  it('waits for a secret that is just being stored', async () => {
    await storeSecrets(database, vault, { api_token: 'first secret' })
    const order: string[] = []
    const writing = vault.holdKey(async () => {
      await new Promise((resolve) => setImmediate(resolve))
      order.push('stored')
    })
    const rotating = vault.rotate().then(() => order.push('rotated'))
    await Promise.all([writing, rotating])
    expect(order).toEqual(['stored', 'rotated'])
  })

  it('of a vault without a key does nothing, and of a locked one is refused', async () => {
    expect(await vault.rotate()).toMatchObject({ state: 'empty' })
    await storeSecrets(database, vault, { api_token: 'first secret' })
    await vault.lock()
    await expect(vault.rotate()).rejects.toMatchObject({ code: 'vault_locked' })
  })
})

describe('lock', () => {
  it('forgets the key until it is unlocked, though the keychain has it', async () => {
    const [row] = await storeSecrets(database, vault, { api_token: 'first secret' })
    if (row === undefined) throw new Error('nothing was stored')
    let opened = 0
    vault.whenOpened(() => opened++)

    expect(await vault.lock()).toMatchObject({
      state: 'locked',
      reason: 'An admin locked it. Unlock it to use its secrets.',
    })
    expect(() => vault.unseal(ownerOf(row), row)).toThrow('The vault is locked')
    await expect(vault.ensureKey()).rejects.toMatchObject({ code: 'vault_locked' })

    expect(await vault.unlock()).toMatchObject({ state: 'ready' })
    expect(vault.unseal(ownerOf(row), row)).toBe('first secret')
    expect(opened).toBe(1)
  })

  it('does nothing to a vault that holds no secret', async () => {
    expect(await vault.lock()).toMatchObject({ state: 'empty' })
  })
})

describe('reset', () => {
  it('deletes every secret and the key, and nothing else, also where the key is lost', async () => {
    await storeSecrets(database, vault, { api_token: 'first secret' })
    keychain.entries.clear()
    const again = vaultOn(database, keychain)
    await again.open()
    expect(await again.state()).toMatchObject({ state: 'locked' })
    let left: readonly SealedRow[] | undefined
    again.whenReplaced((changed) => (left = changed))

    expect(await again.reset()).toEqual({ state: 'empty', backend: 'keychain', reason: null, sealed_count: 0 })

    expect(left).toEqual([])
    expect(await store.listAll()).toEqual([expect.objectContaining({ secrets: [] })])
    await again.ensureKey()
    expect(await again.state()).toMatchObject({ state: 'ready' })
  })
})
