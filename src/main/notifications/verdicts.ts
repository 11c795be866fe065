import type { Happening } from '../incidents/happening.ts'
import { decide, type CompiledRule, type Verdict } from './rule-decision.ts'

/** What each rule says of what happens at one time: asked for more than once, decided once. */
export class Verdicts {
  readonly #rules: readonly CompiledRule[]
  readonly #nowMs: number
  readonly #known = new Map<Happening, readonly (readonly [CompiledRule, Verdict])[]>()

  constructor(rules: readonly CompiledRule[], nowMs: number) {
    this.#rules = rules
    this.#nowMs = nowMs
  }

  of(happening: Happening): readonly (readonly [CompiledRule, Verdict])[] {
    const known = this.#known.get(happening)
    if (known !== undefined) return known
    const { event, incident } = happening
    const verdicts = this.#rules.map((compiled) => [compiled, decide(compiled, event, incident, this.#nowMs)] as const)
    this.#known.set(happening, verdicts)
    return verdicts
  }
}
