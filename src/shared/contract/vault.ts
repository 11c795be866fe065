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

const Passphrase = z.string().min(8, 'Use at least 8 characters.').max(1024)

export const vault = {
  get: operation.route({ method: 'GET', path: '/vault', summary: 'State of the vault' }).output(VaultState),
  unlock: operation
    .route({
      method: 'POST',
      path: '/vault/unlock',
      summary: 'Unlock by passphrase, or read the keychain again; on an empty vault the passphrase is set',
    })
    .input(z.strictObject({ passphrase: Passphrase.optional() }))
    .output(VaultState),
  lock: operation
    .route({
      method: 'POST',
      path: '/vault/lock',
      summary: 'Forget the key until it is unlocked; connections that are open stay open',
    })
    .output(VaultState),
  rotate: operation
    .route({
      method: 'POST',
      path: '/vault/rotate',
      summary: 'A new key: every secret is sealed again in one transaction. With `backend` the key moves there',
    })
    .input(
      z.strictObject({
        backend: z.enum(['keychain', 'passphrase']).optional(),
        /** The new passphrase, where the key is kept by one. */
        passphrase: Passphrase.optional(),
      }),
    )
    .output(VaultState),
  reset: operation
    .route({
      method: 'POST',
      path: '/vault/reset',
      summary: 'Delete every stored secret of every workspace, for a key that is lost. It cannot be undone',
    })
    .input(z.strictObject({ confirm: z.literal('delete all secrets') }))
    .output(VaultState),
}
