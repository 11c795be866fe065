import { expect, it } from 'vitest'
import { ProcessFamily } from '../../../src/main/upstream/process-family.ts'
import { ProcessTable } from '../../../src/main/upstream/process-table.ts'
import { UsageMeter } from '../../../src/main/upstream/process-usage.ts'
import { aMachine, aProcess, NOBODY } from './process-fixture.ts'

const startedAt = new Date('2026-01-01T00:00:00.000Z')

function meterOf(machine: { table: ProcessTable }) {
  const clock = { now: 1_000 }
  const family = new ProcessFamily({ pid: NOBODY, table: machine.table, isOwn: true })
  return { clock, meter: new UsageMeter(family, startedAt, () => clock.now) }
}

it('adds up the whole tree; CPU is what was spent since the former question, also by who came after it', async () => {
  const machine = aMachine(
    aProcess({ pid: NOBODY, parent: process.pid, cpuMs: 250 }),
    aProcess({ pid: NOBODY + 1, parent: NOBODY, cpuMs: 250, memoryBytes: 2_000 }),
  )
  const { clock, meter } = meterOf(machine)
  clock.now = 2_000
  expect(await meter.measure()).toEqual({
    pid: NOBODY,
    started_at: startedAt.toISOString(),
    process_count: 2,
    memory_bytes: 3_000,
    cpu_percent: 50,
  })
  machine.processes = [
    aProcess({ pid: NOBODY, parent: process.pid, cpuMs: 1_250 }),
    aProcess({ pid: NOBODY + 2, parent: NOBODY, cpuMs: 500 }),
  ]
  clock.now = 3_000
  expect(await meter.measure()).toMatchObject({ process_count: 2, cpu_percent: 150 })
})

it('questions at the same time, and close to each other, are one measurement', async () => {
  let readings = 0
  const table = new ProcessTable(() => {
    readings++
    return Promise.resolve([aProcess({ pid: NOBODY, parent: process.pid })])
  })
  const { clock, meter } = meterOf({ table })
  clock.now = 2_000
  const answers = await Promise.all([meter.measure(), meter.measure(), meter.measure()])
  expect(new Set(answers).size).toBe(1)
  clock.now = 2_400
  await meter.measure()
  expect(readings).toBe(1)
  clock.now = 2_600
  await meter.measure()
  expect(readings).toBe(2)
})

it('nobody is left: null. Nobody tells: an error that says so', async () => {
  expect(await meterOf(aMachine()).meter.measure()).toBeNull()
  const table = new ProcessTable(() => Promise.reject(new Error('spawn ps ENOENT')))
  await expect(meterOf({ table }).meter.measure()).rejects.toThrow(
    'The system does not list its processes: spawn ps ENOENT',
  )
})
