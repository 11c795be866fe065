import { scrypt } from 'node:crypto'
import { KEY_BYTES } from './sealed-box.ts'

/** OWASP's setting for scrypt: 128 MiB and about half a second a guess. */
const COST = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 }
export const SALT_BYTES = 16

/** The key that a passphrase stands for. Unicode is normalised: the same passphrase typed on another system is the same. */
export function deriveKey(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, KEY_BYTES, COST, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}
