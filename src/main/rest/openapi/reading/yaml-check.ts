import { isAlias, isCollection, isMap, isPair, isScalar, type Alias, type Node, type ParsedNode } from 'yaml'
import { doubleKey } from './double-key.ts'
import { MAX_DEPTH } from './plain-value.ts'
import { unreadable } from './unreadable.ts'

/** Values that aliases repeat, over all of a document. More is a bomb ("billion laughs"), or takes as long as one. */
const MAX_REPEATED = 1_000_000
const MAX_WARNINGS = 20

/** What stands behind an anchor: how many values, how deep, and whether it is still being read. */
interface Extent {
  values: number
  depth: number
  isOpen: boolean
}

/** Looks through parsed YAML, before it is made a value, for what the parser lets pass. Throws `invalid_input`. */
export class YamlCheck {
  readonly warnings: string[] = []
  readonly #text: string
  readonly #anchors = new Map<string, Extent>()
  #repeated = 0

  constructor(text: string) {
    this.#text = text
  }

  visit(node: unknown, depth = 0): { values: number; depth: number } {
    if (isAlias(node)) return this.#alias(node, depth)
    const anchor = isScalar(node) || isCollection(node) ? node.anchor : undefined
    const extent: Extent = { values: 1, depth: 1, isOpen: true }
    if (anchor !== undefined) this.#anchors.set(anchor, extent)
    if (isCollection(node)) {
      this.#requireDepth(depth, node)
      if (isMap(node)) this.#requireSingleKeys(node.items)
      for (const item of node.items) {
        for (const part of isPair(item) ? [item.key, item.value] : [item]) {
          if (isScalar(part) && part.anchor === undefined) extent.values++
          else if (part !== null) {
            const inner = this.visit(part, depth + 1)
            extent.values += inner.values
            extent.depth = Math.max(extent.depth, inner.depth + 1)
          }
        }
      }
    }
    extent.isOpen = false
    return extent
  }

  #alias(alias: Alias, depth: number): Extent {
    const target = this.#anchors.get(alias.source)
    if (target === undefined) {
      throw this.#refusal(`there is no anchor &${alias.source} above this alias.`, alias)
    }
    if (target.isOpen) throw this.#refusal(`the alias *${alias.source} stands inside of what it repeats.`, alias)
    this.#repeated += target.values
    if (this.#repeated > MAX_REPEATED) {
      const most = MAX_REPEATED.toLocaleString('en')
      throw this.#refusal(`the aliases of this document repeat more than ${most} values, the most that is read.`, alias)
    }
    this.#requireDepth(depth + target.depth, alias)
    return target
  }

  #requireDepth(depth: number, node: Node): void {
    if (depth > MAX_DEPTH) {
      throw this.#refusal(`this nests deeper than ${MAX_DEPTH} levels, the most that is read.`, node)
    }
  }

  #requireSingleKeys(items: readonly unknown[]): void {
    const seen = new Set<string>()
    for (const item of items) {
      const key = isPair(item) ? item.key : undefined
      // Several merge keys are no fault: each merges.
      if (!isScalar(key) || key.value === '<<') continue
      const name = String(key.value)
      if (seen.has(name) && this.warnings.length < MAX_WARNINGS) {
        this.warnings.push(doubleKey(this.#text, offsetOf(key) ?? 0, name))
      }
      seen.add(name)
    }
  }

  #refusal(message: string, node: Node): Error {
    return unreadable(message, this.#text, offsetOf(node))
  }
}

function offsetOf(node: Node | ParsedNode): number | undefined {
  return node.range?.[0]
}
