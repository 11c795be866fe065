import type { ImportWarnings } from './import-warnings.ts'
import { isObjectPlace, type ObjectPlace, type Place } from './place.ts'
import { outsideFile, resolveRef, type SpecDocument } from '../reading/spec-document.ts'

/** Finds what stands behind the references of a document, and says of each one that leads nowhere that it does. */
export class References {
  readonly document: SpecDocument
  readonly warnings: ImportWarnings
  readonly #found = new Map<string, Place | null>()

  constructor(document: SpecDocument, warnings: ImportWarnings) {
    this.document = document
    this.warnings = warnings
  }

  get root(): ObjectPlace {
    return { value: this.document.root, file: this.document.path, pointer: '' }
  }

  /** Where a reference that stands at `place` leads; null: nowhere. */
  find(place: Place, reference: string): Place | null {
    const key = `${place.file}\n${reference}`
    let found = this.#found.get(key)
    if (found === undefined) {
      const referred = resolveRef(this.document, place.file, reference)
      found = referred ? { value: referred.value, file: referred.path, pointer: referred.pointer } : null
      this.#found.set(key, found)
    }
    return found
  }

  /**
   * The place itself, or the object that its `$ref` leads to. Null: no object stands there. `what` names the thing, and
   * `fate` says what becomes of it then: `is left out`.
   */
  object(place: Place, what: string, fate = 'is left out', operation: string | null = null): ObjectPlace | null {
    const warn = (problem: string) => this.warnings.add(place, `${what} ${problem}; it ${fate}.`, operation)
    if (!isObjectPlace(place)) {
      warn('is not an object')
      return null
    }
    const { $ref: reference } = place.value
    if (typeof reference !== 'string') return place
    const found = this.find(place, reference)
    if (found && isObjectPlace(found) && typeof found.value.$ref !== 'string') return found
    warn(this.broken(place, reference))
    return null
  }

  /** Why a reference leads nowhere. */
  broken(place: Place, reference: string): string {
    const outside = outsideFile(this.document, place.file, reference)
    if (outside !== undefined && outside !== '') {
      return `refers to ${outside}, which was not given (drop it together with the document)`
    }
    return `refers to ${reference}, where nothing that fits stands`
  }
}
