import { describe, expect, it } from 'vitest'
import { parseStat, readProc } from '../../../src/main/upstream/process-table-linux.ts'
import { parsePs, readWithPs } from '../../../src/main/upstream/process-table-ps.ts'
import { parsePowerShell } from '../../../src/main/upstream/process-table-windows.ts'
import { ProcessTable, type ProcessFacts } from '../../../src/main/upstream/process-table.ts'
import { aProcess } from './process-fixture.ts'

const units = { bootId: 'boot', bootedAtMs: 1_000_000, pageBytes: 4096, ticksPerSecond: 100 }

describe('a line of /proc/PID/stat', () => {
  it('is read behind the name, whatever stands in that', () => {
    const stat = '4711 (a) S 1 (b\n) S 10 4711 4712 0 -1 0 1 2 3 4 150 50 9 9 20 0 7 0 2500 99 3 18446744073709551615 1'
    expect(parseStat(stat, units)).toEqual({
      pid: 4711,
      parent: 10,
      group: 4711,
      session: 4712,
      born: 'boot/2500',
      startedAtMs: 1_025_000,
      memoryBytes: 3 * 4096,
      cpuMs: 2_000,
      isZombie: false,
    })
    expect(parseStat(stat.replace(') S 10', ') Z 10'), units)?.isZombie).toBe(true)
  })

  it.each(['', '12', '12 (cut) S 1 2'])('%j is of one that has just ended', (stat) => {
    expect(parseStat(stat, units)).toBeUndefined()
  })
})

it('the lines of ps: macOS and others write times in their own way', () => {
  const output = [
    '    1     0     1 Ss    12345   1:02.50 Mon Jan  5 10:00:00 2026    ',
    '  502     1   502 Z+        0   0:00.00 Tue Jan  6 23:59:59 2026',
    ' 503     1   502 R      2048 1-01:00:01 Tue Jan  6 23:59:59 2026',
    'garbage',
  ].join('\n')
  expect(parsePs(output)).toMatchObject([
    { pid: 1, parent: 0, group: 1, born: 'Mon Jan 5 10:00:00 2026', memoryBytes: 12_641_280, cpuMs: 62_500 },
    { pid: 502, isZombie: true, startedAtMs: Date.UTC(2026, 0, 6, 23, 59, 59) },
    { pid: 503, group: 502, cpuMs: 90_001_000, isZombie: false },
  ])
})

it('the lines of PowerShell', () => {
  expect(parsePowerShell('4 0 1000 20000 638712000000000000\r\r\n\r\nnoise\r\n')).toEqual([
    {
      pid: 4,
      parent: 0,
      group: undefined,
      session: undefined,
      born: '638712000000000000',
      startedAtMs: 1_735_603_200_000,
      memoryBytes: 1000,
      cpuMs: 2,
      isZombie: false,
    },
  ])
})

describe.skipIf(process.platform !== 'linux')('this machine', () => {
  it('tells of this process the same by /proc and by ps', async () => {
    const own = (processes: ProcessFacts[]) => processes.find(({ pid }) => pid === process.pid)
    const [proc, ps] = [own(await readProc()), own(await readWithPs())]
    expect(proc).toMatchObject({ parent: process.ppid, isZombie: false })
    expect(ps).toMatchObject({ parent: process.ppid, group: proc?.group })
    // Uptime and wall clock are rounded apart.
    expect(Math.abs((proc?.startedAtMs ?? 0) - (ps?.startedAtMs ?? NaN))).toBeLessThanOrEqual(2_000)
    expect(proc?.memoryBytes).toBeGreaterThan(10 * 1024 * 1024)
  })
})

describe('ProcessTable', () => {
  it('reads once for all who ask while it reads, and that reading begins after their question', async () => {
    const readings: ((found: ProcessFacts[]) => void)[] = []
    const table = new ProcessTable(() => new Promise((resolve) => readings.push(resolve)))
    const first = table.read()
    const later = [table.read(), table.read(), table.read()]
    expect(readings).toHaveLength(1)
    readings[0]?.([aProcess({ pid: 1 })])
    expect(await first).toHaveLength(1)
    await expect.poll(() => readings.length).toBe(2)
    readings[1]?.([])
    expect(await Promise.all(later)).toEqual([[], [], []])
    expect(readings).toHaveLength(2)
  })

  it('a reading that fails does not spoil the next', async () => {
    const results = [Promise.reject(new Error('no ps')), Promise.resolve([]), Promise.resolve([])]
    const table = new ProcessTable(() => results.shift() ?? Promise.resolve([]))
    const [first, second] = [table.read(), table.read()]
    await expect(first).rejects.toThrow('no ps')
    expect(await second).toEqual([])
    expect(await table.read()).toEqual([])
  })
})
