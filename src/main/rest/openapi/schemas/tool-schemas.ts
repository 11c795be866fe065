import type { JsonSchema } from '../../../../shared/contract/rest.ts'
import { isObject } from '../../../base/is-object.ts'
import { mapSubschemas, subschemas } from '../../schema-walk.ts'
import { nameIn } from './definition-refs.ts'
import type { Direction } from './hidden-properties.ts'
import { isAnnotation } from './nullable.ts'
import type { SchemaConverter } from './schema-converter.ts'

/** What has to be known of a definition to decide where its schema should stand. */
interface Facts {
  schema: JsonSchema
  /** How often it refers to others. */
  refs: ReadonlyMap<string, number>
  /** Those that it refers to with other keywords beside the reference: they can't be put into its place. */
  pinned: ReadonlySet<string>
  bytes: number
}

/** What a definition costs beside its schema: its name twice, and the punctuation. */
const COST_OF_NAMING = 22

/**
 * Puts the schemas of one tool together with the definitions that they need, and no more: one that is used once, or that is
 * no longer than the reference to it, stands in the reference's place.
 */
export class ToolSchemas {
  readonly #converter: SchemaConverter
  readonly #direction: Direction
  readonly #facts = new Map<string, Facts>()
  readonly #closures = new Map<string, ReadonlySet<string>>()

  constructor(converter: SchemaConverter, direction: Direction) {
    this.#converter = converter
    this.#direction = direction
  }

  of(schemas: readonly JsonSchema[]): { schemas: JsonSchema[]; $defs: Record<string, JsonSchema> } {
    const roots = schemas.map((schema) => countRefs(schema))
    const direct = new Set(roots.flatMap(({ refs }) => [...refs.keys()]))
    if (direct.size === 0) return { schemas: [...schemas], $defs: {} }
    const needed = new Set<string>()
    for (const name of direct) {
      needed.add(name)
      for (const further of this.#closure(name)) needed.add(further)
    }
    const placed = this.#placed(needed, roots)
    const rewritten = new Map<string, JsonSchema>()
    const rewrite = (schema: JsonSchema): JsonSchema => {
      if (!isObject(schema)) return schema
      const { $ref, ...beside } = schema
      if (typeof $ref === 'string' && placed.has(nameIn($ref))) {
        const target = definition(nameIn($ref))
        if (Object.keys(beside).length === 0) return target
        return isObject(target) ? { ...target, ...beside } : target ? beside : target
      }
      return mapSubschemas(schema, (inner) => rewrite(inner as JsonSchema))
    }
    const definition = (name: string): JsonSchema => {
      let schema = rewritten.get(name)
      if (schema === undefined) {
        const { schema: given } = this.#of(name)
        schema = this.#touches(name, placed) ? rewrite(given) : given
        rewritten.set(name, schema)
      }
      return schema
    }
    const $defs = [...needed].filter((name) => !placed.has(name)).map((name) => [name, definition(name)] as const)
    return {
      schemas: schemas.map((schema, index) => (roots[index]?.refs.size === 0 ? schema : rewrite(schema))),
      $defs: Object.fromEntries($defs.sort(([one], [other]) => (one < other ? -1 : 1))),
    }
  }

  /** Which definitions go into the place of the references to them. */
  #placed(needed: ReadonlySet<string>, roots: readonly Counted[]): ReadonlySet<string> {
    const counts = new Map<string, number>()
    const pinned = new Set<string>()
    for (const { refs, pinned: fixed } of [...roots, ...[...needed].map((name) => this.#of(name))]) {
      for (const [name, count] of refs) counts.set(name, (counts.get(name) ?? 0) + count)
      for (const name of fixed) pinned.add(name)
    }
    return new Set(
      [...needed].filter((name) => {
        if (pinned.has(name) || this.#closure(name).has(name)) return false
        const { bytes } = this.#of(name)
        const count = counts.get(name) ?? 0
        return count <= 1 || (count - 1) * bytes <= count * (name.length + COST_OF_NAMING) + name.length
      }),
    )
  }

  #of(name: string): Facts {
    let facts = this.#facts.get(name)
    if (facts === undefined) {
      const schema = this.#converter.definition(name, this.#direction)
      facts = { schema, ...countRefs(schema), bytes: JSON.stringify(schema).length }
      this.#facts.set(name, facts)
    }
    return facts
  }

  /** All that a definition leads to; itself among them: it is recursive. */
  #closure(name: string): ReadonlySet<string> {
    let closure = this.#closures.get(name)
    if (closure === undefined) {
      const reached = new Set<string>()
      const waiting = [...this.#of(name).refs.keys()]
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        if (reached.has(next)) continue
        reached.add(next)
        waiting.push(...this.#of(next).refs.keys())
      }
      closure = reached
      this.#closures.set(name, closure)
    }
    return closure
  }

  #touches(name: string, placed: ReadonlySet<string>): boolean {
    for (const further of this.#of(name).refs.keys()) if (placed.has(further)) return true
    return false
  }
}

interface Counted {
  refs: ReadonlyMap<string, number>
  pinned: ReadonlySet<string>
}

function countRefs(schema: JsonSchema): Counted {
  const refs = new Map<string, number>()
  const pinned = new Set<string>()
  const count = (inner: unknown): void => {
    if (!isObject(inner)) return
    if (typeof inner.$ref === 'string') {
      const name = nameIn(inner.$ref)
      refs.set(name, (refs.get(name) ?? 0) + 1)
      if (Object.keys(inner).some((keyword) => keyword !== '$ref' && !isAnnotation(keyword))) pinned.add(name)
    }
    for (const next of subschemas(inner)) count(next)
  }
  count(schema)
  return { refs, pinned }
}
