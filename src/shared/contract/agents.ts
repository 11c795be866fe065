import { z } from 'zod'
import { operation, page } from './operation.ts'

export const AgentName = z
  .string()
  .trim()
  .min(1, 'Enter a name.')
  .max(64, 'Use at most 64 characters.')
  .regex(/^[^\p{Cc}]+$/u, 'Use printable characters.')

/** A client of the gateway. Its token is shown once, when it is made. */
export const Agent = z.object({
  id: z.string(),
  name: z.string(),
  created_at: z.iso.datetime(),
  last_seen_at: z.iso.datetime().nullable(),
})
export type Agent = z.infer<typeof Agent>

/** The only answer that ever holds an agent's token: it is stored as SHA-256. */
export const AgentWithToken = Agent.extend({ token: z.string() })

const ById = z.strictObject({ id: z.string() })

export const agents = {
  list: operation.route({ method: 'GET', path: '/agents', summary: 'All agents of the workspace' }).output(page(Agent)),
  create: operation
    .route({
      method: 'POST',
      path: '/agents',
      successStatus: 201,
      summary: 'Add an agent; its token is in this answer only',
    })
    .input(z.strictObject({ name: AgentName }))
    .output(AgentWithToken),
  update: operation
    .route({ method: 'PATCH', path: '/agents/{id}', summary: 'Rename an agent' })
    .input(z.strictObject({ id: z.string(), name: AgentName }))
    .output(Agent),
  remove: operation
    .route({
      method: 'DELETE',
      path: '/agents/{id}',
      successStatus: 204,
      summary: 'Revoke an agent: its token and sessions end',
    })
    .input(ById)
    .output(z.void()),
  rotate: operation
    .route({ method: 'POST', path: '/agents/{id}/rotate', summary: 'New token; the old one ends at once' })
    .input(ById)
    .output(AgentWithToken),
}
