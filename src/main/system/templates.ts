/**
 * A setting of a registry entry that comes from what an admin gave: a text with `{field}` holes, or a choice between
 * settings by the value of a field. A text that is one hole and nothing else is that field's value as it is.
 */
export type Template = string | number | boolean | Template[] | Chosen | Listed

interface Chosen {
  by: string
  cases: Record<string, Template>
}

interface Listed {
  all: Record<string, Template>
}

const HOLE = /\{([a-z][a-z0-9_]*)\}/g
const ONE_HOLE = /^\{([a-z][a-z0-9_]*)\}$/

type Values = Readonly<Record<string, unknown>>

/** The fields that it is made of, in their order. */
export function holesOf(template: Template): string[] {
  if (typeof template === 'string') return [...template.matchAll(HOLE)].map(([, name = '']) => name)
  if (Array.isArray(template)) return template.flatMap(holesOf)
  if (typeof template !== 'object') return []
  if ('all' in template) return Object.values(template.all).flatMap(holesOf)
  return [template.by, ...Object.values(template.cases).flatMap(holesOf)]
}

/** Undefined: a field that it is made of has no value, so the setting is not there. */
export function filled(template: Template, values: Values): unknown {
  if (typeof template === 'string') return filledText(template, values)
  if (Array.isArray(template)) {
    return template.map((item) => filled(item, values)).filter((item) => item !== undefined)
  }
  if (typeof template !== 'object') return template
  if ('all' in template) {
    const entries = Object.entries(template.all).map(([name, item]): [string, unknown] => [name, filled(item, values)])
    return Object.fromEntries(entries.filter(([, item]) => item !== undefined))
  }
  const { by, cases } = template
  const value = values[by]
  const chosen = Object.entries(cases).find(([name]) => name === String(value))
  return chosen === undefined ? undefined : filled(chosen[1], values)
}

function filledText(template: string, values: Values): unknown {
  const whole = ONE_HOLE.exec(template)?.[1]
  if (whole !== undefined) return isGiven(values[whole]) ? values[whole] : undefined
  if (!holesOf(template).every((name) => isGiven(values[name]))) return undefined
  return template.replace(HOLE, (_hole, name: string) => String(values[name]))
}

/** An empty text is a field that was left empty. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}
