import type { ApiServices } from './api/services.ts'
import { AppError } from './base/app-error.ts'
import type { Logger } from './base/log.ts'
import { OAuthDoor } from './http/oauth-door.ts'
import type { Keeper, KeeperParts } from './integrations/integration-authorizations.ts'
import type { IntegrationsService } from './integrations/service.ts'
import { OAuthCallbacks, type CallbackOutcome } from './oauth/callbacks.ts'
import { isCallbackLink } from './oauth/callback-uri.ts'
import { OAuthKeeper } from './oauth/keeper.ts'
import type { OAuthProtocol } from './oauth/keeper-options.ts'
import { oauthFetchFor } from './oauth/oauth-fetch.ts'
import { Redirects } from './oauth/redirects.ts'

interface OAuthServicesOptions {
  /** It keeps what is made here, so it is asked for when it is there. */
  integrations: () => IntegrationsService
  /** The gateway's listener: where browsers come back to. */
  gateway: { readonly port: number; readonly host: string }
  /** Opens a page in the system's browser; undefined: nobody is in front of one. */
  openBrowser: ((url: string) => Promise<void>) | undefined
  /** Whether links of the scheme `gatehouse:` come to this core. */
  deepLinks: boolean
  log: Logger
}

interface OAuthServices extends Pick<ApiServices, 'authorizations'> {
  createKeeper(parts: KeeperParts): Keeper
  door: OAuthDoor
  /** Undefined: the link means nothing here. */
  takeDeepLink: (url: string) => Promise<CallbackOutcome | undefined>
  close(): Promise<void>
}

/** The steps of the protocol. Loaded when somebody signs in or a token is renewed: many gateways never do. */
const protocol: OAuthProtocol = {
  discover: async (target, { fetch }) => {
    const [{ discover }, { probeChallenge }] = await Promise.all([
      import('./oauth/discovery.ts'),
      import('./oauth/first-challenge.ts'),
    ])
    return await discover(target, { fetch, challenge: await probeChallenge(target, fetch) })
  },
  clientFor: async (...args) => (await import('./oauth/registration.ts')).clientFor(...args),
  beginAuthorization: async (...args) => (await import('./oauth/authorization-request.ts')).beginAuthorization(...args),
  finishAuthorization: async (...args) =>
    (await import('./oauth/authorization-response.ts')).finishAuthorization(...args),
  refreshGrant: async (...args) => (await import('./oauth/token-requests.ts')).refreshGrant(...args),
  clientCredentials: async (...args) => (await import('./oauth/token-requests.ts')).clientCredentials(...args),
  revokeGrant: async (...args) => (await import('./oauth/revocation.ts')).revokeGrant(...args),
}

/** The part of the composition root that is about signing in to integrations. */
export function oauthServices(options: OAuthServicesOptions): OAuthServices {
  const { integrations, gateway, openBrowser, deepLinks, log } = options
  const callbacks = new OAuthCallbacks({ keepers: () => integrations().signIns.keepers(), log })
  const redirects = new Redirects({ gateway, callbacks, deepLinks, log })

  const steps = { fetch: oauthFetchFor, protocol }

  const createKeeper = (parts: KeeperParts): Keeper =>
    new OAuthKeeper({
      ...parts,
      redirectUri: () => redirects.uriFor(parts.settings()),
      openRedirect: (redirectUri) => {
        if (new URL(redirectUri).protocol === 'gatehouse:' && !deepLinks) throw noDeepLinks()
        return redirects.open(redirectUri)
      },
      ...steps,
    })

  return {
    createKeeper,
    door: new OAuthDoor({ callbacks, deepLinks }),
    takeDeepLink: async (text) => {
      const url = URL.canParse(text) ? new URL(text) : undefined
      return url !== undefined && isCallbackLink(url) ? await callbacks.take(url) : undefined
    },
    authorizations: {
      authorize: async (workspace, name, { open }) => {
        const start = await integrations().signIns.authorize(workspace, name)
        const url = start.authorization_url
        if (!open || url === null || openBrowser === undefined) return { ...start, opened: false }
        try {
          await openBrowser(url)
          return { ...start, opened: true }
        } catch (error) {
          log.warn({ err: error, integration: name }, 'the browser could not be opened')
          return { ...start, opened: false }
        }
      },
      cancel: (workspace, name) => integrations().signIns.cancel(workspace, name),
      disconnect: (workspace, name) => integrations().signIns.disconnect(workspace, name),
      diagnose: (workspace, name, signal = new AbortController().signal) => {
        // What can not be looked at at all is an error, not a step.
        const examined = integrations().signIns.examined(workspace, name)
        return diagnosis(examined)
        async function* diagnosis(options: typeof examined) {
          const { diagnose } = await import('./oauth/doctor.ts')
          const redirectUri = redirects.uriFor(options.target.settings)
          return yield* diagnose({ ...options, ...steps, redirectUri, redactor: log.redactor, signal })
        }
      },
    },
    close: () => redirects.close(),
  }
}

function noDeepLinks(): AppError {
  const message =
    'This gateway runs without its window, and the sign-in is set to come back to that by a link. Start Gatehouse with its window, or choose the loopback redirect in the OAuth settings.'
  return new AppError('invalid_input', { message, details: [{ path: 'auth.oauth.redirect', message }] })
}
