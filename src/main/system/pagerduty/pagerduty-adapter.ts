import type { SetupCheck } from '../../../shared/contract/setup.ts'
import type { SystemAccess, SystemAdapter } from '../system-adapter.ts'
import { eventTools } from './event-tools.ts'
import type { Looking } from './test-event.ts'
import { verifyPagerDuty } from './verify.ts'

/** What of PagerDuty is no request of its REST API: events. */
export class PagerDutyAdapter implements SystemAdapter {
  readonly tools = eventTools
  readonly #looking: Looking

  constructor(looking: Looking = {}) {
    this.#looking = looking
  }

  verify(access: SystemAccess, signal: AbortSignal): AsyncIterable<SetupCheck> {
    return verifyPagerDuty(access, signal, this.#looking)
  }
}
