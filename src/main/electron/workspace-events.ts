import { createRouterClient } from '@orpc/server'
import type { ChangeEvent } from '../../shared/contract/events.ts'
import type { Integration } from '../../shared/contract/integrations.ts'
import { DEFAULT_WORKSPACE } from '../../shared/contract/words.ts'
import type { ApiRouter } from '../api/router.ts'
import type { Logger } from '../base/log.ts'

interface WorkspaceEventsOptions {
  router: ApiRouter
  hear: (workspace: string, event: ChangeEvent) => void
  log: Logger
}

/** The console's own operations for what the desktop shows beside the window, which is about every workspace. */
export class WorkspaceEvents {
  readonly #options: WorkspaceEventsOptions
  readonly #followed = new Map<string, AbortController>()
  #closed = false

  constructor(options: WorkspaceEventsOptions) {
    this.#options = options
  }

  /** Resolves once every workspace that is there is heard. */
  async start(): Promise<void> {
    // Before the list, so that a workspace which comes meanwhile is told of.
    await this.#follow(DEFAULT_WORKSPACE)
    const { items } = await this.#client(DEFAULT_WORKSPACE).workspaces.list()
    await Promise.all(items.map(({ name }) => this.#follow(name)))
  }

  close(): void {
    this.#closed = true
    for (const ending of this.#followed.values()) ending.abort()
  }

  /** Of each workspace, the default one first. */
  async integrations(): Promise<Map<string, readonly Integration[]>> {
    const names = [...this.#followed.keys()]
    const lists = await Promise.all(
      names.map(async (name) => {
        try {
          return (await this.#client(name).integrations.list()).items
        } catch {
          return [] // deleted meanwhile
        }
      }),
    )
    return new Map(names.map((name, index) => [name, lists[index] ?? []]))
  }

  async #follow(name: string): Promise<void> {
    if (this.#closed || this.#followed.has(name)) return
    const ending = new AbortController()
    this.#followed.set(name, ending)
    const events = await this.#client(name).system.stream(undefined, { signal: ending.signal })
    this.#read(name, events).catch((error: unknown) => {
      if (!ending.signal.aborted) this.#options.log.error({ err: error, workspace: name }, 'the desktop hears no more')
    })
  }

  async #read(workspace: string, events: AsyncIterable<ChangeEvent>): Promise<void> {
    for await (const event of events) {
      this.#keepUp(event)
      this.#options.hear(workspace, event)
    }
  }

  /** Every workspace is told which of them come and go. */
  #keepUp(event: ChangeEvent): void {
    const { log } = this.#options
    if (event.type === 'workspace_changed') {
      const { name } = event.workspace
      this.#follow(name).catch((error: unknown) =>
        log.error({ err: error, workspace: name }, 'a workspace is not heard'),
      )
    } else if (event.type === 'workspace_removed') {
      this.#followed.get(event.name)?.abort()
      this.#followed.delete(event.name)
    }
  }

  #client(workspace: string) {
    return createRouterClient(this.#options.router, { context: { workspace, actor: 'window' } })
  }
}
