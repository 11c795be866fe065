import type { EventOrigin } from '../../shared/contract/incidents.ts'
import { AppError } from '../base/app-error.ts'
import type { Told } from './told.ts'

/** Of incidents with such keys their owner knows by itself when they are over: it would end those of others. */
const RESERVED: readonly { begin: string; owner: EventOrigin }[] = [
  { begin: 'prometheus:', owner: 'prometheus' },
  { begin: 'prometheus-cluster:', owner: 'prometheus' },
  { begin: 'prometheus-endpoint', owner: 'prometheus' },
  { begin: 'gatehouse:', owner: 'gateway' },
]

/** Throws `invalid_input` where one of these has a key that only another origin may give. */
export function refuseReservedKeys(told: readonly Told[]): void {
  for (const [index, { input, origin }] of told.entries()) {
    const reserved = RESERVED.find(({ begin }) => input.dedupe_key?.startsWith(begin))
    if (reserved === undefined || reserved.owner === origin) continue
    const message =
      `A dedupe_key that begins with "${reserved.begin}" is given by Gatehouse alone. Choose another one; ` +
      'an incident that has it is changed by its id or number.'
    const path = told.length === 1 ? 'dedupe_key' : `events.${index}.dedupe_key`
    throw new AppError('invalid_input', { message, details: [{ path, message }] })
  }
}
