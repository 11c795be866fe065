import { z } from 'zod'
import { DiscoveryMode } from './agents.ts'
import { operation } from './operation.ts'

const fields = {
  /** Where the gateway listens on 127.0.0.1. A change moves it at once; agents need the new address. */
  port: z.int().min(1024, 'Use a port from 1024 to 65535.').max(65_535, 'Use a port from 1024 to 65535.'),
  /** For agents that do not say otherwise. */
  discovery_mode: DiscoveryMode,
  /** What each server says to models stands in the instructions of `/mcp`. Off: only what the gateway itself says. */
  merge_instructions: z.boolean(),
  /** Keep arguments and results in the call log. Off by default: they may hold anything. */
  record_bodies: z.boolean(),
  /** Call records older than this are deleted. */
  call_retention_days: z.int().min(1).max(365),
  /**
   * Of one message, from an agent or from a server. Over it, an error for that call alone. A server process keeps the
   * limit that it was started with.
   */
  max_message_mib: z.int().min(1, 'Use 1 to 128 MiB.').max(128, 'Use 1 to 128 MiB.'),
  /** Requests of one agent at the same time. One more is told to come again in a moment (429). */
  agent_concurrency: z.int().min(1, 'Use 1 to 10,000 requests.').max(10_000, 'Use 1 to 10,000 requests.'),
  /** Calls of one agent in a minute; lists are none. One more is told when to come again (429). Null: no limit. */
  agent_calls_per_minute: z
    .int()
    .min(1, 'Use 1 to 100,000 calls, or none for no limit.')
    .max(100_000, 'Use 1 to 100,000 calls, or none for no limit.')
    .nullable(),
  /** Open with the session of this user, in the tray. */
  start_at_login: z.boolean(),
  /** Closing the window leaves the gateway running; off, it quits. */
  keep_in_tray: z.boolean(),
}

/** Settings of the installation. Theme and density belong to a console and stay in it. */
export const Settings = z.object({
  ...fields,
  port: z.int(),
  /** Null where there is no desktop application to start (`gatehouse serve`). */
  start_at_login: z.boolean().nullable(),
  keep_in_tray: z.boolean().nullable(),
})
export type Settings = z.infer<typeof Settings>

export const SettingsChanges = z.strictObject(fields).partial()
export type SettingsChanges = z.infer<typeof SettingsChanges>

export const settings = {
  get: operation.route({ method: 'GET', path: '/settings', summary: 'Settings of this installation' }).output(Settings),
  update: operation
    .route({ method: 'PATCH', path: '/settings', summary: 'Change settings; a port that is taken is refused' })
    .input(SettingsChanges)
    .output(Settings),
}
