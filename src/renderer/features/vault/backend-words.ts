import type { VaultState } from '../../../shared/contract/vault.ts'

/** Where the key of the vault is kept, for a person. */
export const backendWords: Record<VaultState['backend'], string> = {
  keychain: 'the keychain of this system',
  passphrase: 'your passphrase',
  key: 'the environment (GATEHOUSE_VAULT_KEY)',
}
