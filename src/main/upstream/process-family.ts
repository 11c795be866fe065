import type { ProcessFacts, ProcessTable } from './process-table.ts'

/** A process that is known to be ours, now and after a restart of the gateway. */
export type Member = Pick<ProcessFacts, 'pid' | 'born'>

interface FamilyOptions {
  /** The process that was started; on POSIX it leads a group and a session of the same number. */
  pid: number
  table: ProcessTable
  /** What an earlier look has found. */
  known?: readonly Member[]
  /** Its group is ours without further proof: we have started it ourselves, just now. */
  isOwn: boolean
}

/**
 * A process that we have started and all that came of it. Its group can be signalled as one; a descendant that left the
 * group is known only while its parents live, so whoever looks in time remembers it. A pid alone proves nothing, since
 * the system gives it to another process later: a member counts only as long as pid and birth are the same.
 */
export class ProcessFamily {
  readonly pid: number
  readonly #table: ProcessTable
  readonly #isOwn: boolean
  #known: readonly Member[]
  #living: readonly ProcessFacts[] = []
  /** A server may have started this gateway itself, in its own group: that is no reason to end ourselves. */
  #holdsUs = false

  constructor({ pid, table, known = [], isOwn }: FamilyOptions) {
    this.pid = pid
    this.#table = table
    this.#known = known
    this.#isOwn = isOwn
  }

  /** Everyone who was alive at the last look. */
  get members(): readonly Member[] {
    return this.#living.map(({ pid, born }) => ({ pid, born }))
  }

  /** Looks who is alive, remembers them, and tells. Rejects when the system does not tell. */
  async look(): Promise<readonly ProcessFacts[]> {
    const all = (await this.#table.read()).filter(({ isZombie }) => !isZombie)
    const us = all.find(({ pid }) => pid === process.pid)
    const alive = all.filter((one) => one !== us)
    this.#holdsUs = us?.group === this.pid
    const born = new Map(this.#known.map((member) => [member.pid, member.born]))
    const family = new Map(alive.flatMap((one) => (born.get(one.pid) === one.born ? [[one.pid, one]] : [])))
    if (this.#isOwn || isGroupOf(this.pid, [...family.values()])) {
      for (const one of alive) if (this.#isInGroup(one)) family.set(one.pid, one)
    }
    addDescendants(family, alive)
    this.#living = [...family.values()]
    this.#known = this.members
    return this.#living
  }

  /** False when there is nobody (any more). */
  signal(signal: NodeJS.Signals | 0): boolean {
    const isProven = this.#isOwn || isGroupOf(this.pid, this.#living)
    const hasGroup = process.platform !== 'win32' && isProven && !this.#holdsUs
    const reachedGroup = hasGroup && send(-this.pid, signal)
    const outside = this.#living.filter(({ group }) => !hasGroup || group !== this.pid)
    return outside.map(({ pid }) => send(pid, signal)).includes(true) || reachedGroup
  }

  #isInGroup({ pid, parent, group, session }: ProcessFacts): boolean {
    return group === this.pid || session === this.pid || (pid === this.pid && parent === process.pid)
  }
}

/** The system gives no process the number of a group that has members: one proven member proves the group. */
function isGroupOf(leader: number, proven: readonly ProcessFacts[]): boolean {
  return proven.some(({ group }) => group === leader)
}

/** Children of members, and theirs. A child is not older than its parent: else the parent's pid is a reused one. */
function addDescendants(family: Map<number, ProcessFacts>, alive: readonly ProcessFacts[]): void {
  const children = new Map<number, ProcessFacts[]>()
  for (const one of alive) children.set(one.parent, [...(children.get(one.parent) ?? []), one])
  for (const one of family.values()) {
    for (const child of children.get(one.pid) ?? []) {
      // A map that grows while it is walked shows what was added, so this reaches all generations.
      if (child.startedAtMs >= one.startedAtMs) family.set(child.pid, child)
    }
  }
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal)
    return true
  } catch (error) {
    // EPERM: one that became another user. It exists, but we can't end it, so there is no use in waiting for it.
    return (error as NodeJS.ErrnoException).code === 'EPERM' && signal !== 0
  }
}
