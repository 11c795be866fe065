import type { RestTool } from '../../../../shared/contract/rest.ts'
import { isObject } from '../../../base/is-object.ts'
import { definitionName, reachableDefs } from '../../schema-walk.ts'
import { mapReferences, moveDefinitions } from '../schemas/schema-refs.ts'

const NOT_IN_A_NAME = /[^A-Za-z0-9._-]/g

/** A definition of one tool, and the class of those that mean the same. */
interface Definition {
  name: string
  schema: unknown
  /** Names of definitions of the same tool that it refers to. */
  refers: readonly string[]
  class: number
}

/** Where a schema of a tool stands: that of its answer has definitions of its own beside those of the tool. */
export type SchemaScope = 'request' | 'answer'

type Names = ReadonlyMap<string, string>

/**
 * The definitions of many tools as the one list of a document. Each tool has its own, under names of its own; those that
 * say the same, down to what they refer to, become one.
 */
export class SharedSchemas {
  readonly schemas: Record<string, unknown>
  readonly #names = new Map<RestTool, Record<SchemaScope, Names>>()

  constructor(tools: readonly RestTool[]) {
    const scopes = tools.map((tool) => ({ tool, request: definitionsOf(tool.$defs), answer: answerDefinitions(tool) }))
    classify(scopes.flatMap(({ request, answer }) => [request, answer]))
    const nameOfClass = new Map<number, string>()
    const entries = new Map<string, unknown>()
    const named = (definitions: ReadonlyMap<string, Definition>): Names => {
      const unnamed: [string, Definition][] = []
      for (const definition of definitions.values()) {
        if (nameOfClass.has(definition.class)) continue
        const name = freeName(definition.name.replace(NOT_IN_A_NAME, '_') || '_', entries)
        nameOfClass.set(definition.class, name)
        entries.set(name, undefined)
        unnamed.push([name, definition])
      }
      const names = new Map([...definitions.values()].map((one) => [one.name, nameOfClass.get(one.class) ?? one.name]))
      for (const [name, { schema }] of unnamed) entries.set(name, moved(schema, names))
      return names
    }
    for (const { tool, request, answer } of scopes) {
      this.#names.set(tool, { request: named(request), answer: named(answer) })
    }
    this.schemas = Object.fromEntries(entries)
  }

  /** A schema of the tool as it stands in the document. */
  moved(tool: RestTool, schema: unknown, scope: SchemaScope): unknown {
    return moved(schema, this.#names.get(tool)?.[scope])
  }

  /** The names in the document that are others than in the tool: to which name they belong. */
  renamed(tool: RestTool, scope: SchemaScope): Record<string, string> {
    const names = [...(this.#names.get(tool)?.[scope] ?? [])].filter(([name, component]) => name !== component)
    return Object.fromEntries(names.map(([name, component]) => [component, name]))
  }
}

function moved(schema: unknown, names: Names | undefined): unknown {
  return mapReferences(
    schema,
    moveDefinitions((name) => {
      const component = names?.get(name)
      return component === undefined ? undefined : `#/components/schemas/${component}`
    }),
  )
}

function definitionsOf($defs: Readonly<Record<string, unknown>> = {}): Map<string, Definition> {
  return new Map(
    Object.entries($defs).map(([name, schema]) => [name, { name, schema, refers: referred(schema), class: 0 }]),
  )
}

/** Those that the answer refers to: others are of the request alone. */
function answerDefinitions({ $defs, output_schema }: RestTool): Map<string, Definition> {
  if (output_schema === undefined) return new Map()
  const { $defs: own, ...schema } = output_schema
  return definitionsOf(reachableDefs([schema], isObject(own) ? { ...$defs, ...own } : $defs))
}

/** First by what they say, then by what they refer to, until that tells no more of them apart. */
function classify(tools: readonly ReadonlyMap<string, Definition>[]): void {
  const texts = new Map<string, number>()
  for (const tool of tools) {
    for (const one of tool.values()) one.class = numberOf(texts, `${one.name}\n${JSON.stringify(one.schema)}`)
  }
  for (let before = 0, count = texts.size; count > before;) {
    const signatures = new Map<string, number>()
    const refined = tools.map((tool) =>
      [...tool.values()].map((one) => {
        const others = one.refers.map((name) => tool.get(name)?.class ?? -1)
        return numberOf(signatures, `${one.class} ${others.join(' ')}`)
      }),
    )
    tools.forEach((tool, index) => {
      const classes = refined[index] ?? []
      let at = 0
      for (const one of tool.values()) one.class = classes[at++] ?? one.class
    })
    before = count
    count = signatures.size
  }
}

function referred(schema: unknown): string[] {
  const names = new Set<string>()
  mapReferences(schema, (reference) => {
    const name = definitionName(reference)
    if (name !== undefined) names.add(name)
    return reference
  })
  return [...names]
}

function numberOf(numbers: Map<string, number>, key: string): number {
  const known = numbers.get(key)
  if (known !== undefined) return known
  numbers.set(key, numbers.size)
  return numbers.size - 1
}

function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}_${number}`
    if (!taken.has(candidate)) return candidate
  }
}
