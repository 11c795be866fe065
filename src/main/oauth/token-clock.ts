import type { OAuthGrant } from './records.ts'

/** So long before its end a token is not used any more: it has to arrive, and clocks differ. Of a short life it is a tenth. */
const MAX_MARGIN_MS = 30_000
const MARGIN_SHARE = 0.1
/** When a token is renewed, as a share of its life, and how far either way: those that came together should not go together. */
const RENEWAL_SHARE = 0.8
const RENEWAL_JITTER = 0.1
/** A shorter life is renewed when somebody needs a token: by the clock it would be renewed all the time, for nobody. */
const MIN_RENEWED_LIFE_MS = 60_000
const MAX_WARNING_MS = 24 * 60 * 60 * 1000
const WARNING_SHARE = 0.2
/** A clock that was set back by more says nothing about the age of a token. */
const MAX_SET_BACK_MS = 60_000
/** Timers stand still while the machine sleeps, so a long one looks at the clock this often. */
const LONGEST_SLEEP_MS = 15 * 60 * 1000

/** What has to be done about a grant, and when, in milliseconds since 1970. */
export interface Due {
  what: 'renew' | 'warn' | 'end'
  at: number
}

/** Whether a request that is sent now may carry its token. One that is not renewed is used until its very end. */
export function isUsable(grant: OAuthGrant, now: number, { renews }: { renews: boolean }): boolean {
  if (grant.ended !== undefined) return false
  const life = lifeOf(grant)
  if (life === undefined) return true
  if (!renews) return now < life.end
  return now >= life.begin - MAX_SET_BACK_MS && now < life.end - Math.min(MAX_MARGIN_MS, life.ms * MARGIN_SHARE)
}

/** Undefined: nothing by the clock; its server did not say how long it lasts, or it is short. `random` is from 0 to 1. */
export function dueOf(grant: OAuthGrant, random: number, { renews }: { renews: boolean }): Due | undefined {
  const life = lifeOf(grant)
  if (grant.ended !== undefined || life === undefined) return undefined
  if (renews) {
    if (life.ms < MIN_RENEWED_LIFE_MS) return undefined
    const share = RENEWAL_SHARE * (1 + RENEWAL_JITTER * (2 * random - 1))
    return { what: 'renew', at: life.begin + life.ms * share }
  }
  if (grant.warned === true) return { what: 'end', at: life.end }
  return { what: 'warn', at: life.end - Math.min(MAX_WARNING_MS, life.ms * WARNING_SHARE) }
}

function lifeOf({ obtainedAt, expiresAt }: OAuthGrant): { begin: number; end: number; ms: number } | undefined {
  if (expiresAt === undefined) return undefined
  const [begin, end] = [Date.parse(obtainedAt), Date.parse(expiresAt)]
  return { begin, end, ms: Math.max(0, end - begin) }
}

/** Does one thing at a time of the wall clock, also when the machine slept meanwhile or the time is weeks away. */
export class WallTimer {
  readonly #now: () => number
  #timer: NodeJS.Timeout | undefined

  constructor(now: () => number) {
    this.#now = now
  }

  /** In place of what was set before. `at` is in milliseconds since 1970. */
  set(at: number, action: () => void): void {
    clearTimeout(this.#timer)
    const wait = at - this.#now()
    const step = () => (this.#now() >= at ? action() : this.set(at, action))
    this.#timer = setTimeout(step, Math.min(Math.max(0, wait), LONGEST_SLEEP_MS)).unref()
  }

  clear(): void {
    clearTimeout(this.#timer)
  }
}
