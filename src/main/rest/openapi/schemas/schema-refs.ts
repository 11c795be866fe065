import { isObject } from '../../../base/is-object.ts'
import { escapeSegment } from '../json-pointer.ts'
import { definitionName, mapSubschemas } from '../../schema-walk.ts'

/** The schema with every reference in it as `rename` gives it. What is data stays, whatever it looks like. */
export function mapReferences(schema: unknown, rename: (reference: string) => string): unknown {
  if (!isObject(schema)) return schema
  const mapped = mapSubschemas(schema, (inner) => mapReferences(inner, rename))
  if (typeof mapped.$ref === 'string') mapped.$ref = rename(mapped.$ref)
  const { discriminator } = mapped
  if (!isObject(discriminator) || !isObject(discriminator.mapping)) return mapped
  // Refers to schemas as well, by plain strings.
  const mapping = Object.entries(discriminator.mapping).map(([value, target]) => [
    value,
    typeof target === 'string' ? rename(target) : target,
  ])
  return { ...mapped, discriminator: { ...discriminator, mapping: Object.fromEntries(mapping) as unknown } }
}

/**
 * For `mapReferences`: puts `#/place/Name` where `#/$defs/Name` is, and leaves what is below it. Undefined from `target`: it
 * stays.
 */
export function moveDefinitions(target: (name: string) => string | undefined): (reference: string) => string {
  return (reference) => {
    const name = definitionName(reference)
    const moved = name === undefined ? undefined : target(name)
    return moved === undefined ? reference : [moved, ...reference.split('/').slice(3)].join('/')
  }
}

/** `#/$defs/Name`, with the name as a token of a JSON Pointer in a URI fragment. */
export function definitionReference(name: string): string {
  return `#/$defs/${encodeURIComponent(escapeSegment(name))}`
}
