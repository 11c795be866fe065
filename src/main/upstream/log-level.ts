import { LOG_LEVELS, type LogLevel, type Release } from './upstream.ts'

/** Tells the server of one connection. Must not reject. */
export type SetLogLevel = (level: LogLevel) => Promise<void>

/** Where nobody wants a level any more: there is no way to take one back, and most servers begin with this one. */
const USUAL: LogLevel = 'info'
/** A call that wants more is often followed by the next one. */
const LOWER_AFTER_MS = 1_000

/** From which level on somebody wants the log messages of one connection: its server is told the most verbose of all wishes. */
export class LogLevelWishes {
  readonly #wishes = new Set<{ level: LogLevel }>()
  #set: SetLogLevel | undefined
  /** What the server of this connection was told. */
  #told: LogLevel | undefined
  #isWorking = false
  #lowering: NodeJS.Timeout | undefined

  get isEmpty(): boolean {
    return this.#wishes.size === 0
  }

  want(level: LogLevel): Release {
    const wish = { level }
    this.#wishes.add(wish)
    void this.#reconcile()
    return () => {
      if (this.#wishes.delete(wish)) this.#lowering ??= setTimeout(() => this.#lower(), LOWER_AFTER_MS).unref()
    }
  }

  /** There is a new connection. */
  attach(set: SetLogLevel): void {
    this.#set = set
    this.#told = undefined
    void this.#reconcile()
  }

  detach(): void {
    this.#set = undefined
  }

  #lower(): void {
    this.#lowering = undefined
    void this.#reconcile()
  }

  /** One question at a time. The first is sent before this returns. */
  async #reconcile(): Promise<void> {
    if (this.#isWorking) return
    this.#isWorking = true
    for (let level = this.#wanted; this.#set && level !== undefined && level !== this.#told; level = this.#wanted) {
      this.#told = level
      await this.#set(level)
    }
    this.#isWorking = false
  }

  get #wanted(): LogLevel | undefined {
    const levels = new Set([...this.#wishes].map(({ level }) => level))
    // A server that was never told decides by itself.
    return LOG_LEVELS.find((level) => levels.has(level)) ?? (this.#told && USUAL)
  }
}
