import { printParseErrorCode, stripComments, visit, type JSONVisitor } from 'jsonc-parser'
import { messageOf } from '../../../base/message-of.ts'
import { doubleKey } from './double-key.ts'
import { JsonShape } from './json-shape.ts'
import { MAX_DEPTH, plainValue } from './plain-value.ts'
import type { ReadText } from './read-text.ts'
import { readYaml } from './read-yaml.ts'
import { unreadable } from './unreadable.ts'

/** YAML may be written in braces as well. A text above this is JSON with a fault: as YAML it would be read for minutes. */
const MAX_FLOW_YAML = 256 * 1024
const MAX_WARNINGS = 20
/**
 * Four times what the largest real documents have. The engine parses JSON without asking whether its memory is at an end: a
 * thread that runs out of it there takes the whole process along, so it must not come near.
 */
const MAX_VALUES = 2_000_000

const REASONS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is no JSON value (text stands in double quotes)',
  InvalidNumberFormat: 'this number is not written as JSON has it',
  PropertyNameExpected: 'a name in double quotes is expected here',
  ValueExpected: 'a value is expected here',
  ColonExpected: 'a colon is expected here',
  CommaExpected: 'a comma is expected here',
  CloseBraceExpected: 'a comma or a closing brace is expected here',
  CloseBracketExpected: 'a comma or a closing bracket is expected here',
  EndOfFileExpected: 'the document has ended, and something follows here',
  UnexpectedEndOfComment: 'this comment does not end',
  UnexpectedEndOfString: 'this text in quotes does not end on its line',
  UnexpectedEndOfNumber: 'this number is not complete',
  InvalidUnicode: '\\u takes four hexadecimal digits',
  InvalidEscapeCharacter: 'JSON has no such escape (a backslash is written \\\\)',
  InvalidCharacter: 'a control character has to be escaped',
}

/** Reads a text that begins with a brace or a bracket. Comments and trailing commas are passed over. */
export function readJson(text: string): ReadText {
  const shape = new JsonShape(text)
  if (shape.depth > MAX_DEPTH) {
    throw unreadable(
      `this nests deeper than ${MAX_DEPTH} levels, the most that is read.`,
      text,
      shape.deepAt(MAX_DEPTH),
    )
  }
  if (shape.values > MAX_VALUES) {
    const most = MAX_VALUES.toLocaleString('en')
    throw unreadable(`This document has more than ${most} values, the most that is read. Split it by tags or paths.`)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return readOtherwise(text, error)
  }
  const { members, warnings } = plainValue(value)
  // Of two members with one name the last one counts, and nothing tells of the first. Found by their number.
  return { value, warnings: members === shape.members ? warnings : [...warnings, ...doubleMembers(text)] }
}

/** JSON that has a fault: with comments or trailing commas, YAML in braces, or broken. */
function readOtherwise(text: string, error: unknown): ReadText {
  const fault = firstFault(text)
  if (fault === undefined) return readYaml(stripComments(text, ' '))
  if (text.length <= MAX_FLOW_YAML) {
    try {
      return readYaml(text)
    } catch {
      // A text that begins so was meant as JSON: that is what is explained.
    }
  }
  const { offset, reason } = fault
  const end = text.trimEnd().length
  if (offset >= end) throw unreadable(`the JSON ends here, before it is complete (${reason}).`, text, end)
  throw unreadable(`this is not valid JSON: ${reason === '' ? messageOf(error) : reason}.`, text, offset)
}

/** Not the engine's own words: they are others in each version, and name no line. */
function firstFault(text: string): { offset: number; reason: string } | undefined {
  let fault: { offset: number; reason: string } | undefined
  const onError: JSONVisitor['onError'] = (code, offset) => {
    fault ??= { offset, reason: REASONS[printParseErrorCode(code)] ?? '' }
  }
  visit(text, { onError }, { allowTrailingComma: true })
  return fault
}

function doubleMembers(text: string): string[] {
  const warnings: string[] = []
  const open: Set<string>[] = []
  visit(text, {
    onObjectBegin: () => void open.push(new Set()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty: (name, offset) => {
      const names = open.at(-1)
      if (names?.has(name) === true && warnings.length < MAX_WARNINGS) warnings.push(doubleKey(text, offset, name))
      names?.add(name)
    },
  })
  return warnings
}
