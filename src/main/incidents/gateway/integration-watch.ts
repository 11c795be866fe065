import type { Integration } from '../../../shared/contract/integrations.ts'
import type { EventInput } from '../../../shared/contract/incidents.ts'
import { BAD_STATES, brokenEvent, mendedEvent, STATE_KEY, type BadState } from './integration-text.ts'

interface IntegrationWatchOptions {
  name: string
  /** State that an incident of an earlier run tells of; undefined: none is open. */
  told: BadState | undefined
  delayMs: number
  /** Rejects when it could not be taken. */
  tell: (event: EventInput) => Promise<unknown>
  /** It is gone, and nothing of it is open any more. */
  over: () => void
}

type State = Integration['connection']['state'] | 'removed'

/** Of these nobody can say whether it works. */
const UNDECIDED: readonly State[] = ['connecting', 'locked']

/**
 * One integration: tells when it has been broken for a while, worse, and mended, each once. A try to connect in between is
 * neither of it, so one that fails again and again is broken all the time.
 */
export class IntegrationWatch {
  readonly #options: IntegrationWatchOptions
  #latest: Integration | undefined
  #state: State = 'connecting'
  /** The last one in which it was broken. */
  #bad: BadState | undefined
  /** What is told of it; undefined: that it works. */
  #told: BadState | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(options: IntegrationWatchOptions) {
    this.#options = options
    this.#told = options.told
  }

  seen(integration: Integration): void {
    this.#latest = integration
    this.#state = integration.status === 'disabled' ? 'disabled' : integration.connection.state
    this.#judge()
  }

  removed(): void {
    this.#state = 'removed'
    this.#judge()
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #judge(): void {
    const state = this.#state
    if (UNDECIDED.includes(state)) return
    if (!isBad(state)) {
      this.#bad = undefined
      this.#stopWaiting()
      if (this.#told !== undefined) this.#tell(undefined)
      else if (state === 'removed') this.#options.over()
      return
    }
    this.#bad = state
    if (this.#told === undefined) this.#wait(() => this.#tell(this.#bad))
    else if (BAD_STATES[this.#told] !== BAD_STATES[state]) this.#tell(state)
  }

  #tell(state: BadState | undefined): void {
    const before = this.#told
    this.#told = state
    this.#send(state).then(
      () => {
        if (this.#state === 'removed' && this.#told === undefined) this.#options.over()
      },
      () => {
        // Told again later, as it is then.
        this.#told = before
        this.#wait(() => this.#judge())
      },
    )
  }

  async #send(state: BadState | undefined): Promise<void> {
    const { name, tell } = this.#options
    if (state === undefined) await tell(mendedEvent(name, STATE_KEY, REASONS[this.#state] ?? 'It works again.'))
    else if (this.#latest !== undefined) await tell(brokenEvent(this.#latest, state))
  }

  #wait(then: () => void): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      then()
    }, this.#options.delayMs).unref()
  }

  #stopWaiting(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

const REASONS: Partial<Record<State, string>> = {
  disabled: 'It was disabled.',
  removed: 'It was removed.',
  needs_setup: 'It is not set up any more.',
}

function isBad(state: State): state is BadState {
  return Object.hasOwn(BAD_STATES, state)
}
