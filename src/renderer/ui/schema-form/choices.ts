import { printJson } from '../../json/print.ts'
import { fromPlain, sameValue, type JsonValue } from '../../json/value.ts'
import type { ChoiceKind, ChoiceOption } from './field.ts'
import { isSchema, listOf, type Schema, textOf } from './schema.ts'

/** Longer lists are no list to choose from; the value is written as JSON. */
const MAX_OPTIONS = 2_000

/** `enum` and `const` as a choice, each value with its own type; null among them makes it nullable. */
export function choicesOf(schema: Schema): (ChoiceKind & { nullable: boolean }) | undefined {
  const plain = Object.hasOwn(schema, 'const') ? [schema.const] : listOf(schema.enum)
  if (plain.length === 0 || plain.length > MAX_OPTIONS) return undefined
  const values = unique(plain.map((value) => fromPlain(value)))
  const options = values.filter((value) => value !== null)
  if (options.length === 0) return undefined
  return {
    kind: 'choice',
    nullable: options.length < values.length || listOf(schema.type).includes('null'),
    options: labelled(options.map((value) => ({ label: '', value }))),
  }
}

/** Alternatives that are only constants, each with its title: one choice. */
export function choiceOf(alternatives: readonly unknown[]): ChoiceOption[] | undefined {
  const options: ChoiceOption[] = []
  for (const alternative of alternatives) {
    if (!isSchema(alternative)) return undefined
    const isConst = Object.hasOwn(alternative, 'const')
    const values = isConst ? [alternative.const] : listOf(alternative.enum)
    if (values.length === 0 || options.length + values.length > MAX_OPTIONS) return undefined
    const title = values.length === 1 ? textOf(alternative.title) || textOf(alternative.description) : ''
    options.push(...values.map((value) => ({ label: title, value: fromPlain(value) })))
  }
  return options.length === 0 ? undefined : labelled(options)
}

/** Names each option; two that would read alike (the text "1" and the number 1) are told apart by their JSON. */
function labelled(options: readonly ChoiceOption[]): ChoiceOption[] {
  const named = options.map(({ label, value }) => ({ value, label: label || wordsOf(value) }))
  const counts = new Map<string, number>()
  for (const { label } of named) counts.set(label, (counts.get(label) ?? 0) + 1)
  return named.map(({ label, value }, index) => {
    if ((counts.get(label) ?? 0) < 2) return { label, value }
    const given = options[index]?.label
    return { label: given ? `${given} (${printJson(value, 0)})` : printJson(value, 0), value }
  })
}

function wordsOf(value: JsonValue): string {
  return typeof value === 'string' && value.trim() !== '' ? value : printJson(value, 0)
}

function unique(values: readonly JsonValue[]): JsonValue[] {
  const seen = new Map<string, JsonValue>()
  for (const value of values) {
    const text = printJson(value, 0)
    if (!sameValue(seen.get(text), value)) seen.set(text, value)
  }
  return [...seen.values()]
}
