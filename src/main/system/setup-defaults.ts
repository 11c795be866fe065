import type { RegistryField } from './registry-schema.ts'
import { isGiven } from './templates.ts'

/** Whether the field is asked for, with these values. */
export function isShown({ shown_when: condition }: RegistryField, values: Readonly<Record<string, unknown>>): boolean {
  return condition === null || values[condition.field] === condition.equals
}

/** What holds where nothing was given. */
export function withDefaults(
  fields: readonly RegistryField[],
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const { name, kind, default: fallback } of fields) {
    if (kind === 'secret') continue
    if (isGiven(given[name])) values[name] = given[name]
    else if (fallback !== null) values[name] = fallback
  }
  // What is not asked for is not there, however it came in.
  for (const field of fields) if (!isShown(field, values)) values[field.name] = undefined
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
