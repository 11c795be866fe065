import { inTurns, type Bench } from '../bench.ts'
import { atMost, ratioAtMost } from '../figures.ts'
import { median, timeEach } from '../measure.ts'
import { withTargets } from '../target.ts'

const QUERIES = ['tool 4711', 'gives the text back', 'echo', 'tool_77']

/** `tools/list` of small and large lists, and the search in the largest. */
export async function lists(bench: Bench): Promise<void> {
  const { table, scaled } = bench
  for (const [tools, count, goal] of [
    [10, 200, 0.5],
    [1_000, 40, 0.65],
    [10_000, 8, 0.6],
  ] as const) {
    await withTargets(tools, async (targets) => {
      for (const { client, session } of targets) {
        await timeEach(tools === 10 ? 500 : 2, () => client.list(session, tools))
      }
      const times = await inTurns(bench, targets, ({ client, session }) =>
        timeEach(scaled(count), () => client.list(session, tools)),
      )
      const figure = `tools/list of ${tools.toLocaleString('en')} p50`
      table.addOfAll(figure, 'ms', (name) => median(times[name].flat()), ratioAtMost(goal))
      if (tools !== 10_000) return
      const gatehouse = targets.find(({ name }) => name === 'gatehouse')
      if (gatehouse === undefined) return
      const { client, session } = gatehouse
      // The index is made with the first search.
      const [first] = await timeEach(1, () => client.discover(session, 'echo'))
      let turn = 0
      const searches = await timeEach(scaled(100), () =>
        client.discover(session, QUERIES[turn++ % QUERIES.length] ?? ''),
      )
      table.add('discover_tools in 10,000, first', 'ms', { gatehouse: first ?? NaN })
      table.add('discover_tools in 10,000, p50', 'ms', { gatehouse: median(searches) }, atMost(5, 'ms'))
    })
  }
}
