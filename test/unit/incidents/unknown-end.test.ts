import { expect, it } from 'vitest'
import { isUnknownEnd } from '../../../src/main/incidents/unknown-end.ts'
import { endUnwatched } from '../../../src/main/system/prometheus/unwatched.ts'
import type { EventInput } from '../../../src/shared/contract/incidents.ts'

it('knows what Prometheus says of incidents that it does not watch any more', async () => {
  const told: EventInput[] = []
  await endUnwatched({
    setup: undefined,
    openKeys: (prefix) => Promise.resolve([`${prefix}:a`]),
    report: (events) => Promise.resolve(void told.push(...events)),
    forgetSeen: () => Promise.resolve(),
  })
  expect(told.length).toBeGreaterThan(0)
  expect(told.every(({ description }) => isUnknownEnd({ origin: 'prometheus', description }))).toBe(true)
})

it('takes nobody else at such words', () => {
  const description = 'No longer watched: I say so.'
  for (const origin of ['api', 'hook', 'agent', 'console', 'gateway'] as const) {
    expect(isUnknownEnd({ origin, description })).toBe(false)
  }
  expect(isUnknownEnd({ origin: 'prometheus', description: 'Prometheus does not report it any more.' })).toBe(false)
})
