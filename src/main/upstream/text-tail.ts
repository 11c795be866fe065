const ERROR_WORDS = /error|exception|fatal|panic|failed|cannot|denied|not found/i

/** The last bytes of an endless text, for error messages. */
export class TextTail {
  readonly #maxBytes: number
  #bytes = Buffer.alloc(0)
  #isCut = false

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  push(chunk: Buffer): void {
    const joined = Buffer.concat([this.#bytes, chunk.subarray(-this.#maxBytes)])
    this.#bytes = Buffer.from(joined.subarray(-this.#maxBytes))
    this.#isCut ||= joined.length > this.#maxBytes || chunk.length > this.#maxBytes
  }

  /** The last line that names an error, else the last line: a stack trace or a version often follows what matters. */
  tellingLine(): string {
    const lines = this.lines()
    return lines.findLast((line) => ERROR_WORDS.test(line) && !line.startsWith('at ')) ?? lines.at(-1) ?? ''
  }

  lines(): string[] {
    const lines = stripControls(this.#bytes.toString('utf8')).split('\n')
    // The first is the end of a longer one: of a secret in it only a part may be left, which no filter would find.
    if (this.#isCut && lines.length > 1) lines.shift()
    return lines.map((line) => line.trim()).filter((line) => line !== '')
  }
}

/** Text of a stranger on its way to a person: terminal sequences and control characters out, line breaks kept. */
export function stripControls(text: string): string {
  return text.replace(/\x1b\[[0-9;?]*[ -/]*[@-~]/g, '').replace(/[\x00-\x09\x0b-\x1f\x7f]/g, ' ')
}
