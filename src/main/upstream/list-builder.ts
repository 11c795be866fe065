import { isObject } from '../base/is-object.ts'
import { isDeeperThan } from '../base/is-deeper-than.ts'
import { elements, spanOf } from '../base/json-members.ts'
import type { ListedItem } from './listed-item.ts'

/** What makes an element of one of the lists. */
export interface ListRules<Item extends ListedItem> {
  /** Where the list stands in an answer. */
  readonly member: 'tools' | 'prompts' | 'resources' | 'resourceTemplates'
  /** For a person: `tool`. */
  readonly noun: string
  readonly keyMember: 'name' | 'uri' | 'uriTemplate'
  /** For a person: `name`. */
  readonly keyNoun: string
  /** Why clients could not use it, in words that follow "was left out: ". */
  faultOf(definition: Record<string, unknown>): string | undefined
  create(key: string, list: Buffer, start: number, end: number): Item
}

export interface BuiltList<Item> {
  readonly items: readonly Item[]
  /** JSON array text of all items; each is a slice of it. */
  readonly bytes: Buffer
  /** What was left out, a sentence each. */
  readonly warnings: readonly string[]
}

/** Kept for a definition: where it stands in its page. */
interface Kept {
  page: Buffer
  start: number
  end: number
}

/**
 * Deeper than any definition that was written by hand. Readers without such a limit of their own run out of stack, and
 * then one item hides all others.
 */
const MAX_DEPTH = 200
/** Warnings are read by a person: past this many only their number is told. */
const MAX_WARNINGS = 20

const OPEN_BRACKET = 0x5b
const COMMA = 0x2c
const CLOSE_BRACKET = 0x5d

/**
 * The list whose JSON array text was built here before. It is not judged again, nor parsed: one that is large would hold
 * up the start.
 */
export function readBuilt<Item extends ListedItem>(rules: ListRules<Item>, bytes: Buffer): BuiltList<Item> {
  const items = elements(bytes).flatMap(([start, end]) => {
    const key = spanOf(bytes, rules.keyMember, start)
    if (key === undefined) return []
    return [rules.create(JSON.parse(bytes.toString('utf8', ...key)) as string, bytes, start, end)]
  })
  return { items, bytes, warnings: [] }
}

/** Collects the pages of a list and keeps what clients can use. */
export class ListBuilder<Item extends ListedItem> {
  readonly rules: ListRules<Item>
  readonly #kept = new Map<string, Kept>()
  readonly #warnings: string[] = []
  #leftOut = 0
  /** Of the definitions that were kept. */
  #bytes = 0

  constructor(rules: ListRules<Item>) {
    this.rules = rules
  }

  get length(): number {
    return this.#kept.size
  }

  /** Adds the list in one result, parsed as `value`; false when there is no such array in it. */
  addPage(result: Buffer, value: unknown): boolean {
    const values = isObject(value) ? value[this.rules.member] : undefined
    const span = spanOf(result, this.rules.member)
    if (!Array.isArray(values) || span === undefined) return false
    const spans = elements(result, span[0])
    values.forEach((definition: unknown, index) => {
      const [start, end] = spans[index] ?? [0, 0]
      this.#add(definition, { page: result, start, end })
    })
    return true
  }

  build(extraWarnings: readonly string[] = []): BuiltList<Item> {
    // Not from the pool: a short list would keep all 64 KiB of a piece of it as long as it lives.
    const bytes = Buffer.allocUnsafeSlow(this.#bytes + Math.max(0, this.#kept.size - 1) + 2)
    const items: Item[] = []
    let at = 0
    bytes[at++] = OPEN_BRACKET
    for (const [key, { page, start, end }] of this.#kept) {
      if (items.length > 0) bytes[at++] = COMMA
      const from = at
      at += page.copy(bytes, at, start, end)
      items.push(this.rules.create(key, bytes, from, at))
    }
    bytes[at] = CLOSE_BRACKET
    const hidden = this.#leftOut - this.#warnings.length
    const warnings = [...extraWarnings, ...this.#warnings]
    if (hidden > 0) warnings.push(`${hidden} more ${this.rules.noun}s were left out.`)
    return { items, bytes, warnings }
  }

  #add(definition: unknown, kept: Kept): void {
    const { keyMember, keyNoun, noun } = this.rules
    const key = isObject(definition) ? definition[keyMember] : undefined
    if (!isObject(definition) || typeof key !== 'string' || key === '') {
      this.#warn(`A ${noun} without a ${keyNoun} was left out.`)
      return
    }
    const fault = isDeeperThan(MAX_DEPTH, definition) ? 'its definition nests too deep' : this.rules.faultOf(definition)
    if (fault !== undefined) this.#warn(`The ${noun} ${quoted(key)} was left out: ${fault}.`)
    else if (this.#kept.has(key)) this.#warn(`A second ${noun} with the ${keyNoun} ${quoted(key)} was left out.`)
    else {
      this.#kept.set(key, kept)
      this.#bytes += kept.end - kept.start
    }
  }

  #warn(warning: string): void {
    this.#leftOut++
    if (this.#warnings.length < MAX_WARNINGS) this.#warnings.push(warning)
  }
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name)
}
