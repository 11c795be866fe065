import { z } from 'zod'
import { openBox, sealBox } from './sealed-box.ts'

const Base64 = z.string().transform((text): Buffer => Buffer.from(text, 'base64'))

/**
 * How to get at the data key, kept in `meta`: the data key wrapped by a key-encryption key that lives elsewhere. The
 * wrapped key is authenticated, so it is also the check value that tells a wrong key from the right one.
 */
const KeyRecord = z.object({
  backend: z.enum(['keychain', 'passphrase', 'key']),
  /** Written into every sealed row; also the keychain account, so that data directories don't clash. */
  key_id: z.uuid(),
  /** For a passphrase. */
  salt: Base64.nullable(),
  wrapped_key: z.object({ nonce: Base64, ciphertext: Base64 }),
})
export type KeyRecord = z.output<typeof KeyRecord>

/** The text for `meta`. */
export function writeKeyRecord(record: Omit<KeyRecord, 'wrapped_key'>, kek: Buffer, dek: Buffer): string {
  const { nonce, ciphertext } = sealBox(kek, wrapContext(record.key_id), dek)
  return JSON.stringify({
    ...record,
    salt: record.salt?.toString('base64') ?? null,
    wrapped_key: { nonce: nonce.toString('base64'), ciphertext: ciphertext.toString('base64') },
  })
}

/** Undefined where the text is damaged: a fact to report, not a reason to fail at start. */
export function readKeyRecord(text: string): KeyRecord | undefined {
  try {
    return KeyRecord.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** The data key, or undefined when `kek` is not the one that wrapped it. */
export function unwrapKey(record: KeyRecord, kek: Buffer): Buffer | undefined {
  try {
    return openBox(kek, wrapContext(record.key_id), record.wrapped_key)
  } catch {
    return undefined
  }
}

function wrapContext(keyId: string): string {
  return `v1|vault|data-key|${keyId}`
}
