import { createHash } from 'node:crypto'
import { isObject } from '../../../base/is-object.ts'
import { escapeSegment, keysIn, valueAtPointer } from '../json-pointer.ts'
import type { Place } from '../mapping/place.ts'
import type { SpecDocument } from '../reading/spec-document.ts'

const MAX_LENGTH = 64
/** Where documents keep schemas that are referred to. */
const HOMES = ['/components/schemas', '/definitions', '/$defs']
/** Steps of a pointer that name nothing. */
const GENERIC = /^(components|schemas|definitions|\$defs|properties|items|schema|content|\d+)$/

/**
 * Names for schemas under `$defs`: short, the same at the next import, and different for different schemas of a document
 * and its files.
 */
export class SchemaNames {
  readonly #names = new Map<string, string>()
  readonly #taken = new Set<string>()

  constructor({ root, path }: SpecDocument) {
    // What the document itself names so keeps its name, whatever else is referred to first.
    for (const home of HOMES) {
      const schemas = valueAtPointer(root, home)
      if (!isObject(schemas)) continue
      for (const key of Object.keys(schemas)) this.of({ file: path, pointer: `${home}/${escapeSegment(key)}` })
    }
  }

  of({ file, pointer }: Pick<Place, 'file' | 'pointer'>): string {
    const key = `${file}#${pointer}`
    let name = this.#names.get(key)
    if (name === undefined) {
      name = this.#free(cleaned(baseOf(file, pointer)), key)
      this.#names.set(key, name)
      this.#taken.add(name)
    }
    return name
  }

  #free(wanted: string, key: string): string {
    if (wanted.length <= MAX_LENGTH && wanted !== '' && !this.#taken.has(wanted)) return wanted
    for (let length = 4; ; length++) {
      const name = `${wanted.slice(0, MAX_LENGTH - 1 - length)}_${sha256(key).slice(0, length)}`
      if (!this.#taken.has(name)) return name
    }
  }
}

function baseOf(file: string, pointer: string): string {
  const steps = keysIn(pointer)
  const named = steps.filter((step) => !GENERIC.test(step))
  if (named.length === 0) return (file.split('/').at(-1) ?? '').replace(/\.(json|ya?ml)$/i, '')
  const isInside = steps.at(-2) === 'properties' && named.length > 1
  return isInside ? named.slice(-2).join('.') : (named.at(-1) ?? '')
}

function cleaned(name: string): string {
  return name.replace(/[^A-Za-z0-9_.-]+/g, '_').replace(/^_+|_+$/g, '')
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
