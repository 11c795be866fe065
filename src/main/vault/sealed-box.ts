import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D): one key may seal about 2^32 rows, far more than there are. */
const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
export const KEY_BYTES = 32

export interface SealedBox {
  nonce: Buffer
  /** Followed by the authentication tag. */
  ciphertext: Buffer
}

/** Encrypts `plaintext` and binds it to `context`: it can be opened with the same context only. */
export function sealBox(key: Buffer, context: string, plaintext: Buffer): SealedBox {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(context))
  return { nonce, ciphertext: Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]) }
}

/** Throws when the key is another one, or when ciphertext, nonce or context are not what was sealed. */
export function openBox(key: Buffer, context: string, box: SealedBox): Buffer {
  const end = box.ciphertext.length - TAG_BYTES
  if (end < 0) throw new Error('The sealed value is too short.')
  const decipher = createDecipheriv(ALGORITHM, key, box.nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(box.ciphertext.subarray(end))
  return Buffer.concat([decipher.update(box.ciphertext.subarray(0, end)), decipher.final()])
}
