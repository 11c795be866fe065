import { placeIn } from './line-column.ts'
import { nonSpecText } from './non-spec.ts'
import { readJson } from './read-json.ts'
import { readYaml } from './read-yaml.ts'
import { sentence } from './sentence.ts'
import { unreadable } from './unreadable.ts'

/** What a text holds, and what was wrong with it that could be passed over. */
export interface ReadText {
  value: unknown
  warnings: string[]
}

/** The value of a JSON or YAML text. Throws `invalid_input` with line and column, or with what the text is instead. */
export function readText(raw: string): ReadText {
  const text = raw.startsWith('\uFEFF') ? raw.slice(1) : raw
  const other = nonSpecText(text)
  if (other !== undefined) throw unreadable(other)
  // JSON is YAML as well, but not the other way round, and a hundred times faster to read.
  const read = /^\s*[{[]/.test(text) ? readJson(text) : readYaml(text)
  const lost = text.indexOf('\uFFFD')
  if (lost === -1) return read
  const warning = `${placeIn(text, lost)}: here is a character that is not valid UTF-8. Save the file as UTF-8.`
  return { ...read, warnings: [...read.warnings, sentence(warning)] }
}
