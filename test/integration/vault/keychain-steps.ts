/**
 * One step of keychain.test.ts, run in a process of its own inside a private D-Bus session:
 * `keychain-steps.ts STEP DATA_DIR`. Prints one JSON line.
 */
import { join } from 'node:path'
import { Emitter } from '../../../src/main/base/emitter.ts'
import { createLogger } from '../../../src/main/base/log.ts'
import { Database } from '../../../src/main/store/database.ts'
import { MetaStore } from '../../../src/main/store/meta-store.ts'
import { SecretsStore } from '../../../src/main/store/secrets-store.ts'
import { IntegrationsStore } from '../../../src/main/store/integrations-store.ts'
import { SystemKeychain } from '../../../src/main/vault/keychain.ts'
import { Vault } from '../../../src/main/vault/vault.ts'
import { ownerOf, storeSecrets } from '../../unit/vault/vault-fixture.ts'

const [step = '', dataDir = '', argument = ''] = process.argv.slice(2)
const log = createLogger({ level: 'warn' })
const keychain = new SystemKeychain({ service: 'Gatehouse', timeoutMs: 10_000 })

async function withVault(use: (vault: Vault, database: Database) => Promise<unknown>): Promise<unknown> {
  const database = await Database.open(join(dataDir, 'gatehouse.db'), { log })
  const vault = new Vault({
    settings: { backend: 'keychain' },
    keychain,
    meta: new MetaStore(database),
    secrets: new SecretsStore(database),
    emitter: new Emitter(),
    redactor: log.redactor,
  })
  try {
    await vault.open()
    return await use(vault, database)
  } finally {
    vault.close()
    await database.close()
  }
}

async function accountOf(): Promise<string> {
  const account = await withVault(async (_vault, database) => {
    const record = JSON.parse((await new MetaStore(database).get('vault')) ?? '{}') as { key_id: string }
    return record.key_id
  })
  return String(account)
}

const steps: Record<string, () => Promise<unknown>> = {
  seal: () => withVault((vault, database) => storeSecrets(database, vault, { api_token: argument })),
  read: () =>
    withVault(async (vault, database) => {
      const state = await vault.state()
      const [held] = await new IntegrationsStore(database).listAll()
      const secrets = vault.isOpen ? held?.secrets.map((row) => vault.unseal(ownerOf(row), row)) : undefined
      return { state: state.state, reason: state.reason, secrets }
    }),
  entry: async () => await keychain.read(await accountOf()),
  delete: async () => await keychain.delete(await accountOf()),
  restore: async () => await keychain.write(await accountOf(), argument),
}

const result = await steps[step]?.()
process.stdout.write(`${JSON.stringify(result ?? null)}\n`)
