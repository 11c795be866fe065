import { ClientId } from '../../shared/contract/clients.ts'
import { UsageError } from './usage-error.ts'

export function readClientId(given: string): ClientId {
  const id = ClientId.safeParse(given)
  if (id.success) return id.data
  throw new UsageError(`There is no client "${given}". These are known: ${ClientId.options.join(', ')}.`)
}
