/**
 * What comes and goes with every call. Not a Set or a Map: when V8 shrinks or clears one it leaves the former table behind,
 * with what stood in it and a link to the next one. Once such a table has grown old, everything that ever stands in its
 * successors outlives the young generation too, and with it each call's request, answer and promises. Under load that took a
 * quarter of the CPU.
 */
export class InFlight<Item> implements Iterable<Item> {
  readonly #places: (Item | undefined)[] = []
  readonly #free: number[] = []

  get size(): number {
    return this.#places.length - this.#free.length
  }

  /** Gives the place by which it is removed again. */
  add(item: Item): number {
    const place = this.#free.pop() ?? this.#places.length
    this.#places[place] = item
    return place
  }

  /** Once: then the place is another's. */
  remove(place: number): void {
    this.#places[place] = undefined
    this.#free.push(place)
  }

  /** In no order. */
  *[Symbol.iterator](): Generator<Item> {
    for (const item of this.#places) if (item !== undefined) yield item
  }
}

const BUCKETS = 64

/** The same, to be found by an id: whole numbers that are given out one after the other. */
export class InFlightById<Item extends { readonly id: number }> implements Iterable<Item> {
  readonly #buckets: (Item[] | undefined)[] = []

  add(item: Item): void {
    const bucket = (this.#buckets[item.id % BUCKETS] ??= [])
    bucket.push(item)
  }

  get(id: number): Item | undefined {
    return this.#buckets[id % BUCKETS]?.find((item) => item.id === id)
  }

  /** Gives it, and it is there no more. */
  take(id: number): Item | undefined {
    const bucket = this.#buckets[id % BUCKETS]
    const item = bucket?.find((each) => each.id === id)
    if (bucket === undefined || item === undefined) return undefined
    const last = bucket.pop()
    if (last !== undefined && last !== item) bucket[bucket.indexOf(item)] = last
    return item
  }

  /** In no order. */
  *[Symbol.iterator](): Generator<Item> {
    for (const bucket of this.#buckets) if (bucket !== undefined) yield* bucket
  }
}
