/**
 * One definition in a server's list: a slice of the list's JSON text. It is parsed each time somebody reads more than its
 * key: parsed it takes several times the room, and of 100,000 tools nearly all are only passed on.
 */
export class ListedItem {
  /** What it is asked for by: `name` of a tool or prompt, `uri` of a resource, `uriTemplate` of a template. Unique in its list. */
  readonly key: string
  readonly #list: Buffer
  readonly #start: number
  readonly #end: number

  /** `list`: JSON text in which the definition stands from `start` to before `end`. */
  constructor(key: string, list: Buffer, start: number, end: number) {
    this.key = key
    this.#list = list
    this.#start = start
    this.#end = end
  }

  /** JSON text of the definition, byte for byte: unknown fields survive. Shared with the list: not to be written to. */
  get bytes(): Buffer {
    return this.#list.subarray(this.#start, this.#end)
  }

  get text(): string {
    return this.#list.toString('utf8', this.#start, this.#end)
  }

  /** Parsed anew at each reading: to act on, not to send. */
  get definition(): Record<string, unknown> {
    return JSON.parse(this.text) as Record<string, unknown>
  }
}
