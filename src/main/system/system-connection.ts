import { z } from 'zod'
import type { ErrorDetail } from '../../shared/contract/errors.ts'
import { AuthSettings, AuthType, RestSettings } from '../../shared/contract/integrations.ts'
import { OAuthSettings } from '../../shared/contract/oauth.ts'
import type { RestTool } from '../../shared/contract/rest.ts'
import { AppError } from '../base/app-error.ts'
import { issueDetails } from '../base/issue-details.ts'
import type { RestRecord } from '../store/integrations-store.ts'
import type { RegistryWay, SystemEntry } from './registry-schema.ts'
import { belongs, fieldBehind } from './setup-fields.ts'
import { filled, type Template } from './templates.ts'

/** Of what a record of a REST API holds, that which the registry and the values of the setup say. */
export type SystemConnection = Pick<RestRecord, 'rest' | 'authType' | 'authHeaderPrefix' | 'auth'> & {
  /** Other origins that the adapter may send requests to, without the credentials. */
  origins: string[]
}

/** Webhooks have no one address: each channel has its own. */
const Place = RestSettings.omit({ tools: true, source: true, base_url: true }).extend({
  base_url: RestSettings.shape.base_url.optional(),
  origins: z.array(z.url({ protocol: /^https?$/ })).default([]),
})
const Authentication = z.strictObject({
  type: AuthType,
  prefix: z.string().max(64),
  header_name: AuthSettings.shape.header_name,
  in: AuthSettings.shape.in,
  oauth: OAuthSettings.optional(),
})
const Filled = z.strictObject({ connection: Place, auth: Authentication })

/**
 * How the service is reached with these values, and the tools that are requests. Throws `invalid_input` that names the
 * fields at fault. `values`: with the defaults; `given`: the fields that have a value, secrets included.
 */
export function systemConnection(
  entry: SystemEntry,
  way: RegistryWay,
  values: Readonly<Record<string, unknown>>,
  given: ReadonlySet<string>,
): SystemConnection {
  const { oauth, ...auth } = way.auth
  const parsed = Filled.safeParse({
    connection: filledMembers(way.connection, values),
    auth: { ...filledMembers(auth, values), ...(oauth && { oauth: filledMembers(oauth, values) }) },
  })
  if (!parsed.success) throw unfit(entry, way, issueDetails(parsed.error.issues))
  const { connection, auth: authentication } = parsed.data
  const { base_url = '', origins, ...place } = connection
  const { type: authType, prefix: authHeaderPrefix, ...rest } = authentication
  return {
    rest: { ...place, base_url, tools: restTools(entry, way, given), source: null },
    authType,
    authHeaderPrefix,
    auth: rest,
    origins,
  }
}

function restTools({ tools }: SystemEntry, way: RegistryWay, given: ReadonlySet<string>): RestTool[] {
  return tools.filter((tool) => belongs(tool, way, given)).map(({ needs: _needs, ways: _ways, ...tool }) => tool)
}

function filledMembers(templates: object, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = (Object.entries(templates) as [string, Template | undefined][]).map(([name, template]) => [
    name,
    template === undefined ? undefined : filled(template, values),
  ])
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Record<string, unknown>
}

function unfit(entry: SystemEntry, way: RegistryWay, found: ErrorDetail[]): AppError {
  const details = found.map(({ path, message }) => ({ path: fieldBehind(way, path) ?? path, message }))
  const message = `${entry.display_name} can not be reached with these settings. ${details[0]?.message ?? ''}`.trim()
  return new AppError('invalid_input', { message, details })
}
