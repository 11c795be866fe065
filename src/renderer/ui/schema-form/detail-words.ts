import { printJson } from '../../json/print.ts'
import type { Field, TextKind } from './field.ts'

const FORMATS: Record<string, string> = {
  'date-time': 'date and time',
  email: 'email address',
  'idn-email': 'email address',
  uri: 'URI',
  url: 'URL',
  uuid: 'UUID',
  ipv4: 'IPv4 address',
  ipv6: 'IPv6 address',
}

/** What a field takes, in a few words at the end of its line; `''` where its control says it all. */
export function detailWords(field: Field): string {
  switch (field.kind) {
    case 'text':
      return textWords(field)
    case 'number':
      return [field.integer ? 'whole number' : 'number', field.range].filter(Boolean).join(', ')
    case 'list':
      return countWords(field.minItems, field.maxItems === Infinity ? undefined : field.maxItems, 'item')
    case 'boolean':
    case 'choice':
    case 'object':
    case 'variants':
    case 'json':
      return ''
  }
}

/** An example of what could stand there, for the field to show while it is empty. */
export function placeholderOf(field: Field): string {
  const [example] = field.fallback === undefined ? field.examples : [field.fallback]
  if (example === undefined || example === null) return field.kind === 'text' ? (SAMPLES[field.format ?? ''] ?? '') : ''
  const words = typeof example === 'string' ? example : printJson(example, 0)
  const start = field.fallback === undefined ? 'For example' : 'By default'
  return `${start} ${words.length > 80 ? `${words.slice(0, 80)}…` : words}`
}

const SAMPLES: Record<string, string> = {
  date: '2026-11-24',
  time: '14:30:00Z',
  'date-time': '2026-11-24T14:30:00Z',
}

function textWords({ format, minLength, maxLength }: TextKind): string {
  const words = format === undefined || format === 'password' ? '' : (FORMATS[format] ?? format)
  return [words, countWords(minLength ?? 0, maxLength, 'character')].filter(Boolean).join(', ')
}

function countWords(least: number, most: number | undefined, one: string): string {
  const many = (count: number): string => `${count} ${count === 1 ? one : `${one}s`}`
  if (most === undefined) return least > 0 ? `at least ${many(least)}` : ''
  if (least === most) return many(most)
  return least > 0 ? `${least} to ${many(most)}` : `at most ${many(most)}`
}
