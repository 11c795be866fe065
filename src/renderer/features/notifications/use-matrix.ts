import '../../zod-jitless.ts'
import { useRef, useState } from 'react'
import { presetRules, type Rule, type RulePreset } from '../../../shared/contract/rules.ts'
import { useConsole } from '../../stores/console.tsx'
import { useFailureToast } from '../../ui/toast.tsx'

export const presets = Object.keys(presetRules) as RulePreset[]

/** The rule of a preset: there is at most one. */
export function ruleOf(rules: Iterable<Rule>, preset: RulePreset): Rule | undefined {
  return [...rules].find((rule) => rule.preset === preset)
}

/**
 * Which preset tells which channel, by one click: the first makes the preset's rule. Clicks of one preset follow each other,
 * so that two of them never make two rules, nor one take back the other; the box shows at once what was wanted.
 */
export function useMatrix() {
  const { client, stores } = useConsole()
  const fail = useFailureToast()
  const [wanted, setWanted] = useState<Readonly<Record<string, boolean>>>({})
  const queues = useRef<Partial<Record<RulePreset, Promise<void>>>>({})

  const apply = async (preset: RulePreset, channel: string, tells: boolean): Promise<void> => {
    const { byId, put } = stores.rules.getState()
    const rule = ruleOf(Object.values(byId), preset)
    if (!rule) {
      if (!tells) return
      const { name, when } = presetRules[preset]
      put(await client.rules.create({ preset, name, when: copyOf(when), channels: [channel] }))
      return
    }
    const others = rule.channels.filter((id) => id !== channel)
    put(await client.rules.update({ id: rule.id, channels: tells ? [...others, channel] : others }))
  }

  const set = (preset: RulePreset, channel: string, tells: boolean): void => {
    const key = `${preset} ${channel}`
    setWanted((before) => ({ ...before, [key]: tells }))
    const before = queues.current[preset] ?? Promise.resolve()
    const next = before
      .then(() => apply(preset, channel, tells))
      .then(
        () => undefined,
        (cause: unknown) => fail(`${presetRules[preset].name} was not changed`, cause),
      )
    queues.current[preset] = next
    void next.then(() =>
      setWanted((now) => {
        const { [key]: _done, ...rest } = now
        return rest
      }),
    )
  }

  return {
    set,
    isSet: (rule: Rule | undefined, preset: RulePreset, channel: string): boolean =>
      wanted[`${preset} ${channel}`] ?? rule?.channels.includes(channel) ?? false,
  }
}

/** The contract's own lists cannot be changed; what is sent may be. */
function copyOf({ types, min_severity }: (typeof presetRules)[RulePreset]['when']) {
  return { types: [...types], min_severity, matchers: [] }
}
