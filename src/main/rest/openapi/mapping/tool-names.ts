import { sha256 } from '../schemas/schema-names.ts'

/** An operation as far as its name is made of it. */
interface NamedOperation {
  id: string | undefined
  method: string
  /** Key in `paths`. */
  path: string
}

const MAX_LENGTH = 64
const HASH_LENGTH = 8

/**
 * A name for each operation, `[A-Za-z0-9_-]{1,64}`, no two the same: of the operationId, else of method and path. It is the
 * same at the next import: it depends on other operations only where these have the very same name, and on their order never.
 */
export function toolNames(operations: readonly NamedOperation[]): string[] {
  const first = operations.map((operation) => {
    const own = operation.id === undefined ? '' : cleaned(operation.id)
    return own === '' ? placeName(operation) : cut(own, operation.id ?? own)
  })
  // Two operations with one operationId: method and path tell them apart.
  const second = withoutDoubles(first, (operation, name) => cut(`${name}_${placeName(operation)}`, placeOf(operation)))
  return withoutDoubles(second, (operation, name) => withHash(name, placeOf(operation)))

  function withoutDoubles(
    names: readonly string[],
    other: (operation: NamedOperation, name: string) => string,
  ): string[] {
    const counts = new Map<string, number>()
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
    return operations.map((operation, index) => {
      const name = names[index] ?? ''
      return (counts.get(name) ?? 0) > 1 ? other(operation, name) : name
    })
  }
}

/** `get_invoices_id`. */
function placeName(operation: NamedOperation): string {
  const path = cleaned(operation.path)
  const name = path === '' ? operation.method.toLowerCase() : `${operation.method.toLowerCase()}_${path}`
  // A path in another script leaves nothing that could be read.
  const isLost = path === '' && /[^\x20-\x7e]/.test(operation.path)
  return isLost ? withHash(name, placeOf(operation)) : cut(name, placeOf(operation))
}

function placeOf({ method, path }: NamedOperation): string {
  return `${method} ${path}`
}

function cleaned(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^A-Za-z0-9_-]+/g, '_')
    .replace(/^[_-]+|[_-]+$/g, '')
}

/** A name that is too long ends with a hash of all of it. */
function cut(name: string, whole: string): string {
  return name.length <= MAX_LENGTH ? name : withHash(name, whole)
}

function withHash(name: string, whole: string): string {
  const head = name.slice(0, MAX_LENGTH - 1 - HASH_LENGTH).replace(/[_-]+$/, '')
  return `${head}_${sha256(whole).slice(0, HASH_LENGTH)}`
}
