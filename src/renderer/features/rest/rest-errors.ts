import type { ErrorDetail } from '../../../shared/contract/errors.ts'
import { RestConnectionDraft } from '../../../shared/contract/integrations.ts'
import { oauthFieldOf } from '../oauth/oauth-values.ts'
import {
  credentialField,
  detailsOfIssues,
  errorsInRows,
  type FieldProblem,
  placeBy,
  type PlacedDetails,
  resolverOf,
  rowField,
} from '../connection/field-errors.ts'
import { type RestNumbers, type RestValues, toRestConnection, toRestCredentials } from './rest-values.ts'
import { withUrlExample } from '../../ui/url-example.ts'

const ranges: Record<keyof RestNumbers, string> = {
  timeout_s: 'Enter whole seconds from 1 to 600.',
  max_concurrency: 'Enter a whole number from 1 to 256.',
  retries: 'Enter a whole number from 0 to 5.',
  max_answer_kib: 'Enter whole kibibytes from 1 to 131,072.',
}

/** The form's field for a path of the contract (`rest.headers.X-Team` → `headers.1.value`), or undefined: it has none. */
function restFieldOf(path: string, values: RestValues): string | undefined {
  const [head = '', second = '', ...rest] = path.split('.')
  switch (head) {
    case 'rest':
      if (second === 'headers') return rowField('headers', values.headers, rest.join('.'))
      if (second === '') return 'base_url'
      return second === 'tools' || second === 'source' || !(second in values) ? undefined : second
    case 'credentials':
      if (second === 'headers') return rowField('headers', values.headers, rest.join('.'))
      if (second === 'tls_key' || second === 'username' || second === 'password') return second
      if (values.auth_type === 'none') return undefined
      return credentialField(second, values.auth_type, values.auth_type === 'basic' ? 'password' : 'token')
    case 'auth':
      return second === 'oauth' ? oauthFieldOf(rest.join('.')) : 'header_name'
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

/** Splits what the core says about fields into errors of this form and sentences that no field can show. */
export function placeRestDetails(details: readonly ErrorDetail[], values: RestValues): PlacedDetails {
  const { fields, rest } = placeBy(details, (path) => restFieldOf(path, values))
  return { fields: fields.map(({ field, message }) => ({ field, message: wordsOf(field, message) })), rest }
}

/** What is wrong with the connection, by the contract's own schema. */
export function restErrors(values: RestValues): FieldProblem[] {
  const credentials = toRestCredentials(values)
  const draft = { ...toRestConnection(values), ...(credentials ? { credentials } : {}) }
  const parsed = RestConnectionDraft.safeParse(draft)
  const placed = placeRestDetails(parsed.success ? [] : detailsOfIssues(parsed.error.issues), values)
  const rows = errorsInRows('headers', values.headers).map(({ path, message }) => ({ field: path, message }))
  return [...rows, ...placed.fields]
}

export const restResolver = resolverOf(restErrors)

function wordsOf(field: string, message: string): string {
  if (Object.hasOwn(ranges, field)) return ranges[field as keyof RestNumbers]
  if (field === 'base_url') return withUrlExample(message, 'https://api.example.com/v1')
  if ((field === 'proxy_url' || field === 'credential_origins') && message.startsWith('Invalid')) {
    return field === 'proxy_url'
      ? 'Enter a full URL, for example http://proxy.example.com:3128.'
      : 'Enter one URL a line, for example https://files.example.com.'
  }
  return message
}
