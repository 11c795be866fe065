import { createHash, timingSafeEqual } from 'node:crypto'
import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/log.ts'
import { withoutQuery } from './callback-uri.ts'
import type { OAuthKeeper } from './keeper.ts'
import type { PendingAuthorization } from './records.ts'

/** What became of a sign-in when the browser came back. `message` is for the person in front of it. */
export interface CallbackOutcome {
  ok: boolean
  /** Left out: it is not known which sign-in this was. */
  integration?: { workspace: string; slug: string; title: string }
  message: string
}

interface Waiting {
  integration: NonNullable<CallbackOutcome['integration']>
  keeper: Pick<OAuthKeeper, 'pending' | 'finish'>
}

interface OAuthCallbacksOptions {
  /** Of all integrations with auth type `oauth2`, in all workspaces. */
  keepers: () => Iterable<Waiting>
  log: Logger
}

const UNKNOWN =
  'This sign-in is not known. It was used already, has taken too long, or was not begun here. Look in Gatehouse, and start it again if it is still needed.'
const LOCKED = 'The vault of Gatehouse is locked. Unlock it, then load this page again.'

/**
 * Takes browsers back that were sent to sign in. Threat: an answer that nobody asked for, made by another program or
 * web page, of another server, for another person, or seen before. So it counts only with the `state` of a sign-in that
 * waits, once, within its ten minutes, at the very address that was agreed; issuer and code are then checked by the
 * exchange. Nothing of the answer is shown or logged.
 */
export class OAuthCallbacks {
  readonly #options: OAuthCallbacksOptions

  constructor(options: OAuthCallbacksOptions) {
    this.#options = options
  }

  /** `url` is the redirect URI as the browser asked for it, with its query. Never rejects. */
  async take(url: URL): Promise<CallbackOutcome> {
    const { log } = this.#options
    const states = url.searchParams.getAll('state')
    const [state] = states
    // No parameter may be there twice (RFC 6749, 3.1).
    const { found, locked } = this.#find(states.length === 1 ? state : undefined)
    if (found === undefined) {
      log.warn({ redirect_uri: withoutQuery(url) }, 'a browser came back for a sign-in that does not wait')
      return { ok: false, message: locked ? LOCKED : UNKNOWN }
    }
    const { integration, keeper, pending } = found
    const about = { integration: integration.slug, redirect_uri: withoutQuery(url) }
    if (withoutQuery(url) !== pending.redirectUri) {
      log.warn(about, 'a browser came back to another address than was agreed')
      const message = `The sign-in to ${integration.title} came back to another address than was agreed, so it was refused. Start it again in Gatehouse.`
      return { ok: false, integration, message }
    }
    try {
      await keeper.finish(url.searchParams)
    } catch (error) {
      log.warn({ ...about, err: error }, 'a sign-in was not finished')
      return { ok: false, integration, message: wordsOf(error) }
    }
    log.info(about, 'signed in')
    return { ok: true, integration, message: `Signed in to ${integration.title}.` }
  }

  /** Compares with all of them, so that the time it takes tells nothing. */
  #find(state: string | undefined) {
    let found: (Waiting & { pending: PendingAuthorization }) | undefined
    let locked = false
    const wanted = digestOf(state ?? '')
    for (const waiting of this.#options.keepers()) {
      try {
        const { pending } = waiting.keeper
        if (pending === undefined) continue
        if (timingSafeEqual(digestOf(pending.state), wanted)) found = { ...waiting, pending }
      } catch (error) {
        locked = true
        if (error instanceof AppError && error.code === 'vault_locked') continue
        this.#options.log.error({ err: error }, 'a sign-in that waits could not be read')
      }
    }
    return { found, locked }
  }
}

function digestOf(state: string): Buffer {
  return createHash('sha256').update(state).digest()
}

function wordsOf(error: unknown): string {
  return error instanceof AppError ? error.message : 'Gatehouse could not finish this sign-in. Its log has the details.'
}
