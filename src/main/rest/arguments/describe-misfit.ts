import type { ErrorObject } from 'ajv'
import type { Problem } from './unfit-arguments.ts'

const MAX_PROBLEMS = 10
const MAX_VALUES = 25
const MAX_SHOWN = 120

/** What is wrong with arguments, for a model that wants to call again: which one, what it is, what it may be. */
export function misfits(
  errors: readonly ErrorObject[],
  value: (path: string) => unknown,
  argumentNames: readonly string[],
): Problem[] {
  const problems = new Map<string, Problem>()
  const types = new Map<string, string[]>()
  for (const error of errors) {
    const path = dotted(error.instancePath)
    if (error.keyword === 'type') {
      const known = types.get(path) ?? []
      types.set(path, [...new Set([...known, ...[(error.params as { type: string | string[] }).type].flat()])])
      problems.set(`${path} type`, { path, message: '' })
      continue
    }
    const problem = problemOf(error, path, value, argumentNames)
    problems.set(`${problem.path} ${problem.message}`, problem)
  }
  for (const [path, wanted] of types) {
    problems.set(`${path} type`, {
      path,
      message: `must be ${wanted.map(articled).join(' or ')}, not ${shown(value(path))}.`,
    })
  }
  const all = [...problems.values()]
  if (all.length <= MAX_PROBLEMS) return all
  const more = { path: '', message: `${all.length - MAX_PROBLEMS} more problems.` }
  return [...all.slice(0, MAX_PROBLEMS), more]
}

/** `/a/0/b` as `a[0].b`. */
export function dotted(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, key) => (/^\d+$/.test(key) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`), '')
}

function problemOf(
  { keyword, params, message = 'is not valid' }: ErrorObject,
  path: string,
  value: (path: string) => unknown,
  argumentNames: readonly string[],
): Problem {
  const facts = params as Record<string, unknown>
  const below = (key: unknown) => (path === '' ? String(key) : `${path}.${String(key)}`)
  switch (keyword) {
    case 'required':
    case 'dependentRequired':
      return { path: below(facts.missingProperty), message: 'is required.' }
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const key = facts.additionalProperty ?? facts.unevaluatedProperty
      const known = path === '' ? ` It takes: ${listed(argumentNames)}.` : ''
      return {
        path: below(key),
        message: `${path === '' ? 'There is no such argument.' : 'is not a field of this object.'}${known}`,
      }
    }
    case 'enum':
      return { path, message: `must be one of ${listed(facts.allowedValues)}, not ${shown(value(path))}.` }
    case 'const':
      return { path, message: `must be ${shown(facts.allowedValue)}, not ${shown(value(path))}.` }
    case 'anyOf':
    case 'oneOf':
      return { path, message: 'fits none of the alternatives that its schema allows.' }
    default:
      return { path, message: `${message}, but is ${shown(value(path))}.` }
  }
}

function articled(type: string): string {
  if (type === 'null') return 'null'
  return `${/^[aeio]/.test(type) ? 'an' : 'a'} ${type}`
}

function listed(values: unknown): string {
  if (!Array.isArray(values) || values.length === 0) return 'nothing'
  const some = values.slice(0, MAX_VALUES).map((item: unknown) => (typeof item === 'string' ? item : shown(item)))
  return values.length > MAX_VALUES ? `${some.join(', ')} and ${values.length - MAX_VALUES} more` : some.join(', ')
}

function shown(value: unknown): string {
  if (value === undefined) return 'left out'
  const text = JSON.stringify(value)
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}
