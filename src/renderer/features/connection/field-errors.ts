import type { FieldErrors, Resolver } from 'react-hook-form'
import type { z } from 'zod'
import type { ErrorDetail } from '../../../shared/contract/errors.ts'
import type { AuthType } from '../../../shared/contract/integrations.ts'
import { oauthFieldOf, oauthWordsOf } from '../oauth/oauth-values.ts'
import type { ConnectionValues, NamedValue } from './connection-values.ts'

/** The form's field for a path of the contract (`credentials.env.TOKEN` → `env.2.value`), or undefined: it has none. */
export function fieldOfPath(path: string, values: ConnectionValues): string | undefined {
  const [head = '', second = '', ...rest] = path.split('.')
  const tail = rest.join('.')
  switch (head) {
    case 'mcp':
      if (second === 'headers') return rowField('headers', values.headers, tail)
      if (second === 'env') return rowField('env', values.env, tail)
      if (second === '') return values.transport === 'stdio' ? 'command' : 'server_url'
      return ['server_url', 'command', 'args', 'cwd', 'transport'].includes(second) ? second : undefined
    case 'credentials':
      if (second === 'headers') return rowField('headers', values.headers, tail)
      if (second === 'env') return rowField('env', values.env, tail)
      return credentialField(second, values.auth_type, 'token')
    case 'auth':
      return second === 'oauth' ? oauthFieldOf(tail) : 'header_name'
    case 'name':
    case 'display_name':
    case 'description':
    case 'logo_url':
    case 'category':
    case 'auth_type':
    case 'auth_header_prefix':
      return head
    default:
      return undefined
  }
}

/** The field of a secret: one of OAuth has its own, the others are the `usual` one where the form shows that. */
export function credentialField(secret: string, authType: AuthType, usual: string): string | undefined {
  return authType === 'oauth2' ? oauthFieldOf(secret) : usual
}

export function rowField(list: 'headers' | 'env', rows: readonly NamedValue[], name: string): string | undefined {
  const index = rows.findIndex((row) => row.name.trim() === name)
  return index < 0 ? undefined : `${list}.${index}.value`
}

export interface FieldProblem {
  field: string
  message: string
}

export interface PlacedDetails {
  fields: FieldProblem[]
  /** Sentences that no field can show. */
  rest: string[]
}

/** Splits what the core says about fields into errors of this form and sentences that no field can show. */
export function placeDetails(details: readonly ErrorDetail[], values: ConnectionValues): PlacedDetails {
  return placeBy(details, (path) => fieldOfPath(path, values))
}

/** The same for a form with other fields. */
export function placeBy(details: readonly ErrorDetail[], fieldOf: (path: string) => string | undefined): PlacedDetails {
  const placed: PlacedDetails = { fields: [], rest: [] }
  for (const { path, message } of details) {
    const field = fieldOf(path)
    if (field === undefined) placed.rest.push(path ? `${path}: ${message}` : message)
    else placed.fields.push({ field, message: oauthWordsOf(field, message) })
  }
  return placed
}

/** What rows can get wrong that a record cannot express: a value without a name, a name twice. */
export function rowErrors(values: ConnectionValues): ErrorDetail[] {
  return values.transport === 'stdio' ? errorsInRows('env', values.env) : errorsInRows('headers', values.headers)
}

export function errorsInRows(list: 'headers' | 'env', rows: readonly NamedValue[]): ErrorDetail[] {
  const seen = new Set<string>()
  return rows.flatMap(({ name, value, stored }, index) => {
    const trimmed = name.trim()
    // Header names are the same in any case (RFC 9110, 5.1); variables are not.
    const key = list === 'headers' ? trimmed.toLowerCase() : trimmed
    if (!trimmed) return value || stored ? [{ path: `${list}.${index}.name`, message: 'Enter a name.' }] : []
    if (seen.has(key)) return [{ path: `${list}.${index}.name`, message: `${trimmed} is listed twice.` }]
    seen.add(key)
    return []
  })
}

/** The issues of a contract's schema as `path` and `message`; a bad record key is told by the key's own rule. */
export function detailsOfIssues(issues: readonly z.core.$ZodIssue[]): ErrorDetail[] {
  return issues.map((issue) => ({
    path: issue.path.join('.'),
    message: issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message,
  }))
}

/** Values as they are, or what is wrong with them. */
export function resolverOf<Values extends object>(
  errorsOf: (values: Values) => readonly FieldProblem[],
): Resolver<Values> {
  return (values) => {
    const errors = errorsOf(values)
    return errors.length > 0 ? { values: {}, errors: nestErrors<Values>(errors) } : { values, errors: {} }
  }
}

/** Nests `{field: 'env.0.name', message}` the way react-hook-form wants errors. */
export function nestErrors<Values extends object>(errors: readonly FieldProblem[]): FieldErrors<Values> {
  const nested: Record<string, unknown> = {}
  for (const { field, message } of errors) {
    const parts = field.split('.')
    let at = nested
    for (const part of parts.slice(0, -1)) at = (at[part] ??= {}) as Record<string, unknown>
    at[parts.at(-1) ?? ''] ??= { type: 'contract', message }
  }
  return nested as FieldErrors<Values>
}
