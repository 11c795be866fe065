import { createHash, randomBytes } from 'node:crypto'

/** Where a browser exchanges its code. */
export const CONSOLE_SESSION_PATH = '/api/v1/console/session'

const CODE_LIFETIME_MS = 60_000
const SESSION_LIFETIME_MS = 12 * 60 * 60 * 1_000
/** More browsers than one person has; the oldest gives way. */
const MAX_ENTRIES = 64

/**
 * Sign-in of the browser console. Threats: a code that was seen later (a terminal's scrollback, a screenshot) works once
 * and for a minute; a token that leaks from a browser ends with the process or after twelve hours. Both are 256 random
 * bits, kept as SHA-256 only, so that neither a lookup's timing nor a heap dump gives one away.
 */
export class ConsoleSessions {
  readonly #now: () => number
  readonly #codes = new Map<string, number>()
  readonly #tokens = new Map<string, number>()

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** A single-use code for the console's address. */
  createCode(): string {
    return this.#issue(this.#codes, CODE_LIFETIME_MS)
  }

  /** The session for a code; undefined where the code is unknown, used or too old. */
  exchange(code: string): { token: string; expiresAt: Date } | undefined {
    const key = digest(code)
    const valid = this.#isValid(this.#codes, key)
    this.#codes.delete(key)
    if (!valid) return undefined
    return {
      token: this.#issue(this.#tokens, SESSION_LIFETIME_MS),
      expiresAt: new Date(this.#now() + SESSION_LIFETIME_MS),
    }
  }

  verify(token: string): boolean {
    return this.#isValid(this.#tokens, digest(token))
  }

  #issue(entries: Map<string, number>, lifetimeMs: number): string {
    for (const [key, expiresAt] of entries) if (expiresAt <= this.#now()) entries.delete(key)
    const [oldest] = entries.keys()
    if (entries.size >= MAX_ENTRIES && oldest !== undefined) entries.delete(oldest)
    const secret = randomBytes(32).toString('base64url')
    entries.set(digest(secret), this.#now() + lifetimeMs)
    return secret
  }

  #isValid(entries: Map<string, number>, key: string): boolean {
    const expiresAt = entries.get(key)
    return expiresAt !== undefined && expiresAt > this.#now()
  }
}

function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('base64')
}
