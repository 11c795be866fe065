import type { SystemAccess } from '../system-adapter.ts'

/** A way to connect, as the registry entry calls it. */
export type SlackWay = 'app' | 'user'

export interface NeededScope {
  scope: string
  /** What does not work without it. */
  without: string
  /** Left out: with both. */
  ways?: readonly SlackWay[]
}

/** All that notices and tools ask for: the manifests in `resources` name the same. */
const NEEDED: readonly NeededScope[] = [
  { scope: 'chat:write', without: 'Nothing can be posted: no notices, no post_message and no update_message.' },
  { scope: 'channels:read', without: 'Public channels are not listed, neither to choose one nor by list_channels.' },
  { scope: 'groups:read', without: 'Private channels are not listed, neither to choose one nor by list_channels.' },
  {
    scope: 'channels:join',
    without: 'The app has to be invited to each public channel before it can post there.',
    ways: ['app'],
  },
  { scope: 'channels:history', without: 'read_channel_history and read_thread do not read public channels.' },
  { scope: 'groups:history', without: 'read_channel_history and read_thread do not read private channels.' },
  { scope: 'users:read', without: 'search_users finds nobody.' },
  { scope: 'users:read.email', without: 'search_users does not find people by email address, nor shows it.' },
  { scope: 'reactions:write', without: 'add_reaction does not work.' },
  { scope: 'files:write', without: 'upload_file does not work.' },
]

export function neededScopes(way: SlackWay): readonly NeededScope[] {
  return NEEDED.filter(({ ways }) => ways === undefined || ways.includes(way))
}

export function wayOf({ way }: Pick<SystemAccess, 'way'>): SlackWay {
  return way === 'user' ? 'user' : 'app'
}
