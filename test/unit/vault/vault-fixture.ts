import { randomUUID } from 'node:crypto'
import { Emitter } from '../../../src/main/base/emitter.ts'
import { Redactor } from '../../../src/main/base/redact.ts'
import type { Database } from '../../../src/main/store/database.ts'
import { SecretsStore } from '../../../src/main/store/secrets-store.ts'
import { IntegrationsStore, type SealedRow } from '../../../src/main/store/integrations-store.ts'
import { MetaStore } from '../../../src/main/store/meta-store.ts'
import type { VaultSettings } from '../../../src/main/vault/key-encryption-keys.ts'
import type { Keychain } from '../../../src/main/vault/keychain.ts'
import { Vault } from '../../../src/main/vault/vault.ts'

/** A keychain in memory: entries can be taken away, and the whole of it can be out of order. */
export class FakeKeychain implements Keychain {
  entries = new Map<string, string>()
  broken = false

  read(account: string): Promise<string | undefined> {
    return this.#working(() => this.entries.get(account))
  }

  write(account: string, secret: string): Promise<void> {
    return this.#working(() => void this.entries.set(account, secret))
  }

  delete(account: string): Promise<void> {
    return this.#working(() => void this.entries.delete(account))
  }

  #working<Result>(work: () => Result): Promise<Result> {
    return this.broken ? Promise.reject(new Error('no keychain here')) : Promise.resolve(work())
  }
}

export function vaultOn(
  database: Database,
  keychain: Keychain,
  settings: VaultSettings = { backend: 'keychain' },
  emitter = new Emitter(),
): Vault {
  return new Vault({
    settings,
    keychain,
    meta: new MetaStore(database),
    secrets: new SecretsStore(database),
    emitter,
    redactor: new Redactor(),
  })
}

/** Stores one integration with these secrets, each sealed in its place. */
export async function storeSecrets(database: Database, vault: Vault, secrets: Record<string, string>) {
  await vault.ensureKey()
  const ownerId = randomUUID()
  const now = new Date().toISOString()
  const rows: SealedRow[] = Object.entries(secrets).map(([field, plaintext]) => {
    const id = randomUUID()
    return { id, ownerId, field, ...vault.seal(ownerOf({ id, ownerId, field }), plaintext) }
  })
  await new IntegrationsStore(database).insert(
    {
      id: ownerId,
      workspace: 'default',
      name: 'sealed',
      displayName: '',
      description: '',
      logoUrl: '',
      logo: null,
      category: '',
      status: 'active',
      protocol: 'mcp',
      mcp: { transport: 'http', server_url: 'https://example.com/mcp', headers: {}, era: 'auto', isolation: 'shared' },
      authType: 'bearer',
      authHeaderPrefix: 'Bearer',
      auth: {},
      enabledTools: [],
      disabledTools: [],
      onDefinitionChange: 'hold',
      system: null,
      createdAt: now,
      updatedAt: now,
    },
    rows,
  )
  return rows
}

export function ownerOf({ id, ownerId, field }: Pick<SealedRow, 'id' | 'ownerId' | 'field'>) {
  return { workspace: 'default', ownerId, field, rowId: id }
}
