import type { Transaction } from 'kysely'
import type { OAuthField, Schema } from './schema.ts'

/** One secret of an integration or a channel, encrypted. `field` is its place: `api_token`, `env.GITHUB_TOKEN`, `headers.X-Key`, `oauth.grant`. */
export interface SealedRow {
  id: string
  /** Id of the integration or the channel. */
  ownerId: string
  field: string
  keyId: string
  nonce: Buffer
  ciphertext: Buffer
}

/** What came of a sign-in, apart from what an admin gave: neither is replaced with the other. */
export const OAUTH_FIELDS: readonly OAuthField[] = ['oauth.client', 'oauth.grant', 'oauth.pending']

/** The secrets that an admin gave, and what OAuth keeps. */
export function apart(rows: readonly SealedRow[]): { secrets: SealedRow[]; oauth: SealedRow[] } {
  const isOAuth = ({ field }: SealedRow) => (OAUTH_FIELDS as readonly string[]).includes(field)
  return { secrets: rows.filter((row) => !isOAuth(row)), oauth: rows.filter(isOAuth) }
}

export async function insertSecrets(transaction: Transaction<Schema>, secrets: readonly SealedRow[]): Promise<void> {
  for (const secret of secrets) {
    await transaction
      .insertInto('secrets')
      .values({
        id: secret.id,
        integration_id: secret.ownerId,
        field: secret.field,
        key_id: secret.keyId,
        nonce: secret.nonce,
        ciphertext: secret.ciphertext,
      })
      .execute()
  }
}

/** Replaces what an admin gave. */
export async function replaceCredentials(
  transaction: Transaction<Schema>,
  integrationId: string,
  secrets: readonly SealedRow[],
): Promise<void> {
  await transaction
    .deleteFrom('secrets')
    .where('integration_id', '=', integrationId)
    .where('field', 'not in', OAUTH_FIELDS)
    .execute()
  await insertSecrets(transaction, secrets)
}

/** Puts `rows` in the place of `fields`, of which those without a row are gone. */
export async function replaceOAuth(
  transaction: Transaction<Schema>,
  integrationId: string,
  fields: readonly OAuthField[],
  rows: readonly SealedRow[],
): Promise<void> {
  await transaction
    .deleteFrom('secrets')
    .where('integration_id', '=', integrationId)
    .where('field', 'in', fields)
    .execute()
  await insertSecrets(transaction, rows)
}

export function toSealedRow(row: Schema['secrets']): SealedRow {
  const { id, field, nonce, ciphertext } = row
  return { id, ownerId: row.integration_id, field, keyId: row.key_id, nonce, ciphertext }
}

export async function insertChannelSecrets(
  transaction: Transaction<Schema>,
  secrets: readonly SealedRow[],
): Promise<void> {
  for (const { id, ownerId, field, keyId, nonce, ciphertext } of secrets) {
    const row = { id, channel_id: ownerId, field, key_id: keyId, nonce, ciphertext }
    await transaction.insertInto('channel_secrets').values(row).execute()
  }
}

export function toChannelSealedRow(row: Schema['channel_secrets']): SealedRow {
  const { id, field, nonce, ciphertext } = row
  return { id, ownerId: row.channel_id, field, keyId: row.key_id, nonce, ciphertext }
}
