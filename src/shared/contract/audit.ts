import { z } from 'zod'
import { operation, page, paging } from './operation.ts'

/** Through which door an admin came. */
export const Actor = z.enum(['window', 'console', 'api', 'cli'])
export type Actor = z.infer<typeof Actor>

/** One change that an admin made. */
export const AuditEntry = z.object({
  /** Sorts by time. */
  id: z.string(),
  at: z.iso.datetime(),
  actor: Actor,
  /** The operation of the contract, for example `integrations.update`. */
  action: z.string(),
  /** Name or id of what was changed; null where there is only one (settings, vault). */
  target: z.string().nullable(),
  /** Names of the fields that were given, never their values. */
  fields: z.array(z.string()),
  /** `ok`, or the code of the error that it was refused with. */
  outcome: z.string(),
})
export type AuditEntry = z.infer<typeof AuditEntry>

export const audit = {
  list: operation
    .route({ method: 'GET', path: '/audit', summary: 'What admins changed, newest first' })
    .input(z.strictObject(paging(1000)))
    .output(page(AuditEntry)),
}
