import { z } from 'zod'
import { operation } from './operation.ts'

export const VaultState = z.object({
  /**
   * `empty`: no secret stored yet, a key is made when the first one is. `ready`: open. `locked`: sealed rows exist and
   * their key is missing or wrong; nothing is written until it is back. `unavailable`: there is no keychain and no
   * passphrase was chosen.
   */
  state: z.enum(['empty', 'ready', 'locked', 'unavailable']),
  backend: z.enum(['keychain', 'passphrase', 'key']),
  /** Why it is locked or unavailable, for a person. */
  reason: z.string().nullable(),
  sealed_count: z.int().nonnegative(),
})
export type VaultState = z.infer<typeof VaultState>

export const vault = {
  get: operation.route({ method: 'GET', path: '/vault', summary: 'State of the vault' }).output(VaultState),
  unlock: operation
    .route({
      method: 'POST',
      path: '/vault/unlock',
      summary: 'Unlock by passphrase, or read the keychain again; on an empty vault the passphrase is set',
    })
    .input(z.strictObject({ passphrase: z.string().min(8, 'Use at least 8 characters.').max(1024).optional() }))
    .output(VaultState),
}
