import type { VaultState } from '../../../shared/contract/vault.ts'

/** Where the key of the vault is kept, for a person. The gateway runs on this machine, so the keychain is this system's. */
export function backendWords(backend: VaultState['backend'], userAgent = navigator.userAgent): string {
  if (backend === 'passphrase') return 'Passphrase'
  if (backend === 'key') return 'Environment (GATEHOUSE_VAULT_KEY)'
  if (userAgent.includes('Mac OS X')) return 'macOS Keychain'
  return userAgent.includes('Windows') ? 'Windows Credential Manager' : 'Secret Service'
}
