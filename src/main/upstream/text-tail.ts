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

/** Sequences that move the cursor, colour, set the title or ring (ECMA-48: CSI; OSC, DCS and the like up to their end). */
const TERMINAL_SEQUENCES = /\x1b\[[0-9;:?<=>]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]/g

/** Text of a stranger on its way to a person: terminal sequences and control characters out, line breaks kept. */
export function stripControls(text: string): string {
  return text.replace(TERMINAL_SEQUENCES, '').replace(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/g, ' ')
}
