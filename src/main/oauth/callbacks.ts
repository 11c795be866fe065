import type { Logger } from '../base/log.ts'
import type { OAuthKeeper } from './keeper.ts'

/** What became of a sign-in when the browser came back. `message` is for the person in front of it. */
export interface CallbackOutcome {
  ok: boolean
  /** Left out: it is not known which sign-in this was. */
  integration?: { workspace: string; slug: string; title: string }
  message: string
}

interface OAuthCallbacksOptions {
  /** Of all integrations with auth type `oauth2`, in all workspaces. */
  keepers: () => Iterable<{
    integration: NonNullable<CallbackOutcome['integration']>
    keeper: Pick<OAuthKeeper, 'pending' | 'finish'>
  }>
  log: Logger
}

export class OAuthCallbacks {
  constructor(_options: OAuthCallbacksOptions) {
    throw new Error('begun')
  }

  /** `url` is the redirect URI as the browser asked for it, with its query. Never rejects. */
  take(_url: URL): Promise<CallbackOutcome> {
    throw new Error('begun')
  }
}
