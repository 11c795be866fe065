import type { RuleDecision } from '../../shared/contract/incidents.ts'
import type { RuleName } from '../store/delivery-rows.ts'
import type { Verdict } from './rule-decision.ts'

export type ChannelDecision = RuleDecision['channels'][number]

/** What each rule makes of one event, filled in while it is planned. */
export class DecisionSheet {
  readonly #byRule = new Map<string, RuleDecision>()

  verdict(rule: RuleName, { matched, because }: Verdict): void {
    const known = this.#byRule.get(rule.id)
    this.#byRule.set(rule.id, {
      rule_id: rule.id,
      rule_name: rule.name,
      matched,
      because,
      channels: known?.channels ?? [],
    })
  }

  channel(rules: readonly RuleName[], decision: ChannelDecision): void {
    for (const { id } of rules) this.#byRule.get(id)?.channels.push(decision)
  }

  get decisions(): RuleDecision[] {
    return [...this.#byRule.values()]
  }
}
