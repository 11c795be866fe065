import { ProcessTable, type ProcessFacts } from '../../../src/main/upstream/process-table.ts'

/** A process that no machine has: signals to it reach nobody. */
export const NOBODY = 4_200_000

export function aProcess(facts: Partial<ProcessFacts> & { pid: number }): ProcessFacts {
  const { pid } = facts
  return {
    parent: 1,
    group: pid,
    session: pid,
    born: `born-${pid}`,
    startedAtMs: pid,
    memoryBytes: 1_000,
    cpuMs: 0,
    isZombie: false,
    ...facts,
  }
}

interface Machine {
  processes: ProcessFacts[]
  table: ProcessTable
}

/** A machine of a test's own: what it is told runs on it. */
export function aMachine(...processes: ProcessFacts[]): Machine {
  const machine: Machine = { processes, table: new ProcessTable(() => Promise.resolve(machine.processes)) }
  return machine
}
