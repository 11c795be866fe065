import { z } from 'zod'
import { operation, page } from './operation.ts'

/** Entries are gateway names (`<slug>__<tool>`); `*` stands for any run of characters: `github__*`. */
const ToolPatterns = z.array(z.string().min(1).max(256)).max(10_000)

const fields = {
  name: z
    .string()
    .trim()
    .min(1, 'Enter a name.')
    .max(64, 'Use at most 64 characters.')
    .regex(/^[^\p{Cc}]+$/u),
  /** Slugs of the integrations whose tools it shows. Null: all, those that come later included. */
  integrations: z.array(z.string()).max(10_000).nullable(),
  /** An allowlist; empty means every tool of those integrations. */
  enabled_tools: ToolPatterns,
  /** Applied after the allowlist. */
  disabled_tools: ToolPatterns,
}

/**
 * What an agent sees of a workspace: fewer tools than the integrations' own filters let through, never more. Agents
 * without a profile see everything.
 */
export const Profile = z.object({ id: z.string(), ...fields, name: z.string(), created_at: z.iso.datetime() })
export type Profile = z.infer<typeof Profile>

export const NewProfile = z.strictObject({
  name: fields.name,
  integrations: fields.integrations.default(null),
  enabled_tools: fields.enabled_tools.default([]),
  /**
   * Left out: the tools of system integrations that do more than read, so that no agent posts a message or pages anybody
   * unless that was chosen. Given, an empty list included, it is taken as it is.
   */
  disabled_tools: fields.disabled_tools.optional(),
})
export type NewProfile = z.output<typeof NewProfile>

export const ProfileChanges = z.strictObject(fields).partial()
export type ProfileChanges = z.infer<typeof ProfileChanges>

export const profiles = {
  list: operation
    .route({ method: 'GET', path: '/profiles', summary: 'All profiles of the workspace' })
    .output(page(Profile)),
  create: operation
    .route({ method: 'POST', path: '/profiles', successStatus: 201, summary: 'Add a profile' })
    .input(NewProfile)
    .output(Profile),
  update: operation
    .route({ method: 'PATCH', path: '/profiles/{id}', summary: 'Change a profile; its agents see it at once' })
    .input(ProfileChanges.extend({ id: z.string() }))
    .output(Profile),
  remove: operation
    .route({
      method: 'DELETE',
      path: '/profiles/{id}',
      successStatus: 204,
      summary: 'Delete a profile that no agent uses (409 `in_use` otherwise)',
    })
    .input(z.strictObject({ id: z.string() }))
    .output(z.void()),
}
