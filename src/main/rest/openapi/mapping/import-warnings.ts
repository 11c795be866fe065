import type { ImportWarning } from '../../../../shared/contract/openapi.ts'
import type { Place } from './place.ts'

/** More would help nobody; what is left out is counted. */
const MAX_WARNINGS = 1000

/** What was left out, changed or guessed while a document was read. Each thing is told once. */
export class ImportWarnings {
  readonly #rootFile: string
  readonly #warnings: ImportWarning[] = []
  readonly #known = new Set<string>()
  readonly #byOperation = new Map<string, string[]>()
  #left = 0

  constructor(rootFile: string) {
    this.#rootFile = rootFile
  }

  /** `operation`: `GET /invoices/{id}`, where it is about one alone. */
  add(place: Pick<Place, 'file' | 'pointer'>, message: string, operation: string | null = null): void {
    const key = `${place.file}\n${place.pointer}\n${message}`
    if (this.#known.has(key)) return
    this.#known.add(key)
    if (operation !== null) {
      const messages = this.#byOperation.get(operation)
      if (messages) messages.push(message)
      else this.#byOperation.set(operation, [message])
    }
    if (this.#warnings.length === MAX_WARNINGS) {
      this.#left++
      return
    }
    const isRoot = place.file === this.#rootFile
    const where = isRoot ? '' : ` (In ${place.file}${place.pointer === '' ? '' : ` at ${place.pointer}`}.)`
    this.#warnings.push({ message: message + where, pointer: isRoot ? place.pointer : '', operation })
  }

  get all(): ImportWarning[] {
    if (this.#left === 0) return this.#warnings
    const message = `There are ${this.#left.toLocaleString('en')} further warnings that are not listed.`
    return [...this.#warnings, { message, pointer: '', operation: null }]
  }

  /** Those of one operation, without its name. */
  of(operation: string): string[] {
    return this.#byOperation.get(operation) ?? []
  }
}
