import type { App } from '../app-options.ts'
import type { Logger } from '../base/log.ts'
import { messageOf } from '../base/message-of.ts'
import { readDeepLink, withoutQuery } from './deep-link.ts'

interface DeepLinksOptions {
  core: Pick<App, 'takeDeepLink'>
  /** The workspace that has an integration of this name, of this workspace where one is given. */
  workspaceWith: (integration: string, workspace: string | undefined) => Promise<string | undefined>
  /** Brings the console forward, on an integration where there is one. */
  show: (integration?: { workspace: string; name: string }) => void
  /** Tells the person outside the window. */
  tell: (message: string) => void
  log: Logger
}

/** Follows the links that the system hands to the application. What means nothing is noted, and nothing comes of it. */
export class DeepLinks {
  readonly #options: DeepLinksOptions

  constructor(options: DeepLinksOptions) {
    this.#options = options
  }

  /** Never rejects: nobody waits for it. */
  async follow(text: string): Promise<void> {
    const { log } = this.#options
    const link = withoutQuery(text)
    try {
      const asked = readDeepLink(text)
      if (!asked) log.warn({ link }, 'a link that means nothing was ignored')
      else if (asked.kind === 'callback') await this.#finish(asked.url)
      else await this.#open(asked)
    } catch (error) {
      log.error({ err: error, link }, 'a link could not be followed')
      this.#options.show()
      this.#options.tell(messageOf(error))
    }
  }

  async #open({ name, workspace: wanted }: { name: string; workspace: string | undefined }): Promise<void> {
    const { workspaceWith, show, log } = this.#options
    const workspace = await workspaceWith(name, wanted)
    if (workspace === undefined)
      log.warn({ integration: name }, 'a link to an integration that is not here was ignored')
    else show({ workspace, name })
  }

  /** The console shows how it went where an integration is known; where none is, it can not, so that is told beside it. */
  async #finish(url: string): Promise<void> {
    const { core, show, tell, log } = this.#options
    const outcome = await core.takeDeepLink(url)
    if (!outcome) {
      log.warn({ link: withoutQuery(url) }, 'a link that means nothing was ignored')
      return
    }
    const { ok, integration, message } = outcome
    show(integration && { workspace: integration.workspace, name: integration.slug })
    if (!ok) {
      log.warn({ integration: integration?.slug }, 'a sign-in that came back by a link was refused')
      tell(message)
    }
  }
}
