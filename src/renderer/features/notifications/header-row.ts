import { looksSecret } from '../../../shared/secret-names.ts'

export interface HeaderRow {
  name: string
  value: string
  secret: boolean
  /** The masked value that is stored and kept. */
  stored?: string
}

/** A header that most likely holds a secret is sealed without being asked; in doubt it is. */
export function withSecretGuess(row: HeaderRow, before: HeaderRow): HeaderRow {
  const guess = looksSecret(row.name, row.value)
  return guess && !looksSecret(before.name, before.value) ? { ...row, secret: true } : row
}
