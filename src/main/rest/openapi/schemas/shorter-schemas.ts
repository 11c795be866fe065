import type { JsonSchema } from '../../../../shared/contract/rest.ts'
import { isObject } from '../../../base/is-object.ts'
import { mapSubschemas } from '../../schema-walk.ts'
import { cutText } from '../mapping/clean-text.ts'

interface Schemas {
  schemas: JsonSchema[]
  $defs: Record<string, JsonSchema>
}

/** From so many bytes on, descriptions inside of schemas are cut to so many characters; 0: left out. */
export type Tiers = readonly (readonly [bytes: number, characters: number])[]

const cutBefore = new Map<number, WeakMap<object, JsonSchema>>()

/**
 * Schemas that are large although nothing in them is said twice, with shorter descriptions: structure is what a call needs
 * most. Those of the arguments themselves are none of these.
 */
export function shortened(given: Schemas, tiers: Tiers): Schemas {
  let shorter = given
  let bytes = sizeOf(given)
  for (const [limit, characters] of tiers) {
    if (bytes <= limit) break
    const cut = (schema: JsonSchema) => withShortTexts(schema, characters)
    const $defs = Object.fromEntries(Object.entries(given.$defs).map(([name, schema]) => [name, cut(schema)]))
    shorter = { schemas: given.schemas.map(cut), $defs }
    bytes = sizeOf(shorter)
  }
  return shorter
}

function sizeOf({ schemas, $defs }: Schemas): number {
  return JSON.stringify(schemas).length + JSON.stringify($defs).length
}

function withShortTexts(schema: JsonSchema, characters: number): JsonSchema {
  if (!isObject(schema)) return schema
  let known = cutBefore.get(characters)
  if (known === undefined) cutBefore.set(characters, (known = new WeakMap<object, JsonSchema>()))
  let cut = known.get(schema)
  if (cut === undefined) {
    const inside = mapSubschemas(schema, (inner) => withShortTexts(inner as JsonSchema, characters))
    const { description, ...rest } = inside
    if (typeof description !== 'string') cut = inside
    else cut = characters === 0 ? rest : { ...rest, description: cutText(description, characters) }
    known.set(schema, cut)
  }
  return cut
}
