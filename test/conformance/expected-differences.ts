import type { Difference } from './differences.ts'
import type { Revision } from './suite.ts'

/** How the reference server stands behind the gateway: by transport, and which era the integration is set to. */
export const ARRANGEMENTS = [
  { transport: 'http', era: 'auto' },
  { transport: 'stdio', era: 'auto' },
  { transport: 'http', era: 'legacy' },
  { transport: 'http', era: 'modern' },
  { transport: 'stdio', era: 'legacy' },
  { transport: 'stdio', era: 'modern' },
] as const
export type Arrangement = (typeof ARRANGEMENTS)[number]

/** A difference that is meant to be, with the reason. An entry that is no longer true fails the test. */
interface ExpectedDifference {
  revisions: readonly Revision[]
  /** Where it is seen. Left out: in every arrangement. */
  where?: (arrangement: Arrangement) => boolean
  scenario: string
  /** The check's id; every check of the scenario with this id is meant. */
  check: string
  reason: string
  /** It depends on what comes first: not seeing it is no failure. */
  isOccasional?: boolean
}

const isLegacy = ({ era }: Arrangement): boolean => era === 'legacy'

const EXPECTED_DIFFERENCES: readonly ExpectedDifference[] = [
  {
    revisions: ['2025-11-25', '2026-07-28'],
    scenario: 'dns-rebinding-protection',
    check: 'localhost-host-valid-accepted',
    reason:
      'The check sends an Origin, as only web pages do. No Origin passes on /mcp, not even one of this machine: a page of ' +
      'another local program is a foreign page.',
  },
  {
    revisions: ['2025-11-25'],
    scenario: 'server-sse-multiple-streams',
    check: 'server-sse-streams-functional',
    reason: 'An answer with nothing before it is JSON, not a stream of one event; the suite remarks on it (INFO).',
  },
  {
    revisions: ['2025-11-25'],
    scenario: 'server-sse-polling',
    check: 'server-sse-disconnect-resume',
    reason:
      'The server closes the stream of its call and the gateway takes it up again; the stream of the agent just goes on, and ' +
      'brings the answer (INFO).',
  },
  ...['sep-2322-elicitation-incomplete', 'sep-2322-elicitation-complete'].map((check) => ({
    revisions: ['2026-07-28' as const],
    where: isLegacy,
    scenario: 'input-required-result-basic-elicitation',
    check,
    reason:
      'The check wants the key user_name. The requests of a legacy server have no keys, so the gateway makes some up.',
  })),
  {
    revisions: ['2026-07-28'],
    where: isLegacy,
    scenario: 'input-required-result-ignore-extra-params',
    check: 'sep-2322-ignore-unexpected-params',
    reason: 'The check answers what it was never asked. A legacy server asks by a request, and takes no answer before.',
  },
  ...['sep-2575-server-rejects-undeclared-capability', 'sep-2575-missing-capability-http-400'].map((check) => ({
    revisions: ['2026-07-28' as const],
    where: isLegacy,
    scenario: 'server-stateless',
    check,
    reason:
      'A legacy server does not name the capabilities that a tool needs. It asks, hears that this agent cannot answer, and ' +
      'decides by itself: here it gives a result with isError.',
  })),
  {
    revisions: ['2026-07-28'],
    where: isLegacy,
    scenario: 'input-required-result-capability-check',
    check: 'sep-2322-respect-client-capabilities',
    reason:
      'To a legacy server all agents are one client, which can be asked everything: the tool asks for what this agent cannot ' +
      'answer as well, is refused, and may have failed before the agent has heard of the rest.',
    isOccasional: true,
  },
  ...['sep-2322-multiple-inputs-incomplete', 'sep-2322-multiple-inputs-complete'].map((check) => ({
    revisions: ['2026-07-28' as const],
    where: isLegacy,
    scenario: 'input-required-result-multiple-input-requests',
    check,
    reason:
      'The requests of a legacy server are separate messages. What comes late, on a busy machine, is in the next round.',
    isOccasional: true,
  })),
]

/** The entries that apply to one run. */
export function expectedIn(arrangement: Arrangement, revision: Revision): readonly ExpectedDifference[] {
  return EXPECTED_DIFFERENCES.filter(
    ({ revisions, where }) => revisions.includes(revision) && (where === undefined || where(arrangement)),
  )
}

export function isMeant(difference: Difference, { scenario, check }: ExpectedDifference): boolean {
  return difference.scenario === scenario && difference.check === check
}
