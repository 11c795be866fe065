import { readdirSync, readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { ProcessFacts } from './process-table.ts'

/** So many files are read in one turn of the event loop: a few milliseconds, however many processes there are. */
const FILES_A_TURN = 200
const AT_PAGE_SIZE = 6n
const AT_CLOCK_TICKS = 17n

/** What the kernel counts in. */
export interface KernelUnits {
  bootId: string
  bootedAtMs: number
  pageBytes: number
  ticksPerSecond: number
}

/** Every process from /proc. One that ends meanwhile is left out. */
export async function readProc(): Promise<ProcessFacts[]> {
  const units = readUnits()
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const found: ProcessFacts[] = []
  for (const [index, pid] of pids.entries()) {
    if (index % FILES_A_TURN === FILES_A_TURN - 1) await setImmediate()
    const facts = parseStat(readOrEmpty(`/proc/${pid}/stat`), units)
    if (facts) found.push(facts)
  }
  return found
}

/** One line of /proc/PID/stat (proc_pid_stat(5)). The name in it may hold spaces and parentheses. */
export function parseStat(stat: string, units: KernelUnits): ProcessFacts | undefined {
  const nameEnd = stat.lastIndexOf(')')
  if (nameEnd === -1) return undefined
  const fields = stat.slice(nameEnd + 2).split(' ')
  // The first of these fields is number 3 of the manual.
  const number = (field: number) => Number(fields[field - 3])
  const ms = (ticks: number) => (ticks * 1000) / units.ticksPerSecond
  const facts = {
    pid: Number.parseInt(stat, 10),
    parent: number(4),
    group: number(5),
    session: number(6),
    born: `${units.bootId}/${fields[22 - 3]}`,
    startedAtMs: units.bootedAtMs + ms(number(22)),
    memoryBytes: number(24) * units.pageBytes,
    cpuMs: ms(number(14) + number(15)),
    isZombie: fields[0] === 'Z' || fields[0] === 'X',
  }
  return Object.values(facts).some((value) => Number.isNaN(value)) ? undefined : facts
}

function readUnits(): KernelUnits {
  const booted = /^btime (\d+)$/m.exec(readOrEmpty('/proc/stat'))?.[1]
  const auxiliary = readAuxiliary()
  return {
    bootId: readOrEmpty('/proc/sys/kernel/random/boot_id').trim(),
    bootedAtMs: Number(booted ?? 0) * 1000,
    pageBytes: Number(auxiliary.get(AT_PAGE_SIZE) ?? 4096n),
    ticksPerSecond: Number(auxiliary.get(AT_CLOCK_TICKS) ?? 100n),
  }
}

/** What the kernel told this process at its start (getauxval(3)): pairs of a key and a value, each 64 bits wide. */
function readAuxiliary(): Map<bigint, bigint> {
  const found = new Map<bigint, bigint>()
  try {
    const bytes = readFileSync('/proc/self/auxv')
    for (let at = 0; at + 16 <= bytes.length; at += 16)
      found.set(bytes.readBigUInt64LE(at), bytes.readBigUInt64LE(at + 8))
  } catch {
    // A hardened kernel keeps it: the usual values stand in, as they do where a pair is narrower.
  }
  return found
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
