import type { Node } from 'jsonc-parser'

/** How a document is laid out. */
export interface JsonLayout {
  /** One step of indentation. */
  unit: string
  eol: string
  /** All in one line. */
  compact: boolean
}

/** As the first lines of the document show it; two spaces where they show nothing. */
export function jsonLayout(text: string, root: Node | undefined): JsonLayout {
  const first = root?.children?.[0]
  const lead = first ? text.slice(root.offset + 1, first.offset) : ''
  const indent = /\n([ \t]+)$/.exec(lead)?.[1]
  return { unit: indent ?? '  ', eol: text.includes('\r\n') ? '\r\n' : '\n', compact: !!first && !lead.includes('\n') }
}

/** The text with one more property at the end of an object. */
export function insertProperty(text: string, object: Node, name: string, value: unknown, layout: JsonLayout): string {
  const last = object.children?.at(-1)
  if (last === undefined) return insertFirst(text, object, name, value, layout)
  const { comma, end } = lineAfter(text, last.offset + last.length)
  const lead = text.slice(object.offset + 1, object.children?.[0]?.offset)
  const gap = lead.includes('\n') ? layout.eol + indentOf(text, last.offset) : lead
  const indent = lead.includes('\n') ? indentOf(text, last.offset) : undefined
  const property = gap + member(name, value, layout, indent)
  if (comma !== undefined) return splice(text, end, end, `${property},`)
  return splice(splice(text, end, end, property), last.offset + last.length, last.offset + last.length, ',')
}

/** The text with another value in this place. */
export function replaceValue(text: string, node: Node, value: unknown, layout: JsonLayout): string {
  const indent = layout.compact ? undefined : indentOf(text, node.offset)
  return splice(text, node.offset, node.offset + node.length, written(value, layout, indent))
}

/** The text without this property; comments stay. */
export function removeProperty(text: string, property: Node): string {
  const object = property.parent
  const siblings = object?.children ?? []
  const end = property.offset + property.length
  const previous = siblings[siblings.indexOf(property) - 1]
  const contentEnd = previous === undefined ? (object?.offset ?? 0) + 1 : previous.offset + previous.length
  const before = [...trivia(text, contentEnd)].filter(({ start }) => start < property.offset)
  const after = [...trivia(text, end)].find(({ kind }) => kind === 'comma')
  const comma = after ?? before.find(({ kind }) => kind === 'comma')

  let start = property.offset - (/\s*$/.exec(text.slice(contentEnd, property.offset))?.[0].length ?? 0)
  const [followed = ''] = text.slice(after?.end ?? end).split(/[\r\n]/, 1)
  const follows = followed.trim() !== ''
  // What follows in this line would end up in the comment of the line before.
  if (follows && before.some((part) => part.kind === 'line-comment' && part.end === start)) {
    start += text.startsWith('\r\n', start) ? 2 : 1
  }
  const cuts = [[start, end], ...(comma ? [[comma.start, comma.end]] : [])] as [number, number][]
  const rest = cuts.sort(([a], [b]) => b - a).reduce((left, [from, to]) => splice(left, from, to, ''), text)
  const emptied = siblings.length === 1 && object !== undefined
  return emptied ? closeUp(rest, object.offset) : rest
}

function insertFirst(text: string, object: Node, name: string, value: unknown, layout: JsonLayout): string {
  const at = object.offset + 1
  if (layout.compact) return splice(text, at, at, member(name, value, layout, undefined))
  const outer = indentOf(text, object.offset)
  const indent = outer + layout.unit
  const inside = text.slice(at, object.offset + object.length - 1)
  const property = layout.eol + indent + member(name, value, layout, indent)
  return inside.includes('\n')
    ? splice(text, at, at, property)
    : splice(text, at, at + inside.length, property + inside.trimEnd() + layout.eol + outer)
}

/** `{` and `}` with nothing but space between them become `{}`. */
function closeUp(text: string, open: number): string {
  const space = /^\s*/.exec(text.slice(open + 1))?.[0] ?? ''
  return text[open + 1 + space.length] === '}' ? splice(text, open + 1, open + 1 + space.length, '') : text
}

function member(name: string, value: unknown, layout: JsonLayout, indent: string | undefined): string {
  return `${JSON.stringify(name)}:${indent === undefined && layout.compact ? '' : ' '}${written(value, layout, indent)}`
}

/** Over several lines where `indent` is given. */
function written(value: unknown, { unit, eol }: JsonLayout, indent: string | undefined): string {
  if (indent === undefined) return JSON.stringify(value)
  return JSON.stringify(value, null, unit).replaceAll('\n', eol + indent)
}

function indentOf(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
  return /^[ \t]*/.exec(line)?.[0] ?? ''
}

/** A trailing comma, and where the line ends that a value stands in, comments about it included. */
function lineAfter(text: string, from: number): { comma: number | undefined; end: number } {
  let comma: number | undefined
  let end = from
  let sameLine = true
  for (const part of trivia(text, from)) {
    if (part.kind === 'comma') {
      comma = part.start
      end = part.end
      sameLine = true
    } else if (part.kind === 'newline') sameLine = false
    else if (part.kind !== 'space' && sameLine) end = part.end
  }
  return { comma, end }
}

interface Part {
  kind: 'space' | 'newline' | 'line-comment' | 'block-comment' | 'comma'
  start: number
  end: number
}

const PARTS: readonly (readonly [Part['kind'], RegExp])[] = [
  ['space', /[^\S\r\n]+/y],
  ['newline', /\r?\n|\r/y],
  ['line-comment', /\/\/[^\r\n]*/y],
  ['block-comment', /\/\*[\s\S]*?\*\//y],
  ['comma', /,/y],
]

/** What stands between two values, up to the next one or the end of the object. */
function* trivia(text: string, from: number): Generator<Part> {
  for (let start = from; ;) {
    const part = PARTS.map(([kind, pattern]) => ({ kind, start, end: matchEnd(pattern, text, start) })).find(
      ({ end }) => end > start,
    )
    if (part === undefined) return
    yield part
    start = part.end
  }
}

function matchEnd(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : from
}

function splice(text: string, from: number, to: number, content: string): string {
  return text.slice(0, from) + content + text.slice(to)
}
