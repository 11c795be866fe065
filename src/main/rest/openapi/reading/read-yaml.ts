import { parseDocument, type Document, type YAMLError } from 'yaml'
import { messageOf } from '../../../base/message-of.ts'
import { plainValue } from './plain-value.ts'
import type { ReadText } from './read-text.ts'
import { unreadable } from './unreadable.ts'
import { YamlCheck } from './yaml-check.ts'

/**
 * Nothing but the types of JSON, whatever tags it has. The library's own look for double keys compares each key with all
 * before it, which takes minutes for a large map; its own limit of aliases refuses a document that uses one for every
 * operation. Both are checked below in another way.
 */
const OPTIONS = {
  schema: 'core',
  merge: true,
  resolveKnownTags: false,
  uniqueKeys: false,
  strict: false,
  prettyErrors: false,
} as const

/** Reads YAML. Throws `invalid_input` with line and column. */
export function readYaml(text: string): ReadText {
  const document = parseDocument(text, OPTIONS)
  const [fault] = document.errors.filter((error) => !isEmptyRest(text, error))
  if (fault !== undefined) throw refusal(text, fault)
  const check = new YamlCheck(text)
  check.visit(document.contents)
  const value = valueOf(document)
  return { value, warnings: [...check.warnings, ...plainValue(value).warnings] }
}

function valueOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: -1 })
  } catch (error) {
    throw unreadable(`This is not valid YAML: ${messageOf(error)}`)
  }
}

/** A second document of which nothing is there but its beginning. */
function isEmptyRest(text: string, { code, pos: [start] }: YAMLError): boolean {
  return code === 'MULTIPLE_DOCS' && /^(---|\.\.\.|\s|#.*)*$/.test(text.slice(start))
}

function refusal(text: string, { code, message, pos: [offset] }: YAMLError): Error {
  if (code === 'TAB_AS_INDENT' || /^[ \t]*\t/.test(lineAt(text, offset))) {
    return unreadable('YAML is indented with spaces, and here is a tab.', text, offset)
  }
  if (code === 'MULTIPLE_DOCS') {
    return unreadable('a second YAML document begins here (---). Keep one of them.', text, offset)
  }
  if (/call stack/i.test(message)) return unreadable('this nests deeper than can be read.', text, offset)
  const [sentence = ''] = message.split('\n', 1)
  return unreadable(`this is not valid YAML: ${sentence.replace(/\.?$/, '.')}`, text, offset)
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  return text.slice(start, offset + 1)
}
