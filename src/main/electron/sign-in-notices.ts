import type { ChangeEvent } from '../../shared/contract/events.ts'
import type { Integration } from '../../shared/contract/integrations.ts'

type AuthorizationNeeded = Extract<ChangeEvent, { type: 'authorization_needed' }>

/** One message of the desktop. */
export interface Notice {
  title: string
  body: string
  /** What a click on it opens; undefined: the console as it is. */
  integration?: { workspace: string; name: string }
}

interface SignInNoticesOptions {
  /** Shows a message and gives a way to take it back. */
  show: (notice: Notice) => { close(): void }
  /** How the person knows the integration. */
  titleOf: (integration: { workspace: string; name: string }) => Promise<string>
}

interface Shown {
  notice: { close(): void }
  /** Undefined: it is about several. */
  reason: AuthorizationNeeded['reason'] | undefined
}

/** When an authorization server fails, all of its integrations end at once: they are one matter. */
const GATHER_MS = 1_000
const MAX_AT_ONCE = 3

const TITLES: Record<AuthorizationNeeded['reason'], (title: string) => string> = {
  ended: (title) => `Sign in to ${title}`,
  scope: (title) => `${title} asks for more access`,
  expires_soon: (title) => `The sign-in to ${title} ends soon`,
}

/** Tells a person outside the window that an integration waits for a sign-in: of each the newest message, and no flood of them. */
export class SignInNotices {
  readonly #options: SignInNoticesOptions
  readonly #gathered = new Map<string, { workspace: string; event: AuthorizationNeeded }>()
  readonly #shown = new Map<string, Shown>()
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: SignInNoticesOptions) {
    this.#options = options
  }

  needed(workspace: string, event: AuthorizationNeeded): void {
    this.#gathered.set(keyOf(workspace, event.integration), { workspace, event })
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.#showGathered()
    }, GATHER_MS)
  }

  /** Takes back what was said of an integration where that is mended. */
  changed(workspace: string, { name, oauth }: Pick<Integration, 'name' | 'oauth'>): void {
    const key = keyOf(workspace, name)
    const reason = this.#shown.get(key)?.reason
    const isMended =
      oauth?.state === 'signed_in' && (reason === 'ended' || (reason === 'scope' && oauth.missing_scopes.length === 0))
    if (isMended) this.removed(workspace, name)
  }

  removed(workspace: string, name: string): void {
    const key = keyOf(workspace, name)
    this.#shown.get(key)?.notice.close()
    this.#shown.delete(key)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    for (const { notice } of this.#shown.values()) notice.close()
    this.#shown.clear()
  }

  async #showGathered(): Promise<void> {
    const gathered = [...this.#gathered]
    this.#gathered.clear()
    if (gathered.length > MAX_AT_ONCE) {
      const title = `${gathered.length} integrations need you to sign in`
      this.#show('', { title, body: 'Open Gatehouse to see which.' }, undefined)
      return
    }
    for (const [key, { workspace, event }] of gathered) {
      const integration = { workspace, name: event.integration }
      const title = await this.#options.titleOf(integration).catch(() => event.integration)
      this.#show(key, { title: TITLES[event.reason](title), body: event.message, integration }, event.reason)
    }
  }

  #show(key: string, notice: Notice, reason: AuthorizationNeeded['reason'] | undefined): void {
    if (this.#closed) return
    this.#shown.get(key)?.notice.close()
    this.#shown.set(key, { notice: this.#options.show(notice), reason })
  }
}

const keyOf = (workspace: string, name: string) => `${workspace}/${name}`
