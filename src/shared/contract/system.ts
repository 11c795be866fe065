import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { ChangeEvent } from './events.ts'
import { operation } from './operation.ts'
import { VaultState } from './vault.ts'

export const Status = z.object({
  version: z.string(),
  workspace: z.string(),
  mcp_url: z.string(),
  api_url: z.string(),
  data_dir: z.string(),
  /** Call records that were lost because the disk could not take them, since the gateway started. */
  dropped_calls: z.int().nonnegative(),
  vault: VaultState,
})
export type Status = z.infer<typeof Status>

export const system = {
  status: operation.route({ method: 'GET', path: '/status', summary: 'What is running, and where' }).output(Status),
  restart_gateway: operation
    .route({
      method: 'POST',
      path: '/gateway/restart',
      summary: 'End every agent session and connect every integration of every workspace anew',
    })
    .output(Status),
  stream: operation
    .route({ method: 'GET', path: '/stream', summary: 'Server-sent events of every change in the workspace' })
    .output(eventIterator(ChangeEvent)),
}

/** The browser console: a code from its URL's fragment becomes a session token (contract.md, "The browser console"). */
export const consoleSession = {
  /** Asked for by the CLI with the admin token. */
  create_url: operation
    .route({
      method: 'POST',
      path: '/console/url',
      summary: 'A fresh console URL with a single-use code, good for 60 s',
    })
    .output(z.object({ console_url: z.string() })),
}
