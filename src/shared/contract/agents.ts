import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { ById, operation, page } from './operation.ts'
import { DISCOVERY_MODES } from './words.ts'

export const AgentName = z
  .string()
  .trim()
  .min(1, 'Enter a name.')
  .max(64, 'Use at most 64 characters.')
  .regex(/^[^\p{Cc}]+$/u, 'Use printable characters.')

/**
 * How an agent finds tools. `full`: every tool is in its list. `lazy`: the list holds `discover_tools` and `call_tool`
 * only, and every tool stays callable.
 */
export const DiscoveryMode = z.enum(DISCOVERY_MODES)
export type DiscoveryMode = z.infer<typeof DiscoveryMode>

/** A client of the gateway. Its token is shown once, when it is made. */
export const Agent = z.object({
  id: z.string(),
  name: z.string(),
  /** What it sees. Null: every tool that the workspace serves. */
  profile_id: z.string().nullable(),
  /** Null: as the settings say. */
  discovery_mode: DiscoveryMode.nullable(),
  created_at: z.iso.datetime(),
  last_seen_at: z.iso.datetime().nullable(),
})
export type Agent = z.infer<typeof Agent>

/** The only answer that ever holds an agent's token: it is stored as SHA-256. */
export const AgentWithToken = Agent.extend({ token: z.string() })

/** What can be changed of an agent. */
export const AgentChanges = z
  .strictObject({ name: AgentName, profile_id: z.string().nullable(), discovery_mode: DiscoveryMode.nullable() })
  .partial()
export type AgentChanges = z.infer<typeof AgentChanges>
export const NewAgent = AgentChanges.required({ name: true })
export type NewAgent = z.infer<typeof NewAgent>

export const agents = {
  list: operation.route({ method: 'GET', path: '/agents', summary: 'All agents of the workspace' }).output(page(Agent)),
  create: operation
    .route({
      method: 'POST',
      path: '/agents',
      successStatus: 201,
      summary: 'Add an agent; its token is in this answer only',
    })
    .input(NewAgent)
    .output(AgentWithToken),
  update: operation
    .route({ method: 'PATCH', path: '/agents/{id}', summary: 'Change name, profile or discovery mode of an agent' })
    .input(AgentChanges.extend({ id: z.string() }))
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
  lease: operation
    .route({
      method: 'POST',
      path: '/agents/lease',
      summary: 'A second token of an agent, which is made where it is missing; good as long as this stream is open',
    })
    .input(z.strictObject({ name: AgentName }))
    .output(eventIterator(z.object({ token: z.string() }))),
}
