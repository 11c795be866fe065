import { DEFAULT_WORKSPACE } from '../../../shared/contract/words.ts'
import type { ChangeEvent } from '../../../shared/contract/events.ts'
import type { Integration } from '../../../shared/contract/integrations.ts'
import type { Emitter } from '../../base/emitter.ts'
import type { Logger } from '../../base/log.ts'
import type { IncidentsStore } from '../../store/incidents-store.ts'
import type { IncidentsService } from '../service.ts'
import { WorkspaceWatch } from './workspace-watch.ts'

interface GatewayEventsOptions {
  incidents: Pick<IncidentsService, 'tell'>
  store: Pick<IncidentsStore, 'withKeyPrefix'>
  emitter: Pick<Emitter, 'subscribe'>
  workspaces: () => readonly string[]
  integrations: (workspace: string) => readonly Integration[]
  log: Pick<Logger, 'warn'>
  /** How long an integration has to be broken. */
  delayMs?: number
  now?: () => number
}

const DELAY_MS = 60_000

/** The gateway's own events: integrations that stay broken, sign-ins that are needed, tools that are described otherwise. */
export class GatewayEvents {
  readonly #options: GatewayEventsOptions
  readonly #ending = new AbortController()
  readonly #watches = new Map<string, { watch: WorkspaceWatch; ending: AbortController }>()

  constructor(options: GatewayEventsOptions) {
    this.#options = options
  }

  /** To be called once the integrations are loaded. Resolves when every workspace is watched. */
  async start(): Promise<void> {
    await Promise.all(this.#options.workspaces().map((workspace) => this.#follow(workspace)))
  }

  close(): void {
    this.#ending.abort()
    for (const workspace of [...this.#watches.keys()]) this.#leave(workspace)
  }

  async #follow(workspace: string): Promise<void> {
    if (this.#watches.has(workspace) || this.#ending.signal.aborted) return
    const { incidents, store, emitter, integrations, log, delayMs = DELAY_MS, now = Date.now } = this.#options
    const failed = (error: unknown) => log.warn({ error, workspace }, 'an event of the gateway was not taken')
    const watch = new WorkspaceWatch({
      delayMs,
      now,
      integrations: () => integrations(workspace),
      open: async (prefix) => {
        const found = await store.withKeyPrefix(workspace, prefix)
        return [...found].map(([dedupe_key, incident]) => ({ ...incident, dedupe_key }))
      },
      tell: (toldBy, input) => incidents.tell(workspace, [{ input, origin: 'gateway', toldBy }]),
      failed,
    })
    const ending = new AbortController()
    this.#watches.set(workspace, { watch, ending })
    // What changes while the open incidents are read waits in the queue of the reader.
    const events = emitter.subscribe(workspace, ending.signal)
    try {
      await watch.start()
    } catch (error) {
      failed(error)
    }
    void this.#read(workspace, watch, events)
  }

  async #read(workspace: string, watch: WorkspaceWatch, events: AsyncIterable<ChangeEvent>): Promise<void> {
    for await (const event of events) {
      watch.hear(event)
      // Every workspace is told which of them come and go.
      if (workspace === DEFAULT_WORKSPACE && event.type === 'workspace_changed') void this.#follow(event.workspace.name)
      else if (event.type === 'workspace_removed') this.#leave(event.name)
    }
  }

  #leave(workspace: string): void {
    const left = this.#watches.get(workspace)
    this.#watches.delete(workspace)
    left?.ending.abort()
    left?.watch.close()
  }
}
