import { parseDocument } from '@decimalturn/toml-patch'
import { isDeepStrictEqual } from 'node:util'
import { isObject } from '../base/is-object.ts'
import { isReplaced, MalformedConfig, type ConfigDocument, type Scalar, type ServerFields } from './config-document.ts'
import { TomlText } from './toml-text.ts'

/**
 * Reads TOML. The library parses; it is not asked to write, because it puts new tables in the midst of others and writes
 * inline tables with a trailing comma, which TOML 1.0, and with it the client, does not accept.
 */
export function readTomlDocument(text: string, serversKey: string): ConfigDocument {
  return new TomlDocument(text, serversKey)
}

/** The part of the library's syntax tree that is used here. Lines count from 1, columns from 0. */
interface TomlNode {
  type: string
  loc: { start: Position; end: Position }
  key?: TomlNode
  item?: TomlNode
  items?: readonly TomlNode[]
  value?: unknown
}
interface Position {
  line: number
  column: number
}

/** A part of the text that belongs to one server: a table with its lines, or one line elsewhere. */
interface Piece {
  node: TomlNode
  /** What follows the server's name in the name of the table or the line. */
  path: readonly string[]
  isTable: boolean
}

class TomlDocument implements ConfigDocument {
  readonly text: string
  readonly value: Record<string, unknown>
  readonly servers: ReadonlyMap<string, unknown>
  readonly #key: string
  readonly #nodes: readonly TomlNode[]

  constructor(text: string, serversKey: string) {
    this.text = text
    this.#key = serversKey
    const parsed = parse(text)
    this.#nodes = parsed.nodes
    this.value = parsed.value
    const servers = this.value[serversKey] ?? {}
    if (!isObject(servers)) {
      const node = this.#nodes.find((candidate) => namesOf(candidate)[0] === serversKey)
      throw new MalformedConfig(
        `"${serversKey}" is not a table`,
        text,
        node ? new TomlText(text).offset(node.loc.start) : 0,
      )
    }
    this.servers = new Map(Object.entries(servers))
  }

  get scalars(): Scalar[] {
    const text = new TomlText(this.text)
    return this.#nodes.flatMap((node) => [...scalarsOf(node, [], undefined, text)])
  }

  withServer(name: string, fields: ServerFields): string {
    if (!this.servers.has(name)) return this.#append(name, fields)
    const pieces = this.#pieces(name)
    const table = pieces.find(({ isTable, path }) => isTable && path.length === 0)
    if (table && pieces.every(({ isTable }) => isTable)) return this.#withFields(name, table.node, pieces, fields)
    return new TomlDocument(this.withoutServer(name), this.#key).withServer(name, fields)
  }

  withoutServer(name: string): string {
    const pieces = this.#pieces(name)
    if (pieces.length === 0 && this.servers.has(name)) throw this.#writtenInline()
    const text = new TomlText(this.text)
    // From the end, so that what comes before keeps its place.
    for (const piece of pieces.toReversed()) removePiece(text, piece)
    return text.toString()
  }

  /** At the end: there a table takes nothing away from the one before it. */
  #append(name: string, fields: ServerFields): string {
    const inline = this.#nodes.find((node) => node.type === 'KeyValue' && isDeepStrictEqual(namesOf(node), [this.#key]))
    if (inline) throw this.#writtenInline()
    const eol = this.text.includes('\r\n') ? '\r\n' : '\n'
    const lines = [`[${tomlKey(this.#key)}.${tomlKey(name)}]`]
    for (const [field, value] of Object.entries(fields)) lines.push(`${tomlKey(field)} = ${tomlValue(value)}`)
    const block = lines.join(eol)
    if (this.text === '') return block + eol
    return this.text.endsWith('\n') ? this.text + eol + block + eol : this.text + eol + eol + block
  }

  /** Keeps the table and what the person wrote in it, such as limits and approvals of tools. */
  #withFields(name: string, table: TomlNode, pieces: readonly Piece[], fields: ServerFields): string {
    const text = new TomlText(this.text)
    // A table of its own for headers, for example: they are written in one line of the main one.
    const replaced = pieces.find(
      ({ path: [field] }) => field !== undefined && (isReplaced(field, fields) || Object.hasOwn(fields, field)),
    )
    if (replaced) {
      removePiece(text, replaced)
      return new TomlDocument(text.toString(), this.#key).withServer(name, fields)
    }
    const missing = new Map(Object.entries(fields))
    for (const line of keyValues(table).toReversed()) {
      const [field = '', ...deeper] = namesOf(line)
      const value = missing.get(field)
      if (isReplaced(field, fields) || (value !== undefined && deeper.length > 0))
        text.removeLines(line.loc.start.line, line.loc.end.line)
      else if (value !== undefined) {
        const node = line.value as TomlNode
        text.replace(node.loc.start, node.loc.end, tomlValue(value))
        missing.delete(field)
      }
    }
    const added = [...missing].map(([field, value]) => `${tomlKey(field)} = ${tomlValue(value)}`)
    if (added.length > 0) text.insertLinesAfter(table.loc.start.line, added)
    return text.toString()
  }

  #pieces(name: string): Piece[] {
    return this.#nodes.flatMap((node): Piece[] => {
      const names = namesOf(node)
      const isTable = node.type === 'Table'
      if (names[0] === this.#key && names[1] === name) return [{ node, path: names.slice(2), isTable }]
      if (!isTable || !isDeepStrictEqual(names, [this.#key])) return []
      return keyValues(node)
        .filter((line) => namesOf(line)[0] === name)
        .map((line) => ({ node: line, path: namesOf(line).slice(1), isTable: false }))
    })
  }

  #writtenInline(): MalformedConfig {
    const node = this.#nodes.find((candidate) => namesOf(candidate)[0] === this.#key)
    const reason = `"${this.#key}" is written in one line; write each server as a table, [${this.#key}.name]`
    return new MalformedConfig(reason, this.text, node ? new TomlText(this.text).offset(node.loc.start) : 0)
  }
}

function parse(text: string): { nodes: readonly TomlNode[]; value: Record<string, unknown> } {
  try {
    const document = parseDocument(text)
    return {
      nodes: document.cst,
      value: document.toJsObject as Record<string, unknown>,
    }
  } catch (error) {
    // Its message quotes the line, which may hold a token.
    const { line = 1, column = 0 } = error as Partial<Position>
    throw new MalformedConfig('it is not TOML', text, new TomlText(text).offset({ line, column }))
  }
}

/** A table goes with its lines; comments below them are about what follows. */
function removePiece(text: TomlText, { node, isTable }: Piece): void {
  const last = isTable ? (keyValues(node).at(-1)?.loc.end.line ?? node.loc.start.line) : node.loc.end.line
  if (isTable) text.removeBlock(node.loc.start.line, last)
  else text.removeLines(node.loc.start.line, last)
}

function keyValues(table: TomlNode): TomlNode[] {
  return (table.items ?? [])
    .filter(({ type }) => type === 'KeyValue')
    .sort((a, b) => a.loc.start.line - b.loc.start.line)
}

/** `[a.b]`, `[[a.b]]` and `a.b = …` all have a name of parts. */
function namesOf(node: TomlNode): readonly string[] {
  const key = node.key?.item ?? node.key
  return Array.isArray(key?.value) ? (key.value as string[]) : []
}

const SCALARS: ReadonlySet<string> = new Set(['String', 'Integer', 'Float', 'Boolean', 'DateTime'])

function* scalarsOf(
  node: TomlNode,
  path: readonly string[],
  before: string | undefined,
  text: TomlText,
): Generator<Scalar> {
  const names = [...path, ...namesOf(node)]
  if (SCALARS.has(node.type)) {
    const offset = text.offset(node.loc.start)
    yield { path, before, value: String(node.value), offset, length: text.offset(node.loc.end) - offset }
  } else if (node.type === 'KeyValue') {
    yield* scalarsOf(node.value as TomlNode, names, undefined, text)
  } else {
    let former: string | undefined
    for (const wrapped of node.items ?? []) {
      const item = wrapped.item ?? wrapped
      yield* scalarsOf(item, names, former, text)
      former = item.type === 'String' ? String(item.value) : undefined
    }
  }
}

function tomlKey(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : tomlString(name)
}

function tomlValue(value: ServerFields[string]): string {
  if (typeof value === 'string') return tomlString(value)
  if (Array.isArray(value)) return `[${value.map(tomlString).join(', ')}]`
  const entries = Object.entries(value).map(([name, text]) => `${tomlKey(name)} = ${tomlString(text)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

/** JSON's escapes are TOML's; DEL is the one character more that TOML wants escaped. */
function tomlString(value: string): string {
  return JSON.stringify(value).replaceAll('\u007f', '\\u007f')
}
