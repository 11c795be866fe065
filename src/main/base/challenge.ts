/** One challenge of `WWW-Authenticate` (RFC 9110, 11.6.1). */
export interface Challenge {
  /** In small letters. */
  scheme: string
  /** By their names in small letters; the first of each. */
  parameters: ReadonlyMap<string, string>
  token68?: string
}

const MAX_LENGTH = 16_384

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y
const TOKEN68 = /[A-Za-z0-9\-._~+/]+=*(?=[ \t]*(?:,|$))/y
const QUOTED = /"((?:[^"\\]|\\[^])*)"/y
/** More than a token: addresses are met without quotes. */
const UNQUOTED = /[^\s,"]+/y
const EQUALS = /[ \t]*=[ \t]*/y
const SPACES = /[ \t]+/y
const COMMAS = /[ \t,]+/y

/**
 * The challenges of a header, or of several with commas between. A comma stands between challenges as well as between
 * the parameters of one: what is followed by `=` is a parameter. Where it can not be read further, those before count.
 */
export function challengesOf(header: string | null | undefined): Challenge[] {
  const found: Challenge[] = []
  if (header === null || header === undefined || header.length > MAX_LENGTH) return found
  const reader = new Reader(header)
  let parameters: Map<string, string> | undefined
  for (reader.take(COMMAS); !reader.isAtEnd; reader.take(COMMAS)) {
    const name = reader.take(TOKEN)?.toLowerCase()
    if (name === undefined) break
    if (reader.take(EQUALS) !== undefined) {
      const value = reader.value()
      if (parameters === undefined || value === undefined) break
      if (!parameters.has(name)) parameters.set(name, value)
      continue
    }
    parameters = new Map()
    const challenge: Challenge = { scheme: name, parameters }
    found.push(challenge)
    if (reader.take(SPACES) === undefined) continue
    const token68 = reader.take(TOKEN68)
    if (token68 !== undefined) challenge.token68 = token68
  }
  return found
}

/** What a challenge says about signing in (RFC 6750, 3; RFC 9728, 5.1). */
export interface SignInChallenge {
  /** Where the metadata of the protected resource is. As it was written: it may be anything. */
  resourceMetadata: string | undefined
  /** The scopes that are wanted. */
  scopes: string[] | undefined
  error: string | undefined
}

/** Of the challenge for bearer tokens; else of the first with `resource_metadata`. Undefined: there is neither. */
export function signInChallenge(header: string | null | undefined): SignInChallenge | undefined {
  const challenges = challengesOf(header)
  const bearers = challenges.filter(({ scheme }) => scheme === 'bearer')
  const hasMetadata = ({ parameters }: Challenge) => parameters.has('resource_metadata')
  const chosen = bearers.find(hasMetadata) ?? challenges.find(hasMetadata) ?? bearers[0]
  if (chosen === undefined) return undefined
  const { parameters } = chosen
  const scopes = parameters.get('scope')?.split(' ').filter(Boolean)
  return {
    resourceMetadata: parameters.get('resource_metadata'),
    scopes: scopes === undefined || scopes.length === 0 ? undefined : scopes,
    error: parameters.get('error'),
  }
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length
  }

  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match === null) return undefined
    this.#at = pattern.lastIndex
    return match[0]
  }

  value(): string | undefined {
    const quoted = this.take(QUOTED)
    return quoted === undefined ? this.take(UNQUOTED) : quoted.slice(1, -1).replace(/\\([^])/g, '$1')
  }
}
