import type { Transaction } from 'kysely'
import type { Incident, IncidentEvent, RuleDecision } from '../../shared/contract/incidents.ts'
import type { Schema } from '../store/schema.ts'

/**
 * What an event did to its incident. `repeated`: told again and nothing is new. `notice`: it concerns no incident. A lower
 * severity is `severity` as well as a higher one.
 */
export type Change = 'opened' | 'severity' | 'updated' | 'repeated' | 'acknowledged' | 'resolved' | 'rca' | 'notice'

/** One event that has been taken, and what it changed. */
export interface Happening {
  event: IncidentEvent
  /** As it is afterwards; null with `notice`. */
  incident: Incident | null
  change: Change
}

/** Makes deliveries of what happens: implemented by the notifications, called by the incidents. */
export interface DeliveryPlanner {
  /** To be awaited before a transaction in which `plan` is called, and before its time is taken: the clock may have been set. */
  ready(): Promise<void>
  /**
   * Writes the deliveries of these happenings, all of one workspace, in the transaction that writes the happenings
   * themselves: both are there afterwards, or neither. Gives the decisions of each, in their order, to be stored with the
   * events. `nowMs`: the time at which all of it happens.
   */
  plan(
    transaction: Transaction<Schema>,
    workspace: string,
    happenings: readonly Happening[],
    nowMs: number,
  ): Promise<RuleDecision[][]>
  /** The transaction of `plan` is committed: there may be something to send. Must not throw. */
  committed(workspace: string): void
}
