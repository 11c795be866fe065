import { isDeepStrictEqual } from 'node:util'
import { isDefinedError } from '@orpc/client'
import type { Integration, NewIntegration } from '../../shared/contract/integrations.ts'
import { AppError } from '../base/app-error.ts'
import type { Client } from './running-gateway.ts'

export const VAULT_HINT =
  'GATEHOUSE_VAULT=key takes GATEHOUSE_VAULT_KEY (32 bytes in base64, for example from `openssl rand -base64 32`); ' +
  'GATEHOUSE_VAULT=passphrase takes GATEHOUSE_PASSPHRASE.'

/**
 * Makes what is missing and changes what differs: applying the same twice changes nothing. What the admin set apart from
 * the connection (names, filters, disabled) stays.
 */
export async function applyIntegrations(client: Client, wanted: NewIntegration[]): Promise<void> {
  await requireVault(client, wanted)
  const { items } = await client.integrations.list()
  const known = new Map(items.map((integration) => [integration.name, integration]))
  for (const input of wanted) {
    const existing = known.get(input.name)
    try {
      if (!existing) await client.integrations.create(input)
      else if (differs(existing, input)) await client.integrations.update(changesOf(input))
    } catch (error) {
      if (!isDefinedError(error)) throw error
      throw new AppError('invalid_input', {
        message: `${input.name} can't be applied: ${explained(error)}`,
        cause: error,
      })
    }
  }
}

/** Before anything is written: half a configuration is worse than none. */
async function requireVault(client: Client, wanted: NewIntegration[]): Promise<void> {
  const withSecrets = wanted.filter(({ credentials }) => credentials).map(({ name }) => name)
  if (withSecrets.length === 0) return
  const { state, reason } = await client.vault.get()
  if (state === 'ready' || state === 'empty') return
  throw new AppError('vault_locked', {
    message: `The vault is ${state}, and these need it for their secrets: ${withSecrets.join(', ')}. ${reason ?? ''} ${VAULT_HINT}`,
  })
}

function differs(existing: Integration, { mcp, auth_type, auth_header_prefix, credentials }: NewIntegration): boolean {
  // A stored secret can't be read back to compare it, so a given one is always set again.
  if (credentials || Object.keys(existing.credentials).length > 0) return true
  const { mcp: storedMcp, auth_type: storedType, auth_header_prefix: storedPrefix } = existing
  return !isDeepStrictEqual(
    { mcp, auth_type, auth_header_prefix },
    {
      mcp: storedMcp,
      auth_type: storedType,
      auth_header_prefix: storedPrefix,
    },
  )
}

function changesOf({ name, mcp, auth_type, auth_header_prefix, auth, credentials }: NewIntegration) {
  return { name, mcp, auth_type, auth_header_prefix, auth, credentials: credentials ?? {} }
}

function explained({
  message,
  data,
}: {
  message: string
  data: { details: { path: string; message: string }[] }
}): string {
  return [message, ...data.details.map((detail) => `${detail.path}: ${detail.message}`)].join(' ')
}
