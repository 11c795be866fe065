import { AppError } from '../base/app-error.ts'
import { Redactor } from '../base/redact.ts'
import { stripControls } from './text-tail.ts'
import type { UpstreamSecrets } from './upstream.ts'

/** Tokens that the server may still repeat: older ones have ended long ago. */
const MOST_TOKENS = 8
/** One character can become nine: `•` is `%E2%80%A2` in a URL. */
const LONGEST_ESCAPE = 9

/**
 * Threat: a server that repeats the credential it was given, in the error that we show ("invalid key sk-…"). Whatever
 * words of a server go into an error pass here first.
 */
export class SecretFilter {
  readonly #redactor = new Redactor()
  #tokens: readonly string[] = []
  #longest: number

  constructor(secrets: UpstreamSecrets) {
    const values = [...Object.values(secrets.env), ...Object.values(secrets.headers)]
    this.#longest = Math.max(0, ...values.map(({ length }) => length))
    for (const value of Object.values(secrets.env)) {
      this.#redactor.register(value)
      // A key in PEM is many lines, and output is read line by line.
      for (const line of value.split(/\r?\n/)) this.#redactor.register(line.trim())
    }
    for (const value of Object.values(secrets.headers)) {
      for (const form of headerForms(value)) this.#redactor.register(form)
    }
  }

  /** No form of a secret is longer, however it is written: who cuts a text keeps so much more of it and cuts it after. */
  get reach(): number {
    return this.#longest * LONGEST_ESCAPE
  }

  /** A further `Authorization`, which is about to be sent. */
  learn(authorization: string): void {
    if (this.#tokens.includes(authorization)) return
    this.#longest = Math.max(this.#longest, authorization.length)
    for (const form of headerForms(authorization)) this.#redactor.register(form)
    const tokens = [...this.#tokens, authorization]
    for (const old of tokens.slice(0, -MOST_TOKENS)) for (const form of headerForms(old)) this.#redactor.forget(form)
    this.#tokens = tokens.slice(-MOST_TOKENS)
  }

  /** For words that are to be cut: a secret of which only a part is left is not found any more. */
  text(words: string): string {
    return this.#redactor.text(words)
  }

  /**
   * For words that are to be read by a person: without secrets and control sequences. A secret with a sequence within is
   * one only when that is taken out, and one that holds control characters is one only before.
   */
  readable(words: string): string {
    const clean = this.text(words)
    const plain = stripControls(clean)
    return plain === clean ? clean : this.text(plain)
  }

  /** What a server says of itself, without any of the secrets. */
  facts<Facts extends object>(facts: Facts): Facts {
    return this.#redactor.value(facts) as Facts
  }

  /** The same error without any of the secrets in its words. Errors of other kinds pass as they are. */
  error<Failure>(error: Failure): Failure | AppError {
    if (!(error instanceof AppError)) return error
    const message = this.#redactor.text(error.message)
    if (message === error.message) return error
    const details = error.details.map((detail) => ({ ...detail, message: this.#redactor.text(detail.message) }))
    return new AppError(error.code, { message, details, cause: error.cause })
  }
}

/** `Bearer <token>`: servers repeat the token alone as well. */
function headerForms(value: string): string[] {
  return [value, value.slice(value.indexOf(' ') + 1)]
}
