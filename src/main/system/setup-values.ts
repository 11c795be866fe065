import { Severity } from '../../shared/contract/incidents.ts'
import { HttpUrl } from '../../shared/contract/http-url.ts'
import { isObject } from '../base/is-object.ts'
import type { RegistryField } from './registry-schema.ts'

const MOST_CHARACTERS = 4096
const MOST_LONG_CHARACTERS = 100_000
const MOST_PAIRS = 100
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** Why this is no value of the field, for a person; undefined: it is one. */
export function valueProblem(field: RegistryField, value: unknown): string | undefined {
  switch (field.kind) {
    case 'number':
    case 'duration':
      return numberProblem(field, value)
    case 'switch':
      return typeof value === 'boolean' ? undefined : 'This is either on or off.'
    case 'choice':
      return field.options.some((option) => option.value === value)
        ? undefined
        : `Choose one of ${field.options.map((option) => option.value).join(', ')}.`
    case 'severities':
      return severitiesProblem(field, value)
    case 'pairs':
      return pairsProblem(value)
    case 'text':
    case 'url':
    case 'secret':
    case 'pem':
    case 'text_area':
      return textProblem(field, value)
  }
}

function numberProblem({ min, max }: RegistryField, value: unknown): string | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'Enter a number.'
  if (min !== null && value < min) return `Use at least ${min}.`
  return max !== null && value > max ? `Use at most ${max}.` : undefined
}

function severitiesProblem({ options }: RegistryField, value: unknown): string | undefined {
  if (!isObject(value)) return 'Choose one for each severity.'
  const known: readonly string[] = Severity.options
  const unknown = Object.keys(value).find((severity) => !known.includes(severity))
  if (unknown !== undefined) return `There is no severity ${JSON.stringify(unknown.slice(0, 40))}.`
  const isChosen = (severity: string) => options.some((option) => option.value === value[severity])
  const missing = known.find((severity) => !isChosen(severity))
  if (missing === undefined) return undefined
  return `Choose one of ${options.map((option) => option.value).join(', ')} for ${missing}.`
}

function pairsProblem(value: unknown): string | undefined {
  if (!isObject(value)) return 'Enter names with values.'
  const entries = Object.entries(value)
  if (entries.length > MOST_PAIRS) return `Use at most ${MOST_PAIRS}.`
  for (const [name, text] of entries) {
    if (!HEADER_NAME.test(name)) return `${JSON.stringify(name.slice(0, 40))} is not a valid name.`
    if (typeof text !== 'string' || text.length > MOST_CHARACTERS || !HEADER_VALUE.test(text)) {
      return `The value of ${name} has to be one line of text.`
    }
  }
  return undefined
}

function textProblem({ kind, pattern }: RegistryField, value: unknown): string | undefined {
  if (typeof value !== 'string') return 'Enter a text.'
  const isLong = kind === 'pem' || kind === 'text_area' || kind === 'secret'
  const most = isLong ? MOST_LONG_CHARACTERS : MOST_CHARACTERS
  if (value.length > most) return `Use at most ${most.toLocaleString('en')} characters.`
  if (!isLong && /\p{Cc}/u.test(value)) return 'Use one line.'
  if (kind === 'url') {
    const parsed = HttpUrl.safeParse(value)
    if (!parsed.success) return parsed.error.issues[0]?.message ?? 'Enter a full URL.'
  }
  if (kind === 'pem' && !/-----BEGIN [A-Z ]+-----/.test(value)) return 'Paste it in PEM form (-----BEGIN …).'
  return pattern !== undefined && !new RegExp(pattern.matches, 'u').test(value) ? pattern.message : undefined
}
