import type { Notice, Outgoing } from '../../src/main/notifications/channel-adapter.ts'
import type { ChannelSettings } from '../../src/shared/contract/channels.ts'
import { exampleNotice, OPENED_AT } from './notices.ts'

interface OutgoingParts {
  settings: ChannelSettings
  notice?: Partial<Notice>
  secrets?: Record<string, string>
  references?: Outgoing['references']
}

/** A first attempt, with the secrets of a channel by their places. */
export function outgoing({ settings, notice, secrets = {}, references = new Map() }: OutgoingParts): Outgoing {
  return {
    notice: exampleNotice(notice),
    settings,
    secret: (field) => secrets[field],
    secretHeaders: Object.keys(secrets).flatMap((field) => /^headers\.(.+)$/.exec(field)?.[1] ?? []),
    references,
    attempt: 1,
    createdAt: OPENED_AT,
  }
}
