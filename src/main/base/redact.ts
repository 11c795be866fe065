import { redactMembers } from './redact-members.ts'

/**
 * Threat: a secret that reaches a log line, by a field's name, inside an error's message, or encoded in a URL or an
 * Authorization header. Two nets: fields with a telling name lose their value, and every secret the vault has opened is
 * replaced wherever it stands, in clear, JSON-escaped, URL-encoded or in base64.
 */
const CENSORED = '[redacted]'
const SECRET_KEY =
  /^(.*[-_])?(authorization|cookie|password|passphrase|secret|token|credentials?|api[-_]?key|private[-_]?key)$|(Token|Secret|Password|Passphrase|ApiKey|PrivateKey)$/i
/** Shorter values are too common to replace by value. */
const MIN_SECRET_LENGTH = 8
const MAX_DEPTH = 8
/** Every sign-in has a code, and every test of a draft a token. */
const MOST_PASSING = 128

export class Redactor {
  /** Grows with the secrets that this process has seen, which the admin bounds; a forgotten one that still opens something would be a leak. */
  readonly #forms = new Set<string>()
  /** By secret, newest last. */
  readonly #passing = new Map<string, string[]>()
  #longestFirst: string[] | undefined

  /** From now on `secret` is replaced in every text that passes here. */
  register(secret: string): void {
    if (secret.length < MIN_SECRET_LENGTH) return
    for (const form of formsOf(secret)) this.#forms.add(form)
    this.#longestFirst = undefined
  }

  /**
   * The same for a secret that is worth nothing in a moment, or that whoever stores it registers: of those the newest are
   * known. What is registered for good is not touched by that, also where it is the same.
   */
  registerPassing(secret: string): void {
    if (secret.length < MIN_SECRET_LENGTH) return
    this.#passing.delete(secret)
    this.#passing.set(secret, formsOf(secret))
    const [oldest] = this.#passing.keys()
    if (this.#passing.size > MOST_PASSING && oldest !== undefined) this.#passing.delete(oldest)
    this.#longestFirst = undefined
  }

  /** For a random token that has stopped working: those of programs that come and go would add up. */
  forget(secret: string): void {
    for (const form of formsOf(secret)) this.#forms.delete(form)
    this.#longestFirst = undefined
  }

  /** `text` without any registered secret. */
  text(text: string): string {
    this.#longestFirst ??= [...new Set([...this.#forms, ...[...this.#passing.values()].flat()])].sort(
      (a, b) => b.length - a.length,
    )
    let clean = text
    for (const form of this.#longestFirst) if (clean.includes(form)) clean = clean.replaceAll(form, CENSORED)
    return clean
  }

  /** A copy of `value` to log: errors with their causes spelled out, telling keys censored, secrets replaced. */
  value(value: unknown): unknown {
    return this.#copy(value, 0)
  }

  /** JSON text, or the beginning of one, without the values of members with telling names. */
  members(json: string): string {
    return redactMembers(json, isSecretKey, CENSORED)
  }

  #copy(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.text(value)
    if (typeof value !== 'object' || value === null) return value
    if (depth >= MAX_DEPTH) return '[deeper]'
    if (value instanceof Error) return this.#copy(fieldsOf(value), depth)
    if (value instanceof Date || value instanceof URL) return this.text(value.toJSON())
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
    if (Array.isArray(value)) return value.map((item) => this.#copy(item, depth + 1))
    const copy: Record<string, unknown> = {}
    for (const [key, item] of Object.entries(value)) {
      copy[key] = isSecretKey(key) && item !== undefined && item !== null ? CENSORED : this.#copy(item, depth + 1)
    }
    return copy
  }
}

function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key)
}

function fieldsOf(error: Error): Record<string, unknown> {
  const { name, message, stack, cause } = error
  return { name, ...('code' in error && { code: error.code }), message, stack, ...(cause !== undefined && { cause }) }
}

function formsOf(secret: string): string[] {
  const plain = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), formEncoded(secret)]
  return [...plain, ...base64Forms(secret)]
}

function formEncoded(secret: string): string {
  return new URLSearchParams({ s: secret }).toString().slice(2)
}

/**
 * Inside a longer base64 text (`user:secret`) a secret looks different by where it starts modulo 3, so there are three
 * forms, each without the characters that it shares with its neighbours.
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '')
    const start = Math.ceil((before * 4) / 3)
    const core = encoded.slice(start, Math.floor(((before + bytes.length) * 8) / 6))
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')]
  })
}
