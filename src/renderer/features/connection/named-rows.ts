import type { Integration } from '../../../shared/contract/integrations.ts'
import type { NamedValue } from './connection-values.ts'

/** Names and values that are stored in the clear. */
export function plainOf(rows: readonly NamedValue[]): Record<string, string> {
  return Object.fromEntries(
    rows.filter(({ secret, name }) => !secret && name.trim()).map(({ name, value }) => [name.trim(), value]),
  )
}

/** Secrets that were typed; those that are kept have no value here. */
export function secretsOf(rows: readonly NamedValue[]): Record<string, string> {
  return Object.fromEntries(
    rows
      .filter(({ secret, name, value, stored }) => secret && name.trim() && value && stored === undefined)
      .map(({ name, value }) => [name.trim(), value]),
  )
}

export function rowsOf(
  plain: Record<string, string>,
  masks: Integration['credentials'][string] | undefined,
): NamedValue[] {
  return [
    ...Object.entries(plain).map(([name, value]) => ({ name, value, secret: false })),
    ...(typeof masks === 'object'
      ? Object.entries(masks).map(([name, stored]) => ({ name, value: '', secret: true, stored }))
      : []),
  ]
}

/** Every stored secret as an empty field. */
export function withoutStoredRows(rows: readonly NamedValue[]): NamedValue[] {
  return rows.map((row) => (row.stored === undefined ? row : { name: row.name, value: '', secret: true }))
}
