import { unfit } from '../arguments/unfit-arguments.ts'

/** Of the connection, or of ours: no setting and no argument changes them (RFC 9110, 7.6.1). */
const CONNECTION = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
/** As OpenAPI has it these are no parameters (4.12.2.1); `Cookie` is made of the parameters in it. */
const NO_PARAMETERS = new Set(['accept', 'authorization', 'content-type', 'cookie'])

/** Headers of one request: each name once, and the first to set one keeps it. */
export class RequestHeaders {
  readonly #headers = new Map<string, [name: string, value: string]>()

  /** Of the integration, which an admin wrote. */
  setOwn(name: string, value: string): void {
    if (!CONNECTION.has(name.toLowerCase())) this.#set(name, value)
  }

  /** Of a tool. Threat: an argument that takes the place of a credential, or changes where the request ends. */
  setArgument(name: string, argument: string, value: string): void {
    const key = name.toLowerCase()
    if (CONNECTION.has(key) || NO_PARAMETERS.has(key) || key.startsWith('proxy-')) return
    this.#set(name, headerBytes(argument, value))
  }

  /** Unless it is set. */
  default(name: string, value: string): void {
    this.#set(name, value)
  }

  list(): [string, string][] {
    return [...this.#headers.values()]
  }

  #set(name: string, value: string): void {
    const key = name.toLowerCase()
    if (!this.#headers.has(key)) this.#headers.set(key, [name, value])
  }
}

/** Threat: a line break that begins another header. What is not ASCII goes as UTF-8, a character for each byte. */
export function headerBytes(argument: string, value: string): string {
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) {
    throw unfit(argument, 'goes into a header, so it can have no line breaks and no control characters.')
  }
  return /[^\x00-\x7f]/.test(value) ? Buffer.from(value).toString('latin1') : value
}
