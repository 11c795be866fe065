import type { Channel } from '../../../shared/contract/channels.ts'
import { StateBadge } from '../../ui/state-badge.tsx'
import { channelProblem, channelState } from './channel-words.ts'

/** Whether notices get there. */
export function ChannelBadge({ channel, now }: { channel: Channel; now: number }) {
  return <StateBadge look={channelState(channel, now)} title={channelProblem(channel)} />
}
