import { SEVERITIES } from '../../../shared/contract/words.ts'
import type { Setup, SetupField, SetupWay } from '../../../shared/contract/setup.ts'

/** A setup as it is being typed: numbers and pairs as their text. */
export interface SetupDraft {
  way: string
  values: Readonly<Record<string, unknown>>
  /** Only what was typed; what is stored stays where nothing is. */
  secrets: Readonly<Record<string, string>>
  /** Stored secrets that somebody replaces. */
  replaced: readonly string[]
}

type Input = Pick<SetupDraft, 'way'> & { values: Record<string, never>; credentials: Record<string, string> }

/** With what is stored, else with what holds where nothing is given. */
export function draftOf({ ways, current }: Setup, wayId = current?.way ?? ways[0]?.id ?? ''): SetupDraft {
  const way = ways.find(({ id }) => id === wayId)
  const stored = current?.way === wayId ? current.values : {}
  const values = (way?.fields ?? [])
    .filter(({ kind }) => kind !== 'secret')
    .map((field): [string, unknown] => [field.name, typed(field, stored[field.name] ?? field.default)])
  return { way: wayId, values: Object.fromEntries(values), secrets: {}, replaced: [] }
}

/** Those that are asked for, with the values of the others. */
export function shownFields({ fields }: SetupWay, draft: SetupDraft): SetupField[] {
  const values: Record<string, unknown> = {}
  return fields.filter((field) => {
    const { shown_when: condition } = field
    const isShown = condition === null || values[condition.field] === condition.equals
    if (isShown) values[field.name] = given(field, draft.values[field.name]) ?? field.default
    return isShown
  })
}

export function inputOf(way: SetupWay, draft: SetupDraft): Input {
  const shown = shownFields(way, draft)
  const values = shown.flatMap((field): [string, unknown][] => {
    if (field.kind === 'secret') return []
    const value = given(field, draft.values[field.name])
    return value === undefined ? [] : [[field.name, value]]
  })
  const secrets = shown.flatMap(({ kind, name }): [string, string][] => {
    const value = draft.secrets[name] ?? ''
    return kind !== 'secret' || value === '' ? [] : [[name, value]]
  })
  // Sound: the core judges each value by its kind.
  const input = Object.fromEntries(values) as Record<string, never>
  return { way: draft.way, values: input, credentials: Object.fromEntries(secrets) }
}

/** As a control holds it. */
function typed({ kind, options }: SetupField, value: unknown): unknown {
  if (kind === 'switch') return value === true
  if (kind === 'pairs') return pairLines(value)
  if (kind === 'severities') return isRecord(value) ? value : {}
  if (kind === 'choice') return value ?? options[0]?.value ?? ''
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** As the core takes it; undefined: nothing was given. */
function given({ kind, options }: SetupField, value: unknown): unknown {
  if (kind === 'number' || kind === 'duration') {
    const text = typeof value === 'string' ? value.trim() : value
    if (text === '' || text === undefined || text === null) return undefined
    const number = Number(text)
    return Number.isNaN(number) ? text : number
  }
  if (kind === 'pairs') return pairsOf(typeof value === 'string' ? value : '')
  if (kind === 'severities') {
    const chosen = isRecord(value) ? value : {}
    // What a control shows of one that nobody chose is the first.
    const [first] = options
    return Object.fromEntries(SEVERITIES.map((severity) => [severity, chosen[severity] ?? first?.value]))
  }
  return value === '' || value === null ? undefined : value
}

/** `Name: value`, one a line. */
function pairsOf(text: string): Record<string, string> | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (lines.length === 0) return undefined
  return Object.fromEntries(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':')
      return colon < 0 ? [line.trim(), ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
    }),
  )
}

function pairLines(value: unknown): string {
  if (!isRecord(value)) return ''
  return Object.entries(value)
    .map(([name, text]) => `${name}: ${String(text)}`)
    .join('\n')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
