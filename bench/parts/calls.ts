import { inTurns, type Bench } from '../bench.ts'
import { ratioAtLeast, ratioAtMost } from '../figures.ts'
import { cpuPerRun, median, quantile, throughput, timeEach } from '../measure.ts'
import { TARGETS, withTargets, type TargetName } from '../target.ts'

/** Latency, throughput and CPU of small calls, and of answers of 1 MiB. */
export async function calls(bench: Bench): Promise<void> {
  const { table, scaled } = bench
  await withTargets(
    10,
    async (targets) => {
      for (const target of targets) await throughput(scaled(2_000), 32, () => target.client.call(target.session))

      const times = await inTurns(bench, targets, (target) =>
        timeEach(scaled(500), () => target.client.call(target.session)),
      )
      const p50 = (name: TargetName) => median(times[name].flat())
      table.addOfAll('latency p50, one in flight', 'ms', p50, ratioAtMost(0.95), ratioAtMost(1.15, 'floor-gateway'))
      table.addOfAll('latency p99', 'ms', (name) => quantile(times[name].flat(), 0.99), ratioAtMost(0.75))

      for (const [inFlight, goal] of [
        [1, undefined],
        [8, ratioAtLeast(1.9)],
        [64, ratioAtLeast(2.3)],
      ] as const) {
        const cpu = new Map<TargetName, number[]>(TARGETS.map((name) => [name, []]))
        const count = scaled(inFlight === 1 ? 1_000 : 2_500)
        const rates = await inTurns(bench, targets, async (target) => {
          let rate = 0
          const used = await cpuPerRun(target, count, async () => {
            rate = await throughput(count, inFlight, () => target.client.call(target.session))
          })
          cpu.get(target.name)?.push(used)
          return rate
        })
        table.addOfAll(`calls, ${inFlight} in flight`, '/s', (name) => median(rates[name]), ...(goal ? [goal] : []))
        const goals = inFlight === 64 ? [ratioAtMost(0.35), ratioAtMost(2, 'floor-gateway')] : []
        table.addOfAll(`CPU per call, ${inFlight} in flight`, 'µs', (name) => median(cpu.get(name) ?? []), ...goals)
      }

      const large = await inTurns(bench, targets, (target) =>
        timeEach(scaled(20), () => target.client.callLarge(target.session)),
      )
      table.addOfAll('1 MiB answer p50', 'ms', (name) => median(large[name].flat()), ratioAtMost(1.55))
    },
    bench,
  )
}
