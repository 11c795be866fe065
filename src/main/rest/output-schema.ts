import { isObject } from '../base/is-object.ts'
import { mapSubschemas } from './schema-walk.ts'

/**
 * Keywords that only forbid. Clients check an answer against the whole schema and throw away one that breaks it, so a
 * field that the API leaves out once, or has added since its document was written, would cost the agent the answer.
 */
const FORBIDDING = new Set([
  'additionalProperties',
  'contains',
  'dependentRequired',
  'dependentSchemas',
  'else',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'format',
  'if',
  'maxContains',
  'maxItems',
  'maxLength',
  'maxProperties',
  'maximum',
  'minContains',
  'minItems',
  'minLength',
  'minProperties',
  'minimum',
  'multipleOf',
  'not',
  'pattern',
  'propertyNames',
  'required',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
  'uniqueItems',
])

/** What an answer looks like, without promises that an API breaks: the fields with their types and descriptions. */
export function openedOutput(schema: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
    if (key === 'additionalProperties' && isObject(value)) return [[key, value]]
    if (FORBIDDING.has(key)) return []
    // Without what told the alternatives apart more than one of them may fit.
    return [[key === 'oneOf' ? 'anyOf' : key, value]]
  })
  const clashes = Object.hasOwn(schema, 'oneOf') && Object.hasOwn(schema, 'anyOf')
  const kept = clashes ? entries.filter(([, value]) => value !== schema.oneOf) : entries
  return mapSubschemas(Object.fromEntries(kept), (inner) => (isObject(inner) ? openedOutput(inner) : inner))
}
