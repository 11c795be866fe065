import { setImmediate } from 'node:timers/promises'
import type { OnDefinitionChange } from '../../shared/contract/integrations.ts'
import { emptyToolList, type ToolList, type UpstreamTool } from '../upstream/tool-list.ts'
import { fingerprint } from './pinned-definition.ts'

/** What was approved of one tool. */
export interface ApprovedTool {
  /** SHA-256 of the pinned members of the definition, in hex. */
  sha256: string
  /** JSON text of the definition as it was: shown beside the new one. */
  text: string
  /** It came after the others, and nobody has looked at it yet: it is served, and marked. */
  isNew: boolean
}

/** A tool of the last list that is not as it was approved. */
export interface UnapprovedTool {
  /** `new`: nobody has approved a tool of this name yet. */
  kind: 'changed' | 'new'
  /** Of the definition that waits for approval. */
  sha256: string
  /** JSON text of what was approved. Null: nothing was. */
  before: string | null
}

/** How a list stands to what was approved. Immutable. */
export interface ToolReview {
  readonly list: ToolList
  /** By the tool's own name. */
  readonly unapproved: ReadonlyMap<string, UnapprovedTool>
  /** Names of those that agents do not get until they are approved. */
  readonly held: ReadonlySet<string>
}

/** Nothing is listed, and nothing waits for approval. */
export const nothingHeld: ToolReview = { list: emptyToolList, unapproved: new Map(), held: new Set() }

/**
 * `text` is null while the last list has the tool as it was approved: it is not kept twice. `sha256` is null until somebody
 * asks for it: the first list of 10,000 is approved at once and hashed afterwards.
 */
interface Pin {
  sha256: string | null
  text: string | null
  isNew: boolean
}

/** Definitions that are hashed before other work gets its turn. */
const HASHES_AT_ONCE = 200

/**
 * What was approved of one integration's tools. The set of names is pinned with the definitions, so two tools that swap
 * their names, and one that returns under another name, are as unapproved as one whose description changed. What is
 * approved stays so while its name is missing from the list.
 *
 * A list may grow: a new name beside all that were approved is served as it came first, marked new until somebody approves
 * it, and held like the others when it changes. While an approved name is missing a new one may be that tool renamed, and
 * is held at once.
 *
 * Threat: a server that is harmless when it is added and turns on the agent later, by the texts that models read as
 * instructions ("rug pull"; MCPoison, postmark-mcp).
 */
export class ToolPins {
  readonly #pins = new Map<string, Pin>()
  #last = nothingHeld

  constructor(approved: Iterable<readonly [name: string, tool: ApprovedTool]> = []) {
    for (const [name, pin] of approved) this.#pins.set(name, { ...pin })
  }

  /** How many tools are approved. None: the first list will be. */
  get size(): number {
    return this.#pins.size
  }

  /** How the list that was reviewed last stands to what is approved. */
  get review(): ToolReview {
    return this.#last
  }

  /**
   * Compares a list with what is approved. A definition is hashed only where its bytes differ from those that were judged
   * last, so a list of 10,000 of which one changed costs one hash.
   */
  judge(list: ToolList, policy: OnDefinitionChange): ToolReview {
    const formerTools = this.#lastTools()
    const unapproved = new Map<string, UnapprovedTool>()
    for (const tool of list.tools) {
      const found = this.#judge(tool, formerTools.get(tool.name))
      if (found !== undefined) unapproved.set(tool.name, found)
      formerTools.delete(tool.name)
    }
    for (const [name, tool] of formerTools) {
      const pin = this.#pins.get(name)
      if (pin?.text === null) pin.text = tool.text
    }
    if (!this.#isAnyMissing(list)) this.#admit(unapproved)
    const held = policy === 'hold' ? this.#toHold(unapproved) : nothingHeld.held
    this.#last = { list, unapproved, held }
    return this.#last
  }

  /** From now on exactly the tools of this list are approved. Whether that is a change. */
  accept(list: ToolList): boolean {
    const before = new Map(this.#pins)
    const former = this.#last
    const formerTools = this.#lastTools()
    let changed = before.size !== list.tools.length
    this.#pins.clear()
    for (const tool of list.tools) {
      const pin = before.get(tool.name)
      const isAsBefore = formerTools.get(tool.name)?.bytes.equals(tool.bytes) === true
      const isApproved = isAsBefore ? !former.unapproved.has(tool.name) : pin?.text === tool.text
      if (!isApproved) changed = true
      this.#pins.set(tool.name, { sha256: isApproved ? (pin?.sha256 ?? null) : null, text: null, isNew: false })
    }
    this.#last = { ...nothingHeld, list }
    return changed
  }

  /** Hashes what was approved without that, a few at a time. */
  async hash(): Promise<void> {
    let hashes = 0
    let { list } = this.#last
    let tools = this.#lastTools()
    for (const [name, pin] of [...this.#pins]) {
      if (pin.sha256 !== null) continue
      if (++hashes % HASHES_AT_ONCE === 0) {
        await setImmediate()
        if (list !== this.#last.list) tools = this.#lastTools()
        list = this.#last.list
      }
      const text = pin.text ?? tools.get(name)?.text
      // Without a text it is no longer the pin of this name.
      if (text !== undefined) pin.sha256 = fingerprint(text)
    }
  }

  /** What approving these tools of the last list would store; those that do not wait for it are left out. */
  waiting(names: ReadonlySet<string>): [name: string, tool: ApprovedTool][] {
    const { list, unapproved } = this.#last
    return list.tools.flatMap(({ name, text }): [string, ApprovedTool][] => {
      const waits = names.has(name) ? unapproved.get(name) : undefined
      return waits === undefined ? [] : [[name, { sha256: waits.sha256, text, isNew: false }]]
    })
  }

  approve(tools: Iterable<readonly [name: string, tool: Pick<ApprovedTool, 'sha256'>]>): void {
    const unapproved = new Map(this.#last.unapproved)
    const held = new Set(this.#last.held)
    for (const [name, { sha256 }] of tools) {
      // It may have changed once more while what was seen of it was stored.
      if (unapproved.get(name)?.sha256 !== sha256) continue
      this.#pins.set(name, { sha256, text: null, isNew: false })
      unapproved.delete(name)
      held.delete(name)
    }
    this.#last = { list: this.#last.list, unapproved, held }
  }

  /**
   * Forgets what is missing from the last list, once nothing of that waits any more: whoever approved the list as it is has
   * seen what is not there. Whether there was any.
   */
  forgetMissing(): boolean {
    const { list, unapproved } = this.#last
    if (unapproved.size > 0 || !this.#isAnyMissing(list)) return false
    const listed = this.#lastTools()
    for (const name of [...this.#pins.keys()]) if (!listed.has(name)) this.#pins.delete(name)
    return true
  }

  /** All that is approved, as it is stored. */
  *approved(): Generator<[name: string, tool: ApprovedTool]> {
    const tools = this.#lastTools()
    for (const [name, pin] of this.#pins) {
      const text = pin.text ?? tools.get(name)?.text ?? ''
      yield [name, { sha256: (pin.sha256 ??= fingerprint(text)), text, isNew: pin.isNew }]
    }
  }

  #lastTools(): Map<string, UpstreamTool> {
    return new Map(this.#last.list.tools.map((tool) => [tool.name, tool]))
  }

  /** A list has each name once. */
  #isAnyMissing(list: ToolList): boolean {
    return list.tools.filter(({ name }) => this.#pins.has(name)).length < this.#pins.size
  }

  /** Takes new tools as they are now: from here on a change of them is one. */
  #admit(unapproved: ReadonlyMap<string, UnapprovedTool>): void {
    for (const [name, { kind, sha256 }] of unapproved) {
      if (kind === 'new' && !this.#pins.has(name)) this.#pins.set(name, { sha256, text: null, isNew: true })
    }
  }

  #toHold(unapproved: ReadonlyMap<string, UnapprovedTool>): ReadonlySet<string> {
    const isServed = ([name, { kind }]: [string, UnapprovedTool]) => kind === 'new' && this.#pins.has(name)
    return new Set([...unapproved].filter((each) => !isServed(each)).map(([name]) => name))
  }

  #judge(tool: UpstreamTool, former: UpstreamTool | undefined): UnapprovedTool | undefined {
    if (former?.bytes.equals(tool.bytes) === true) return this.#last.unapproved.get(tool.name)
    const pin = this.#pins.get(tool.name)
    const { text } = tool
    if (pin === undefined) return { kind: 'new', sha256: fingerprint(text), before: null }
    // The last list had it as it was approved, if its text is not kept here.
    const before = (pin.text ??= former?.text ?? '')
    // What the store gives back is mostly what is there.
    if (before !== text) {
      const sha256 = fingerprint(text)
      if ((pin.sha256 ??= fingerprint(before)) !== sha256) return { kind: 'changed', sha256, before }
    }
    pin.text = null
    return pin.isNew ? { kind: 'new', sha256: (pin.sha256 ??= fingerprint(text)), before: null } : undefined
  }
}
