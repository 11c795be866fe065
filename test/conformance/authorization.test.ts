import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { driveAuthorization } from './authorization-driver.ts'
import { countOf, REVISIONS, runClientScenarios, type Revision } from './suite.ts'

interface RequirementSet {
  client: string[]
  not_scored: { scenario: string; leg: string }[]
}

/** Extensions that the gateway does not have. */
const OTHER_EXTENSIONS = [
  'auth/enterprise-managed-authorization',
  'auth/dpop',
  'auth/dpop-nonce',
  'auth/wif-jwt-bearer',
]

/** All scenarios of authorization that a client of this revision is judged by, and those of the extensions that we have. */
async function authorizationScenarios(revision: Revision): Promise<string[]> {
  const file = import.meta.resolve(`@modelcontextprotocol/conformance/requirements/${revision}.yaml`)
  const { client, not_scored } = parse(await readFile(fileURLToPath(file), 'utf8')) as RequirementSet
  const unscored = not_scored.filter(({ leg }) => leg === 'client').map(({ scenario }) => scenario)
  const all = [...client, ...unscored].filter((scenario) => scenario.startsWith('auth/'))
  return all.filter((scenario) => !OTHER_EXTENSIONS.includes(scenario))
}

/** Servers of the first revision with authorization, which had other rules for where one signs in. */
const FIRST = ['auth/2025-03-26-oauth-metadata-backcompat', 'auth/2025-03-26-oauth-endpoint-fallback']

/** For all of them, on a busy machine. */
const LIMIT_MS = 900_000

const scenarios = await Promise.all(
  REVISIONS.map(async (revision) => (await authorizationScenarios(revision)).map((name) => [name, revision] as const)),
)
const figures: Record<string, string | number>[] = []
afterAll(() => console.table(figures.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))))

it('the suite has as many scenarios as were looked at', () => {
  expect(scenarios.map(({ length }) => length)).toEqual([16, 27])
})

describe('the gateway signs in as a client that passes', () => {
  const old = FIRST.map((name) => [name, '2025-03-26'] as const)
  const all = [...scenarios.flat(), ...old]
  let runOf: Awaited<ReturnType<typeof runClientScenarios>>
  beforeAll(async () => {
    runOf = await runClientScenarios(all, driveAuthorization)
  }, LIMIT_MS)

  it.each(all)('%s of %s', (scenario, revision) => {
    const { checks, fault } = runOf(scenario, revision)
    // Skipped is what could not be observed with another client than the suite had in mind.
    const bad = checks.filter(({ status }) => !['SUCCESS', 'INFO', 'SKIPPED'].includes(status))
    const counts = countOf(checks)
    figures.push({ scenario, revision, ...counts })
    if (bad.length > 0 || counts.passed === 0) console.error(scenario, fault, checks)
    expect(bad).toEqual([])
    expect(counts.passed).toBeGreaterThan(0)
  })
})
