import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { differencesOf, type Difference } from './differences.ts'
import { ARRANGEMENTS, expectedIn, isMeant, type Arrangement } from './expected-differences.ts'
import { GatewayUnderTest, type Mcp } from './gateway-under-test.ts'
import { REFERENCE_COMMAND, startReferenceServer } from './reference-process.ts'
import { countOf, REVISIONS, runServerSuite, type Results, type Revision } from './suite.ts'

const figures: Record<string, string | number>[] = []

function note(where: string, revision: Revision, results: Results, meant?: number): void {
  figures.push({ where, revision, ...countOf([...results.values()].flat()), meant: meant ?? '' })
}

const direct = new Map<Revision, Results>()
let gateway: GatewayUnderTest

beforeAll(async () => {
  gateway = await GatewayUnderTest.start()
  const runs = REVISIONS.map(async (revision) => {
    const server = await startReferenceServer()
    direct.set(revision, await runServerSuite(server.url, revision).finally(() => server.close()))
  })
  await Promise.all(runs)
}, 180_000)
afterAll(async () => {
  await gateway.close()
  console.table(figures)
})

/** All of a revision's scenarios, with a reference server of their own behind the gateway. */
async function throughGateway(arrangement: Arrangement, revision: Revision): Promise<Results> {
  const { transport, era } = arrangement
  const server = transport === 'http' ? await startReferenceServer() : undefined
  const name = `${transport}-${era}-${revision}`
  const mcp: Mcp = server
    ? { transport: 'http', server_url: server.url, era }
    : { transport: 'stdio', ...REFERENCE_COMMAND, era }
  try {
    return await runServerSuite(await gateway.add(name, mcp), revision)
  } finally {
    await Promise.all([gateway.remove(name), server?.close()])
  }
}

const told = ({ scenario, check, name, direct, gateway, message }: Difference) =>
  `${scenario}: ${check} (${name}) is ${gateway}, was ${direct}. ${message}`

describe('the reference server alone', () => {
  // What fails are the ten scenarios of the optional tasks extension, which it does not have.
  it.each([
    ['2025-11-25', 84, 0],
    ['2026-07-28', 164, 30],
  ] as const)('passes what is required by %s', (revision, passed, failed) => {
    const results = direct.get(revision) ?? new Map<string, never>()
    note('alone', revision, results)
    expect(countOf([...results.values()].flat())).toEqual({ passed, failed, warnings: 0 })
    const failing = [...results].filter(([, checks]) => checks.some(({ status }) => status === 'FAILURE'))
    expect(failing.map(([scenario]) => scenario).filter((scenario) => !scenario.startsWith('tasks-'))).toEqual([])
  })
})

describe.each(ARRANGEMENTS)('through the gateway, over $transport, era $era', (arrangement) => {
  const runs = new Map<Revision, Promise<Results>>()
  beforeAll(async () => {
    // Both at once: each has an integration and a server of its own, and mostly waits.
    for (const revision of REVISIONS) runs.set(revision, throughGateway(arrangement, revision))
    await Promise.allSettled(runs.values())
  }, 300_000)

  it.each(REVISIONS)('the scenarios of %s come out the same', async (revision) => {
    const results = (await runs.get(revision)) ?? new Map<string, never>()
    const differences = differencesOf(direct.get(revision) ?? new Map<string, never>(), results)
    const expected = expectedIn(arrangement, revision)
    const meant = differences.filter((difference) => expected.some((entry) => isMeant(difference, entry)))
    note(`${arrangement.transport}, ${arrangement.era}`, revision, results, meant.length)

    expect(differences.filter((difference) => !meant.includes(difference)).map(told)).toEqual([])
    const stale = expected.filter(
      (entry) => entry.isOccasional !== true && !differences.some((difference) => isMeant(difference, entry)),
    )
    expect(stale, 'entries that are no longer true').toEqual([])
  })
})
