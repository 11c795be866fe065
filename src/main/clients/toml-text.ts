interface Position {
  line: number
  column: number
}

/**
 * A text that is cut and added to by lines. Lines count from 1 as they were read: change later ones first. What is taken
 * out leaves neither two blank lines behind nor a line end where there was none.
 */
export class TomlText {
  /** Each with its line end. */
  readonly #lines: string[]
  readonly #eol: string
  /** Where each began when it was read. */
  readonly #starts: number[] = []

  constructor(text: string) {
    this.#lines = text.split(/(?<=\n)/)
    let start = 0
    for (const { length } of this.#lines) {
      this.#starts.push(start)
      start += length
    }
    this.#eol = text.includes('\r\n') ? '\r\n' : '\n'
  }

  offset({ line, column }: Position): number {
    return (this.#starts[line - 1] ?? 0) + column
  }

  replace(start: Position, end: Position, content: string): void {
    const head = this.#line(start.line).slice(0, start.column)
    const tail = this.#line(end.line).slice(end.column)
    this.#lines.splice(start.line - 1, end.line - start.line + 1, head + content + tail)
  }

  insertLinesAfter(line: number, added: readonly string[]): void {
    const before = this.#line(line)
    const ended = before.endsWith('\n')
    if (!ended) this.#lines[line - 1] = before + this.#eol
    const lines = added.map((text, index) => (ended || index < added.length - 1 ? text + this.#eol : text))
    this.#lines.splice(line, 0, ...lines)
  }

  removeLines(first: number, last: number): void {
    const endedFile = last >= this.#lines.length && !this.#line(last).endsWith('\n')
    this.#lines.splice(first - 1, last - first + 1)
    const before = this.#lines[first - 2]
    if (endedFile && before !== undefined) this.#lines[first - 2] = before.replace(/\r?\n$/, '')
  }

  /** Lines with the blank one above them, unless something follows right below. */
  removeBlock(first: number, last: number): void {
    const isBlank = (line: string | undefined) => line === undefined || line.trim() === ''
    const alone = first > 1 && isBlank(this.#lines[first - 2]) && isBlank(this.#lines[last])
    this.removeLines(alone ? first - 1 : first, last)
  }

  toString(): string {
    return this.#lines.join('')
  }

  #line(line: number): string {
    return this.#lines[line - 1] ?? ''
  }
}
