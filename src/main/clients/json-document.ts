import { isDeepStrictEqual } from 'node:util'
import { getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser'
import { isObject } from '../base/is-object.ts'
import { isReplaced, MalformedConfig, type ConfigDocument, type Scalar, type ServerFields } from './config-document.ts'
import { insertProperty, jsonLayout, removeProperty, replaceValue } from './json-splice.ts'

/**
 * Reads JSON with comments and trailing commas: several clients take them, and in the file of one that does not they were
 * there before us. An empty file is a configuration without settings.
 */
export function readJsonDocument(text: string, serversKey: string): ConfigDocument {
  return new JsonDocument(text, serversKey)
}

class JsonDocument implements ConfigDocument {
  readonly text: string
  readonly value: Record<string, unknown>
  readonly servers: ReadonlyMap<string, unknown>
  readonly #key: string
  readonly #root: Node | undefined

  constructor(text: string, serversKey: string) {
    this.text = text
    this.#key = serversKey
    this.#root = parse(text)
    if (this.#root && this.#root.type !== 'object') {
      throw new MalformedConfig('it is not an object', text, this.#root.offset)
    }
    const value: unknown = this.#root && getNodeValue(this.#root)
    this.value = isObject(value) ? value : {}
    const servers = this.#servers()
    if (servers && servers.type !== 'object') {
      throw new MalformedConfig(`"${serversKey}" is not an object`, text, servers.offset)
    }
    this.servers = new Map(properties(servers).map(({ name, node }) => [name, getNodeValue(node) as unknown]))
    if (properties(servers).length > this.servers.size)
      for (const { name } of properties(servers)) this.#property(servers, name)
  }

  get scalars(): Scalar[] {
    return this.#root === undefined ? [] : [...scalarsOf(this.#root, [], undefined)]
  }

  withServer(name: string, fields: ServerFields): string {
    const layout = jsonLayout(this.text, this.#root)
    if (this.#root === undefined) return newDocument(this.text, { [this.#key]: { [name]: fields } })
    const servers = this.#servers()
    if (servers === undefined) return insertProperty(this.text, this.#root, this.#key, { [name]: fields }, layout)
    const entry = this.#property(servers, name)
    if (entry === undefined) return insertProperty(this.text, servers, name, fields, layout)
    if (entry.type !== 'object') return replaceValue(this.text, entry, fields, layout)
    return this.#withFields(name, entry, fields)
  }

  withoutServer(name: string): string {
    const entry = this.#property(this.#servers(), name)
    return entry?.parent ? removeProperty(this.text, entry.parent) : this.text
  }

  /** One field at a time, each on the text that the former left. */
  #withFields(name: string, entry: Node, fields: ServerFields): string {
    for (const { name: field, node } of properties(entry)) {
      if (isReplaced(field, fields) && node.parent)
        return this.#again(removeProperty(this.text, node.parent), name, fields)
    }
    for (const [field, value] of Object.entries(fields)) {
      const node = this.#property(entry, field)
      const layout = jsonLayout(this.text, this.#root)
      if (node === undefined) return this.#again(insertProperty(this.text, entry, field, value, layout), name, fields)
      const now: unknown = getNodeValue(node)
      if (isDeepStrictEqual(isObject(now) ? { ...now } : now, value)) continue
      return this.#again(replaceValue(this.text, node, value, layout), name, fields)
    }
    return this.text
  }

  #again(text: string, name: string, fields: ServerFields): string {
    return new JsonDocument(text, this.#key).withServer(name, fields)
  }

  #servers(): Node | undefined {
    return this.#property(this.#root, this.#key)
  }

  /** Of two with the same name, clients take the last, and a person sees the first: nothing is done with either. */
  #property(object: Node | undefined, name: string): Node | undefined {
    const [found, second] = properties(object).filter((property) => property.name === name)
    if (second) throw new MalformedConfig(`"${name}" stands in it twice`, this.text, second.node.offset)
    return found?.node
  }
}

function parse(text: string): Node | undefined {
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true })
  const [first] = errors
  if (first === undefined) return root
  const reason = printParseErrorCode(first.error).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  throw new MalformedConfig(`it is not JSON:${reason}`, text, first.offset)
}

function properties(object: Node | undefined): { name: string; node: Node }[] {
  if (object?.type !== 'object') return []
  return (object.children ?? []).flatMap(({ children }) => {
    const [name, node] = children ?? []
    return name && node ? [{ name: String(name.value), node }] : []
  })
}

function* scalarsOf(node: Node, path: readonly string[], before: string | undefined): Generator<Scalar> {
  if (node.type === 'object') {
    for (const { name, node: value } of properties(node)) yield* scalarsOf(value, [...path, name], undefined)
  } else if (node.type === 'array') {
    let former: string | undefined
    for (const element of node.children ?? []) {
      yield* scalarsOf(element, path, former)
      former = element.type === 'string' ? String(element.value) : undefined
    }
  } else {
    yield { path, before, value: String(node.value), offset: node.offset, length: node.length }
  }
}

/** Comments that stood alone stay above. */
function newDocument(text: string, value: unknown): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const above = text.trim() === '' ? '' : text.trimEnd() + eol
  return `${above}${JSON.stringify(value, null, '  ').replaceAll('\n', eol)}${eol}`
}
