import type { ChannelKind } from '../../../shared/contract/channels.ts'
import { useIntegrations } from '../../stores/console.tsx'
import { channelKinds } from './channel-words.ts'

/** Whether a kind sends by an integration that is not set up yet. */
export function useNeedsSetup(kind: ChannelKind): boolean {
  const { integration } = channelKinds[kind]
  return useIntegrations(
    ({ byName }) => integration !== undefined && byName[integration]?.connection.state === 'needs_setup',
  )
}
