import { useConsole } from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'
import { useFailureToast } from '../../ui/toast.tsx'
import { isWebAddress, openPage } from './open-page.ts'

export interface SignInActions {
  /** Begins to sign in, or opens the sign-in that waits once more. Where it fails, the panel of the integration says why. */
  begin: (name: string) => Promise<void>
  cancel: (name: string) => Promise<void>
  signOut: (name: string) => Promise<void>
}

/** Signing in to an integration, from its page, from a list, or right after it was added. */
export function useSignIn(): SignInActions {
  const { client, stores } = useConsole()
  const fail = useFailureToast()
  const { put, remove } = stores.signIns.getState()
  const refresh = async (name: string): Promise<void> => {
    stores.integrations.getState().put(await client.integrations.get({ name }))
  }
  return {
    async begin(name) {
      if (stores.signIns.getState().byName[name]?.state === 'starting') return
      put(name, { state: 'starting' })
      try {
        const { authorization_url: url, opened } = await client.integrations.authorize({ name, open: true })
        const mustOpen = url !== null && !opened
        if (mustOpen && !isWebAddress(url)) throw new Error('The server named a sign-in page that is no web address.')
        const isLeft = mustOpen && !openPage(url)
        // By what the core says now: its event may still be on its way.
        await refresh(name)
        if (isLeft) put(name, { state: 'link', url })
        else remove(name)
      } catch (cause) {
        put(name, { state: 'failed', problem: problemOf(cause) })
      }
    },
    async cancel(name) {
      try {
        await client.integrations.cancel_authorization({ name })
        await refresh(name)
        remove(name)
      } catch (cause) {
        fail('The sign-in was not cancelled', cause)
      }
    },
    async signOut(name) {
      try {
        stores.integrations.getState().put(await client.integrations.disconnect({ name }))
        remove(name)
      } catch (cause) {
        fail(`${name} was not signed out`, cause)
      }
    },
  }
}
