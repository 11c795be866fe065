import type { DeliveryFilter } from '../../../shared/contract/deliveries.ts'

/** The filters and the open delivery, as they stand in the address. */
export interface DeliverySearch {
  channel?: string
  state?: string
  delivery?: string
}

const STATES = ['waiting', 'pending', 'sending', 'retrying', 'delivered', 'failed', 'withdrawn'] as const

/** The filters as the API wants them. A state that there is not, from an old or mistyped address, filters nothing. */
export function filterOf({ channel, state }: DeliverySearch): DeliveryFilter {
  const known = STATES.find((each) => each === state)
  return { ...(channel ? { channel } : {}), ...(known ? { state: known } : {}) }
}
