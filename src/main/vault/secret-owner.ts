import type { SealedRow } from '../store/integrations-store.ts'
import { openBox, sealBox } from './sealed-box.ts'

/** Where a secret belongs. A sealed row that is moved anywhere else does not open. */
export interface SecretOwner {
  workspace: string
  ownerId: string
  field: string
  rowId: string
}

export interface VaultKey {
  id: string
  /** The data key. */
  dek: Buffer
}

export function contextOf({ workspace, ownerId, field, rowId }: SecretOwner): string {
  return `v1|${workspace}|${ownerId}|${field}|${rowId}`
}

/** The row sealed with another key. One that can't be read could not be read before either: it stays as it is. */
export function resealed(row: SealedRow & { workspace: string }, former: VaultKey, key: VaultKey): SealedRow {
  const context = contextOf({ ...row, rowId: row.id })
  let plaintext: Buffer
  try {
    if (row.keyId !== former.id) return row
    plaintext = openBox(former.dek, context, row)
  } catch {
    return row
  }
  const sealed = { ...row, keyId: key.id, ...sealBox(key.dek, context, plaintext) }
  plaintext.fill(0)
  return sealed
}
