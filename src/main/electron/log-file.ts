import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'

const MAX_BYTES = 5 * 1024 * 1024

/** A log that can't fill the disk: at its limit the file becomes `….1` in place of the one before. */
export class LogFile {
  readonly #path: string
  readonly #maxBytes: number
  #descriptor: number
  #size: number

  constructor(path: string, maxBytes = MAX_BYTES) {
    this.#path = path
    this.#maxBytes = maxBytes
    this.#descriptor = openSync(path, 'a', 0o600)
    this.#size = fstatSync(this.#descriptor).size
  }

  write(line: string): void {
    const bytes = Buffer.from(line)
    if (this.#size > 0 && this.#size + bytes.length > this.#maxBytes) this.#turnOver()
    try {
      this.#size += writeSync(this.#descriptor, bytes)
    } catch {
      // A full disk costs log lines, never the call that was to be logged.
    }
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  #turnOver(): void {
    closeSync(this.#descriptor)
    renameSync(this.#path, `${this.#path}.1`)
    this.#descriptor = openSync(this.#path, 'a', 0o600)
    this.#size = 0
  }
}
