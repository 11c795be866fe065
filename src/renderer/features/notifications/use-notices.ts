import { useMemo } from 'react'
import type { Channel } from '../../../shared/contract/channels.ts'
import type { Rule } from '../../../shared/contract/rules.ts'
import { useChannels, useConsole, useRules, useSystem } from '../../stores/console.tsx'
import type { Problem } from '../../stores/problem.ts'
import { useLoad } from '../../stores/use-load.ts'
import { nameOrder } from '../../ui/order.ts'
import { useChannelHealth } from './use-channel-health.ts'

export interface Notices {
  /** By name; null until they are loaded. */
  channels: readonly Channel[] | null
  rules: readonly Rule[] | null
  problem: Problem | undefined
  reload: () => void
}

/** All channels and rules, loaded by the first screen that shows them; afterwards the events keep them. */
export function useNotices(): Notices {
  const { client, stores } = useConsole()
  const online = useSystem((state) => state.link === 'online')
  const channels = useChannels((state) => (state.loaded ? state.byId : null))
  const rules = useRules((state) => (state.loaded ? state.byId : null))
  const { problem, reload } = useLoad({
    version: '',
    wanted: online && (channels === null || rules === null),
    load: (signal) =>
      Promise.all([client.channels.list(undefined, { signal }), client.rules.list(undefined, { signal })]),
    keep: ([allChannels, allRules]) => {
      stores.channels.getState().replaceAll(allChannels.items)
      stores.rules.getState().replaceAll(allRules.items)
    },
  })
  useChannelHealth()
  return {
    channels: useMemo(() => channels && Object.values(channels).sort(nameOrder), [channels]),
    rules: useMemo(() => rules && Object.values(rules).sort(nameOrder), [rules]),
    problem,
    reload,
  }
}
