import { z } from 'zod'
import { operation } from './operation.ts'

/** The version that an export names and the newest that `apply` takes. */
export const EXPORT_VERSION = 1

/** What applying a document would do to one thing in it. */
export const PlanItem = z.object({
  kind: z.enum(['integration', 'profile', 'agent', 'settings']),
  name: z.string(),
  action: z.enum(['create', 'update', 'unchanged', 'invalid']),
  /** Dotted names of the fields that differ. */
  fields: z.array(z.string()),
  /** Secrets that the document names and the vault does not hold yet: `api_token`, `env.GITHUB_TOKEN`. */
  missing_secrets: z.array(z.string()),
  /** Why it is invalid. */
  problem: z.string().nullable(),
})
export type PlanItem = z.infer<typeof PlanItem>

export const ApplyPlan = z.object({ items: z.array(PlanItem) })
export type ApplyPlan = z.infer<typeof ApplyPlan>

const Document = z.string().max(16 * 1024 * 1024, 'A document has at most 16 MiB.')

export const transfer = {
  export: operation
    .route({
      method: 'GET',
      path: '/export',
      summary: 'Integrations, profiles, agents and settings of the workspace as YAML, without any secret',
    })
    .output(z.object({ document: z.string() })),
  plan: operation
    .route({ method: 'POST', path: '/apply/plan', summary: 'What applying this document would do; writes nothing' })
    .input(z.strictObject({ document: Document }))
    .output(ApplyPlan),
  apply: operation
    .route({
      method: 'POST',
      path: '/apply',
      summary: 'Make what is missing and change what differs; refused as a whole when an item is invalid. Idempotent',
    })
    .input(z.strictObject({ document: Document }))
    .output(ApplyPlan),
}
