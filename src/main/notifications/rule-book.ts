import type { Rule } from '../../shared/contract/rules.ts'
import type { RulesStore } from '../store/rules-store.ts'
import { compileStored, type CompiledRule } from './rule-decision.ts'

/** All rules, ready to decide: every event asks for those of its workspace. */
export class RuleBook {
  readonly #byWorkspace = new Map<string, CompiledRule[]>()

  /** `broken`: is told of those that can't be used as they are. */
  async load(store: RulesStore, broken: (rule: Rule) => void): Promise<void> {
    for (const { workspace, rule } of await store.listAll()) {
      const compiled = await compileStored(rule)
      this.keep(workspace, compiled)
      if (compiled.rule.problem !== undefined) broken(compiled.rule)
    }
  }

  /** In the order in which they were made. */
  of(workspace: string): readonly CompiledRule[] {
    return this.#byWorkspace.get(workspace) ?? []
  }

  find(workspace: string, id: string): CompiledRule | undefined {
    return this.of(workspace).find(({ rule }) => rule.id === id)
  }

  usersOf(workspace: string, channelId: string): Rule[] {
    return this.of(workspace)
      .map(({ rule }) => rule)
      .filter(({ channels }) => channels.includes(channelId))
  }

  /** In the place of the one with the same id. */
  keep(workspace: string, compiled: CompiledRule): void {
    const rules = this.of(workspace)
    const index = rules.findIndex(({ rule }) => rule.id === compiled.rule.id)
    this.#byWorkspace.set(workspace, index < 0 ? [...rules, compiled] : rules.with(index, compiled))
  }

  forget(workspace: string, id: string): void {
    const left = this.of(workspace).filter(({ rule }) => rule.id !== id)
    if (left.length > 0) this.#byWorkspace.set(workspace, left)
    else this.#byWorkspace.delete(workspace)
  }
}
