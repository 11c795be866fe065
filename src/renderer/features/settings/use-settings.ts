import { useState } from 'react'
import type { Settings, SettingsChanges } from '../../../shared/contract/settings.ts'
import { useConsole, useSystem } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { useLoad } from '../../stores/use-load.ts'

export interface SettingsLoad {
  settings: Settings | null
  problem: Problem | undefined
  reload: () => void
}

/** The settings of the installation, loaded by the first screen that shows them; afterwards the events keep them. */
export function useSettings(): SettingsLoad {
  const { client, stores } = useConsole()
  const settings = useSystem((state) => state.settings)
  const online = useSystem((state) => state.link === 'online')
  const { problem, reload } = useLoad({
    version: '',
    wanted: online && settings === null,
    load: (signal) => client.settings.get(undefined, { signal }),
    keep: stores.system.getState().setSettings,
  })
  return { settings, problem, reload }
}

export interface SettingChange {
  error: string | undefined
  busy: boolean
  /** Applies at once. True when it was taken; else `error` says why it was not. */
  change: (changes: SettingsChanges) => Promise<boolean>
  forgetError: () => void
}

/** One control of the settings: each has its own, so that a refusal stands beside what was refused. */
export function useSettingChange(): SettingChange {
  const { client, stores } = useConsole()
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  return {
    error,
    busy,
    forgetError: () => setError(undefined),
    change: async (changes) => {
      setBusy(true)
      setError(undefined)
      try {
        stores.system.getState().setSettings(await client.settings.update(changes))
        return true
      } catch (cause) {
        const { message, details } = problemOf(cause)
        setError(details[0]?.message ?? message)
        return false
      } finally {
        setBusy(false)
      }
    },
  }
}
