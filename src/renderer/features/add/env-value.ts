import { looksSecret } from '../../../shared/secret-names.ts'
import type { PastedValue } from './paste.ts'
import { isPlaceholder } from './placeholder.ts'

/** A variable as a row of the form; what only stands for a value is left empty for the person to fill in. */
export function envValue(name: string, value: string): PastedValue {
  const placeholder = isPlaceholder(value)
  return { name, value: placeholder ? '' : value, secret: looksSecret(name, value) || value.includes('${input:') }
}
