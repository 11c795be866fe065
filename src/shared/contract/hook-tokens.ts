import { z } from 'zod'
import { operation, page } from './operation.ts'

/** Lets a program tell of events (`/hooks/alertmanager`, `/hooks/events`) and read `/metrics`, in one workspace, and nothing else. */
export const HookToken = z.object({
  id: z.string(),
  name: z.string(),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime().nullable(),
})
export type HookToken = z.infer<typeof HookToken>

export const hookTokens = {
  list: operation
    .route({ method: 'GET', path: '/hook_tokens', summary: 'What may tell of events' })
    .output(page(HookToken)),
  create: operation
    .route({
      method: 'POST',
      path: '/hook_tokens',
      successStatus: 201,
      summary: 'Add a hook token; it is shown in this answer only',
    })
    .input(
      z.strictObject({
        name: z
          .string()
          .trim()
          .min(1, 'Enter a name.')
          .max(64)
          .regex(/^\P{Cc}+$/u),
      }),
    )
    .output(
      HookToken.extend({
        token: z.string(),
        /** Where an Alertmanager sends to. */
        alertmanager_url: z.string(),
        events_url: z.string(),
      }),
    ),
  remove: operation
    .route({ method: 'DELETE', path: '/hook_tokens/{id}', successStatus: 204, summary: 'Revoke a hook token' })
    .input(z.strictObject({ id: z.string() }))
    .output(z.void()),
}
