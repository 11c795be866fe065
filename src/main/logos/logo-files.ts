import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** More integrations than anybody has; a disk is not filled with pictures. */
const MAX_FILES = 2_000
const SHA256 = /^[0-9a-f]{64}$/

/** The logos that are stored: one file each, its name the SHA-256 of its bytes, so that equal ones are one. */
export class LogoFiles {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Undefined for what is not there. Nothing but 64 hexadecimal digits ever becomes part of a path. */
  async read(name: string): Promise<Buffer<ArrayBuffer> | undefined> {
    if (!SHA256.test(name)) return undefined
    try {
      return await readFile(join(this.#folder, name))
    } catch {
      return undefined
    }
  }

  async list(): Promise<Set<string>> {
    return new Set((await this.#names()).filter((name) => SHA256.test(name)))
  }

  /** Answers its name. Written aside and renamed: what has that name is whole. */
  async add(bytes: Buffer): Promise<string> {
    const name = createHash('sha256').update(bytes).digest('hex')
    const names = await this.#names()
    if (names.includes(name)) return name
    if (names.length >= MAX_FILES) throw new Error(`There are ${MAX_FILES} logos already.`)
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const aside = join(this.#folder, `${randomUUID()}.tmp`)
    const file = await open(aside, 'wx', 0o600)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(aside, join(this.#folder, name))
    return name
  }

  /** Removes all others, also what a killed gateway has left half-written. */
  async keepOnly(used: ReadonlySet<string>): Promise<void> {
    const unused = (await this.#names()).filter((name) => !used.has(name))
    await Promise.all(unused.map((name) => rm(join(this.#folder, name), { force: true })))
  }

  async #names(): Promise<string[]> {
    try {
      return await readdir(this.#folder)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
  }
}
