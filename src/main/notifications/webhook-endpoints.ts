import type { ChannelSettings } from '../../shared/contract/channels.ts'
import type { StoredChannel } from '../store/channels-store.ts'
import { secretHeadersOf, type ChannelSecrets } from './channel-secrets.ts'
import { isMuted } from './rule-decision.ts'

/** A webhook channel as agents may use it, who are told its name only. */
export interface WebhookEndpoint {
  name: string
  /** Neither turned off nor muted. */
  enabled: boolean
  isSigned: boolean
  settings: Extract<ChannelSettings, { kind: 'webhook' }>['webhook']
  secret: (field: string) => string | undefined
  secretHeaders: readonly string[]
}

export function webhookEndpoints(
  channels: readonly StoredChannel[],
  secrets: Pick<ChannelSecrets, 'read'>,
  nowMs: number,
): WebhookEndpoint[] {
  return channels.flatMap((channel) => {
    const { settings, name } = channel
    if (settings.kind !== 'webhook') return []
    const fields = channel.secrets.map(({ field }) => field)
    return [
      {
        name,
        enabled: channel.enabled && !isMuted(channel.mutedUntil, nowMs),
        isSigned: fields.includes('signing_secret'),
        settings: settings.webhook,
        secret: (field: string) => secrets.read(channel, field),
        secretHeaders: secretHeadersOf(fields),
      },
    ]
  })
}
