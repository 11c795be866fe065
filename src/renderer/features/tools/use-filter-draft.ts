import { useMemo, useState } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import type { Tool } from '../../../shared/contract/tools.ts'
import { useConsole } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { changeBetween, type EffectChange, effectOf, type FilterEffect } from './filter-effect.ts'
import { heldNames } from './held-names.ts'
import { type Filter, sameFilter } from './tool-filter.ts'

export interface FilterDraft {
  /** As it would be saved. */
  filter: Filter
  saved: Filter
  isDirty: boolean
  /** What agents see by it, what they see by the saved one, and what lies between. */
  effect: FilterEffect
  savedEffect: FilterEffect
  change: EffectChange
  edit: (filter: Filter) => void
  discard: () => void
  save: () => Promise<void>
  saving: boolean
  problem: Problem | undefined
}

/** The filter of an integration while a person changes it: nothing reaches agents before it is saved. */
export function useFilterDraft(integration: Integration, tools: readonly Tool[]): FilterDraft {
  const { client, stores } = useConsole()
  const { name, enabled_tools: enabled, disabled_tools: disabled } = integration
  const saved = useMemo((): Filter => ({ enabled, disabled }), [enabled, disabled])
  const [draft, setDraft] = useState<Filter>()
  const [saving, setSaving] = useState(false)
  const [problem, setProblem] = useState<Problem>()

  const filter = draft ?? saved
  const isDirty = useMemo(() => !sameFilter(filter, saved), [filter, saved])
  const held = useMemo(() => heldNames(tools), [tools])
  const savedEffect = useMemo(() => effectOf(saved, tools, held), [saved, tools, held])
  const effect = useMemo(
    () => (filter === saved ? savedEffect : effectOf(filter, tools, held)),
    [filter, saved, savedEffect, tools, held],
  )
  const change = useMemo(() => changeBetween(savedEffect, effect, tools), [savedEffect, effect, tools])

  const discard = (): void => {
    setDraft(undefined)
    setProblem(undefined)
  }
  return {
    filter,
    saved,
    isDirty,
    effect,
    savedEffect,
    change,
    edit: setDraft,
    discard,
    saving,
    problem,
    save: async () => {
      setSaving(true)
      setProblem(undefined)
      try {
        const wanted = { enabled_tools: [...filter.enabled], disabled_tools: [...filter.disabled] }
        stores.integrations.getState().put(await client.integrations.update({ name, ...wanted }))
        setDraft(undefined)
      } catch (cause) {
        setProblem(problemOf(cause))
      } finally {
        setSaving(false)
      }
    },
  }
}
