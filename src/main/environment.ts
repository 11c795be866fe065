import { AppError } from './base/app-error.ts'
import type { VaultSettings } from './vault/key-encryption-keys.ts'

export type VaultChoice = VaultSettings

/**
 * Where the vault's key comes from: the keychain, unless GATEHOUSE_VAULT (with GATEHOUSE_PASSPHRASE or
 * GATEHOUSE_VAULT_KEY) says otherwise. Never falls back from what was asked for.
 */
export function readVaultChoice(env: NodeJS.ProcessEnv): VaultChoice {
  const backend = env.GATEHOUSE_VAULT ?? 'keychain'
  switch (backend) {
    case 'keychain':
      return { backend }
    case 'passphrase': {
      const passphrase = env.GATEHOUSE_PASSPHRASE
      return passphrase ? { backend, passphrase } : { backend }
    }
    case 'key': {
      const key = Buffer.from(env.GATEHOUSE_VAULT_KEY ?? '', 'base64')
      if (key.length !== 32) {
        throw new AppError('invalid_input', { message: 'GATEHOUSE_VAULT_KEY must hold 32 bytes in base64.' })
      }
      return { backend, key }
    }
    default:
      throw new AppError('invalid_input', {
        message: `GATEHOUSE_VAULT is "${backend}"; it can be keychain, passphrase or key.`,
      })
  }
}
