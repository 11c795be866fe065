import { readFileSync, rmSync, statSync } from 'node:fs'
import { z } from 'zod'
import { writeWholeFile } from '../base/whole-file.ts'

/** More than any machine runs; a larger file is not one of ours. */
const MAX_FAMILIES = 2_000
const MAX_MEMBERS = 200
const MAX_BYTES = 16 * 1024 * 1024

const Pid = z.int().min(2).max(0xffff_ffff)
const Member = z.strictObject({ pid: Pid, born: z.string().min(1).max(100) })
const RememberedFamily = z.strictObject({
  pid: Pid,
  /** For people who look into the file; without arguments, which may hold what is nobody's business. */
  command: z.string().max(1_000),
  members: z.array(Member).max(MAX_MEMBERS),
})
export type RememberedFamily = z.infer<typeof RememberedFamily>
const Content = z.strictObject({ version: z.literal(1), families: z.array(RememberedFamily).max(MAX_FAMILIES) })

/** The processes that run for this gateway, on disk: a gateway that was killed could not end them, the next one can. */
export class ChildrenFile {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /** Empty where there is none, or one that can't be trusted to the last letter: then nothing is ended. */
  read(): RememberedFamily[] {
    try {
      if (statSync(this.#path).size > MAX_BYTES) return []
      return Content.parse(JSON.parse(readFileSync(this.#path, 'utf8'))).families
    } catch {
      return []
    }
  }

  /** Throws what the file system says. */
  write(families: readonly RememberedFamily[]): void {
    if (families.length === 0) {
      rmSync(this.#path, { force: true })
      return
    }
    const kept = families.slice(-MAX_FAMILIES).map(({ pid, command, members }) => ({
      pid,
      command: command.slice(0, 1_000),
      members: members.slice(0, MAX_MEMBERS),
    }))
    writeWholeFile(this.#path, `${JSON.stringify({ version: 1, families: kept })}\n`)
  }
}
