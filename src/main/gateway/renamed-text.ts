import { spanOf } from '../base/json-members.ts'
import type { ListedItem } from '../upstream/offer.ts'
import type { Text } from './list-bytes.ts'

/**
 * The definition of an item with another value for one member, every other byte as the upstream sent it. It is put together
 * where it is written to: of 100,000 tools no second copy is kept.
 */
export class RenamedText implements Text {
  readonly length: number
  readonly #item: ListedItem
  readonly #value: Buffer
  /** Where the former value stands. */
  readonly #start: number
  readonly #end: number

  constructor(item: ListedItem, member: string, value: string) {
    const { bytes } = item
    const [start, end] = spanOf(bytes, member) ?? [0, 0]
    this.#item = item
    this.#start = start
    this.#end = end
    this.#value = end === 0 ? Buffer.alloc(0) : Buffer.from(JSON.stringify(value))
    this.length = bytes.length - (end - start) + this.#value.length
  }

  copy(target: Buffer, at: number): void {
    const { bytes } = this.#item
    bytes.copy(target, at, 0, this.#start)
    this.#value.copy(target, at + this.#start)
    bytes.copy(target, at + this.#start + this.#value.length, this.#end)
  }
}
