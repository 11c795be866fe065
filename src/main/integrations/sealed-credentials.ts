import { randomUUID } from 'node:crypto'
import type { IntegrationRecord, SealedRow } from '../store/integrations-store.ts'
import type { Vault } from '../vault/vault.ts'

/** The rows to store for these secrets; each can be opened in its own place only. Needs an open vault where there are any. */
export function sealFields(
  vault: Pick<Vault, 'seal'>,
  integration: Pick<IntegrationRecord, 'id' | 'workspace'>,
  fields: ReadonlyMap<string, string>,
): SealedRow[] {
  return [...fields].map(([field, plaintext]) => {
    const id = randomUUID()
    const owner = { workspace: integration.workspace, integrationId: integration.id, field, rowId: id }
    return { id, integrationId: integration.id, field, ...vault.seal(owner, plaintext) }
  })
}

/** The secret in one row. Throws AppError `vault_locked`, or when the row was changed. */
export function unsealField(
  vault: Pick<Vault, 'unseal'>,
  integration: Pick<IntegrationRecord, 'workspace'>,
  row: SealedRow,
): string {
  const { id: rowId, integrationId, field } = row
  return vault.unseal({ workspace: integration.workspace, integrationId, field, rowId }, row)
}
