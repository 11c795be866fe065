import { useConsole } from '../../stores/console.tsx'
import { useFailureToast } from '../../ui/toast.tsx'

export interface IntegrationActions {
  setEnabled: (name: string, enabled: boolean) => Promise<void>
  restart: (name: string) => Promise<void>
}

/** What can be done to a stored integration from a list or its page. Success shows in the row; failure says why. */
export function useIntegrationActions(): IntegrationActions {
  const { client, stores } = useConsole()
  const fail = useFailureToast()
  const { put } = stores.integrations.getState()
  return {
    async setEnabled(name, enabled) {
      const before = stores.integrations.getState().byName[name]
      // The switch answers at once; the core's answer, or what was there before, follows.
      if (before) put({ ...before, status: enabled ? 'active' : 'disabled' })
      try {
        put(await (enabled ? client.integrations.enable({ name }) : client.integrations.disable({ name })))
      } catch (cause) {
        if (before) put(before)
        fail(`${name} was not ${enabled ? 'enabled' : 'disabled'}`, cause)
      }
    },
    async restart(name) {
      try {
        put(await client.integrations.restart({ name }))
      } catch (cause) {
        fail(`${name} was not restarted`, cause)
      }
    },
  }
}
