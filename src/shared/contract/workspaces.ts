import { z } from 'zod'
import { operation, page } from './operation.ts'

export const Plan = z.enum(['free', 'pro', 'enterprise'])
export const Workspace = z.object({ name: z.string(), plan: Plan, created_at: z.iso.datetime() })
export type Workspace = z.infer<typeof Workspace>

export const workspaces = {
  list: operation.route({ method: 'GET', path: '/workspaces', summary: 'All workspaces' }).output(page(Workspace)),
  create: operation
    .route({ method: 'POST', path: '/workspaces', successStatus: 201, summary: 'Add a workspace' })
    .input(
      z.strictObject({
        name: z
          .string()
          .max(40)
          .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Use lowercase letters, digits and hyphens.'),
        plan: Plan.default('free'),
      }),
    )
    .output(Workspace),
  update: operation
    .route({ method: 'PATCH', path: '/workspaces/{name}', summary: 'Change the plan of a workspace' })
    .input(z.strictObject({ name: z.string(), plan: Plan }))
    .output(Workspace),
  remove: operation
    .route({
      method: 'DELETE',
      path: '/workspaces/{name}',
      successStatus: 204,
      summary: 'Delete an empty workspace; `default` and one that still holds integrations or agents stay',
    })
    .input(z.strictObject({ name: z.string() }))
    .output(z.void()),
}
