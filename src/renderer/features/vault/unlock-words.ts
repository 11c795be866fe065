import type { VaultState } from '../../../shared/contract/vault.ts'

/** Whether no secret was ever stored: then there is nothing to unlock, and a passphrase can be chosen. */
export function isFirstSecret(vault: VaultState | null): boolean {
  return vault?.state === 'unavailable' && vault.sealed_count === 0
}

/** What the button says that opens the vault's dialog. */
export function unlockLabel(vault: VaultState | null): string {
  return isFirstSecret(vault) ? 'Choose a passphrase' : 'Unlock'
}
