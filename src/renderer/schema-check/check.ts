import { type OutputUnit, type Schema, type SchemaDraft, Validator } from '@cfworker/json-schema'

export interface Finding {
  /** Where in the value, as a JSON pointer. */
  pointer: string
  message: string
  /** A value is not there, which somebody who is still typing knows. */
  missing?: true
}

/** What a schema says about a value; or why it could not be asked. */
export type Check = { checked: true; findings: Finding[] } | { checked: false; reason: string }

const MAX_FINDINGS = 100

/** They say only that something below them is wrong, which is told by itself. */
const SUMMARIES = new Set(
  (
    'properties patternProperties additionalProperties unevaluatedProperties items additionalItems prefixItems ' +
    'unevaluatedItems $ref $recursiveRef allOf anyOf oneOf then else dependentSchemas propertyNames'
  ).split(' '),
)

/**
 * Checks a JSON text by a schema. Runs in a worker: patterns of the schema are run, and one like `(a+)+$` takes for ever.
 * References are resolved in the schema only.
 */
export function checkText(schema: unknown, text: string): Check {
  if (schema === false)
    return { checked: true, findings: [{ pointer: '', message: 'The schema allows no value here.' }] }
  if (typeof schema !== 'object' || schema === null) return { checked: true, findings: [] }
  try {
    const usable = withoutBrokenPatterns(schema) as Schema
    const { valid, errors } = new Validator(usable, draftOf(usable), false).validate(JSON.parse(text))
    return { checked: true, findings: valid ? [] : findingsOf(errors) }
  } catch (thrown) {
    return { checked: false, reason: `The schema cannot be used: ${firstLine(thrown)}` }
  }
}

/** One for each place: a union answers for all of its alternatives at once. */
function findingsOf(errors: readonly OutputUnit[]): Finding[] {
  const places = new Map<string, Finding>()
  const telling = errors.filter(({ keyword, error }) => !SUMMARIES.has(keyword) || /\([1-9]\d* matches\)/.test(error))
  for (const error of telling.length > 0 ? telling : errors.slice(-1)) {
    const finding = findingOf(error)
    if (!places.has(finding.pointer)) places.set(finding.pointer, finding)
    if (places.size >= MAX_FINDINGS) break
  }
  return [...places.values()]
}

function findingOf({ keyword, instanceLocation, error }: OutputUnit): Finding {
  const pointer = decode(instanceLocation.slice(1))
  const [quoted] = /"(.*)"/s.exec(error) ?? []
  switch (keyword) {
    case 'required':
      return { pointer: `${pointer}/${escape(quoted?.slice(1, -1) ?? '')}`, message: 'Required.', missing: true }
    case 'false':
      return { pointer, message: 'The schema does not allow this here.' }
    case 'type':
      return {
        pointer,
        message: error.replace(/^Instance type "(.*?)" is invalid\. Expected/s, 'This is of the type $1, expected'),
      }
    case 'enum':
      return { pointer, message: 'Not one of the values that are allowed.' }
    case 'pattern':
      return { pointer, message: 'Does not match the pattern.' }
    case 'format':
      return { pointer, message: `Not a valid ${quoted?.slice(1, -1) ?? 'value'}.` }
    case 'oneOf':
      return { pointer, message: 'Fits several of the shapes that are allowed, not just one.' }
    default:
      return { pointer, message: error.replace(/^Instance /, 'The value ') }
  }
}

function draftOf({ $schema }: Schema): SchemaDraft {
  // MCP (2025-11-25, "JSON Schema usage"): 2020-12 where the schema does not say.
  if ($schema === undefined) return '2020-12'
  if ($schema.includes('draft-04')) return '4'
  if (/draft-0[67]/.test($schema)) return '7'
  return $schema.includes('2019-09') ? '2019-09' : '2020-12'
}

const DATA = new Set(['const', 'enum', 'default', 'examples'])

/** A pattern that is no regular expression would fail the check of everything else with it. */
function withoutBrokenPatterns(node: unknown, key = ''): unknown {
  if (DATA.has(key) || typeof node !== 'object' || node === null) return node
  if (Array.isArray(node)) return node.map((item) => withoutBrokenPatterns(item))
  const members = (Object.entries(node) as [string, unknown][])
    .filter(([name, value]) => !(name === 'pattern' && typeof value === 'string' && !isPattern(value)))
    .map(([name, value]): [string, unknown] => {
      const kept =
        name === 'patternProperties' && typeof value === 'object' && value !== null ? onlyPatterns(value) : value
      return [name, withoutBrokenPatterns(kept, name)]
    })
  return Object.fromEntries(members)
}

function onlyPatterns(schemas: object): object {
  return Object.fromEntries(Object.entries(schemas).filter(([pattern]) => isPattern(pattern)))
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u')
    return true
  } catch {
    return false
  }
}

function firstLine(thrown: unknown): string {
  return (
    String(thrown instanceof Error ? thrown.message : thrown)
      .split('\n', 1)[0]
      ?.slice(0, 300) ?? ''
  )
}

function escape(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** Places come percent-encoded, as in a URI fragment. */
function decode(location: string): string {
  try {
    return decodeURIComponent(location)
  } catch {
    return location
  }
}
