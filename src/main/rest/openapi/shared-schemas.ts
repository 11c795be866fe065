import type { RestTool } from '../../../shared/contract/rest.ts'
import { definitionName } from '../schema-walk.ts'
import { mapReferences, moveDefinitions } from './schema-refs.ts'

const NOT_IN_A_NAME = /[^A-Za-z0-9._-]/g

/** A definition of one tool, and the class of those that mean the same. */
interface Definition {
  name: string
  schema: unknown
  /** Names of definitions of the same tool that it refers to. */
  refers: readonly string[]
  class: number
}

/**
 * The definitions of many tools as the one list of a document. Each tool has its own, under names of its own; those that
 * say the same, down to what they refer to, become one.
 */
export class SharedSchemas {
  readonly schemas: Record<string, unknown> = {}
  readonly #names = new Map<RestTool, ReadonlyMap<string, string>>()

  constructor(tools: readonly RestTool[]) {
    const all = new Map(tools.map((tool) => [tool, definitionsOf(tool)]))
    classify([...all.values()])
    const nameOfClass = new Map<number, string>()
    const entries = new Map<string, unknown>()
    for (const [tool, definitions] of all) {
      const names = new Map<string, string>()
      this.#names.set(tool, names)
      const unnamed: [string, Definition][] = []
      for (const definition of definitions.values()) {
        let name = nameOfClass.get(definition.class)
        if (name === undefined) {
          name = freeName(definition.name.replace(NOT_IN_A_NAME, '_') || '_', entries)
          nameOfClass.set(definition.class, name)
          entries.set(name, undefined)
          unnamed.push([name, definition])
        }
        names.set(definition.name, name)
      }
      for (const [name, { schema }] of unnamed) entries.set(name, this.moved(tool, schema))
    }
    this.schemas = Object.fromEntries(entries)
  }

  /** A schema of the tool as it stands in the document. */
  moved<Schema>(tool: RestTool, schema: Schema): Schema {
    const names = this.#names.get(tool)
    return mapReferences(
      schema,
      moveDefinitions((name) => {
        const component = names?.get(name)
        return component === undefined ? undefined : `#/components/schemas/${component}`
      }),
    )
  }

  /** The names in the document that are others than in the tool: to which name they belong. */
  renamed(tool: RestTool): Record<string, string> {
    const names = [...(this.#names.get(tool) ?? [])].filter(([name, component]) => name !== component)
    return Object.fromEntries(names.map(([name, component]) => [component, name]))
  }
}

function definitionsOf({ $defs = {}, output_schema }: RestTool): Map<string, Definition> {
  const all = { ...(output_schema?.$defs as Record<string, unknown> | undefined), ...$defs }
  return new Map(
    Object.entries(all).map(([name, schema]) => [name, { name, schema, refers: referred(schema), class: 0 }]),
  )
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
