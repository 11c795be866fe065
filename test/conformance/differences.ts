import type { Check, Results } from './suite.ts'

/** A check that does not come out through the gateway as it does at the server itself. */
export interface Difference {
  scenario: string
  /** The check's id. Checks that share one are told apart by their names. */
  check: string
  name: string
  direct: string
  /** `absent`: the scenario did not get as far as this check, or took another branch. */
  gateway: string
  message: string
}

/**
 * What is worse through the gateway: whatever passes at the server and does not here, and what fails or warns only here. A
 * pass that has become a remark (`INFO`) or a skip counts as well.
 */
export function differencesOf(direct: Results, gateway: Results): Difference[] {
  const scenarios = new Set([...direct.keys(), ...gateway.keys()])
  return [...scenarios].flatMap((scenario) => differencesIn(scenario, direct.get(scenario), gateway.get(scenario)))
}

function differencesIn(scenario: string, direct: readonly Check[] = [], gateway: readonly Check[] = []): Difference[] {
  const expected = worstOfEach(direct)
  const found = worstOfEach(gateway)
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((key) => {
    const before = expected.get(key)
    const after = found.get(key)
    const shown = after ?? before
    const status = after?.status ?? 'absent'
    const isWorse = before?.status === 'SUCCESS' ? status !== 'SUCCESS' : isBad(status) && !isBad(before?.status)
    if (!isWorse || shown === undefined) return []
    const { id: check, name } = shown
    const message = after?.errorMessage ?? ''
    return [{ scenario, check, name, direct: before?.status ?? 'absent', gateway: status, message }]
  })
}

const SEVERITY = ['SUCCESS', 'INFO', 'SKIPPED', 'WARNING', 'FAILURE']

function isBad(status = 'absent'): boolean {
  return status === 'FAILURE' || status === 'WARNING'
}

function worstOfEach(checks: readonly Check[]): Map<string, Check> {
  const worst = new Map<string, Check>()
  for (const check of checks) {
    const key = `${check.id} ${check.name}`
    const known = worst.get(key)
    if (known === undefined || SEVERITY.indexOf(check.status) > SEVERITY.indexOf(known.status)) worst.set(key, check)
  }
  return worst
}
