import type { Channel } from '../../../shared/contract/channels.ts'
import { classes } from '../../ui/classes.ts'
import { channelProblem, channelState } from './channel-words.ts'

/** Whether notices get there, as icon, word and colour. */
export function ChannelBadge({ channel, now }: { channel: Channel; now: number }) {
  const { word, icon: Icon, ink } = channelState(channel, now)
  return (
    <span className={classes('flex min-w-0 items-center gap-1.5', ink)} title={channelProblem(channel)}>
      <Icon size={16} strokeWidth={1.75} aria-hidden className="flex-none" />
      <span className="truncate">{word}</span>
    </span>
  )
}
