import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { driveClient } from './client-driver.ts'
import { countOf, REVISIONS, runClientScenarios, type Revision } from './suite.ts'

interface RequirementSet {
  client: string[]
  not_scored: { scenario: string; leg: string }[]
}

/** All client scenarios of a revision, the unscored ones included, but for those of authorization. */
async function clientScenarios(revision: Revision): Promise<string[]> {
  const file = import.meta.resolve(`@modelcontextprotocol/conformance/requirements/${revision}.yaml`)
  const { client, not_scored } = parse(await readFile(fileURLToPath(file), 'utf8')) as RequirementSet
  const unscored = not_scored.filter(({ leg }) => leg === 'client').map(({ scenario }) => scenario)
  return [...client, ...unscored].filter((scenario) => !scenario.startsWith('auth/'))
}

/** For all of them, on a busy machine. */
const LIMIT_MS = 600_000

const scenarios = await Promise.all(
  REVISIONS.map(async (revision) => (await clientScenarios(revision)).map((scenario) => [scenario, revision] as const)),
)
const figures: Record<string, string | number>[] = []
afterAll(() => console.table(figures.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))))

it('the scenarios of the suite are the ones that the driver knows', () => {
  expect(scenarios.map((ofRevision) => ofRevision.map(([scenario]) => scenario))).toEqual([
    [
      'initialize',
      'tools_call',
      'elicitation-sep1034-client-defaults',
      'sse-retry',
      'json-schema-2020-12-preservation',
    ],
    [
      'tools_call',
      'request-metadata',
      'sep-2322-client-request-state',
      'http-standard-headers',
      'http-custom-headers',
      'http-invalid-tool-headers',
      'json-schema-ref-no-deref',
      'json-schema-2020-12-preservation',
    ],
  ])
})

/**
 * Skipped checks are about what another client could have sent as well: `initialize` by one that is modern, capabilities of
 * agents on the gateway's own requests.
 */
const GOOD = ['SUCCESS', 'INFO', 'SKIPPED']

describe.each(['modern', 'legacy'] as const)('for a %s agent the gateway is a client that passes', (era) => {
  let runOf: Awaited<ReturnType<typeof runClientScenarios>>
  beforeAll(async () => {
    runOf = await runClientScenarios(scenarios.flat(), (task) => driveClient(era, task))
  }, LIMIT_MS)

  it.each(scenarios.flat())('%s of %s', (scenario, revision) => {
    const { checks, fault } = runOf(scenario, revision)
    const bad = checks.filter(({ status }) => !GOOD.includes(status))
    const counts = countOf(checks)
    figures.push({ scenario, revision, agent: era, ...counts })
    if (bad.length > 0 || counts.passed === 0) console.error(scenario, fault, checks)
    expect(bad).toEqual([])
    expect(counts.passed).toBeGreaterThan(0)
  })
})
