import type { ChangeEvent } from '../../../shared/contract/events.ts'
import type { EventInput, Incident } from '../../../shared/contract/incidents.ts'
import type { Integration } from '../../../shared/contract/integrations.ts'
import {
  BAD_STATES,
  mendedEvent,
  SIGN_IN_KEY,
  signInEvent,
  STATE_KEY,
  toolsEvent,
  type BadState,
} from './integration-text.ts'
import { IntegrationWatch } from './integration-watch.ts'

export interface WorkspaceWatchOptions {
  delayMs: number
  integrations: () => readonly Integration[]
  /** Open incidents whose key begins with the prefix. */
  open: (prefix: string) => Promise<readonly Pick<Incident, 'dedupe_key' | 'labels' | 'opened_at'>[]>
  /** `by`: the integration that it is about. */
  tell: (by: string, event: EventInput) => Promise<unknown>
  failed: (error: unknown) => void
  now: () => number
}

/** What happens to the integrations of one workspace, as events. */
export class WorkspaceWatch {
  readonly #options: WorkspaceWatchOptions
  readonly #watches = new Map<string, IntegrationWatch>()
  /** Sign-ins that a person was told of, and when, in milliseconds since 1970. */
  readonly #signIns = new Map<string, number>()

  constructor(options: WorkspaceWatchOptions) {
    this.#options = options
  }

  /** Takes up what an earlier run told of, and looks at how things are. */
  async start(): Promise<void> {
    const { open } = this.#options
    for (const incident of await open(STATE_KEY)) {
      const name = incident.dedupe_key.slice(STATE_KEY.length)
      if (!this.#watches.has(name)) this.#watch(name, stateOf(incident))
    }
    for (const { dedupe_key, opened_at } of await open(SIGN_IN_KEY)) {
      this.#signIns.set(dedupe_key.slice(SIGN_IN_KEY.length), Date.parse(opened_at))
    }
    this.#lookAtAll()
  }

  hear(event: ChangeEvent): void {
    if (event.type === 'integration_changed') this.#seen(event.integration)
    else if (event.type === 'integration_removed') this.#removed(event.name)
    else if (event.type === 'resync') this.#lookAtAll()
    else if (event.type === 'tool_definition_changed') {
      const { integration, names, count, held } = event
      this.#tell(integration, toolsEvent(integration, names, count, held))
    } else if (event.type === 'authorization_needed' && event.reason !== 'ended') {
      // One that has ended shows in the state of the connection.
      this.#signIns.set(event.integration, this.#options.now())
      this.#tell(event.integration, signInEvent(event.integration, event.reason, event.message))
    }
  }

  close(): void {
    for (const watch of this.#watches.values()) watch.close()
    this.#watches.clear()
  }

  #lookAtAll(): void {
    const present = this.#options.integrations()
    for (const integration of present) this.#seen(integration)
    const names = new Set(present.map(({ name }) => name))
    for (const name of [...this.#watches.keys(), ...this.#signIns.keys()]) if (!names.has(name)) this.#removed(name)
  }

  #seen(integration: Integration): void {
    const { name, oauth, status } = integration
    const watch = this.#watches.get(name) ?? this.#watch(name, undefined)
    watch.seen(integration)
    const since = this.#signIns.get(name)
    if (since === undefined) return
    const isSignedIn = oauth?.signed_in_at !== null && Date.parse(oauth?.signed_in_at ?? '') > since
    if (isSignedIn) this.#signedIn(name, 'Somebody signed in.')
    else if (oauth === null || status === 'disabled') this.#signedIn(name, 'It is not needed any more.')
  }

  #removed(name: string): void {
    this.#watches.get(name)?.removed()
    if (this.#signIns.has(name)) this.#signedIn(name, 'It was removed.')
  }

  #signedIn(name: string, because: string): void {
    this.#signIns.delete(name)
    this.#tell(name, mendedEvent(name, SIGN_IN_KEY, because))
  }

  #watch(name: string, told: BadState | undefined): IntegrationWatch {
    const { delayMs, tell, failed } = this.#options
    const watch = new IntegrationWatch({
      name,
      told,
      delayMs,
      tell: async (event) => {
        try {
          await tell(name, event)
        } catch (error) {
          failed(error)
          throw error
        }
      },
      over: () => {
        if (this.#watches.get(name) === watch) this.#watches.delete(name)
      },
    })
    this.#watches.set(name, watch)
    return watch
  }

  #tell(name: string, event: EventInput): void {
    this.#options.tell(name, event).catch(this.#options.failed)
  }
}

/** What an earlier run told of it. */
function stateOf({ labels }: Pick<Incident, 'labels'>): BadState {
  const states = Object.keys(BAD_STATES) as BadState[]
  return states.find((state) => state === labels.state) ?? 'error'
}
