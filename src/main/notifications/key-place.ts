import type { ChannelAdapter } from './channel-adapter.ts'
import { KEY_PLACE } from './channel-secrets.ts'

/** Secrets that somebody gives now, with the place for which an integration key is given. */
export function withPlace(
  fields: ReadonlyMap<string, string>,
  adapter: Pick<ChannelAdapter, 'placeOfSecrets'>,
  workspace: string,
): Map<string, string> {
  const placed = new Map(fields)
  const place = fields.has('integration_key') ? adapter.placeOfSecrets?.(workspace) : undefined
  if (place !== undefined) placed.set(KEY_PLACE, place)
  return placed
}
