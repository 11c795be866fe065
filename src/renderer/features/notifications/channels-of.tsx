import { Link } from '@tanstack/react-router'
import type { ChannelKind } from '../../../shared/contract/channels.ts'
import { useNotices } from './use-notices.ts'

const linkLook = 'text-accent underline underline-offset-2'

/** Where notices of one kind go, and the way to another: what one sets an integration up for. */
export function ChannelsOf({ kind }: { kind: ChannelKind }) {
  const { channels } = useNotices()
  if (!channels) return null
  const ofKind = channels.filter((channel) => channel.kind === kind)
  return (
    <span className="flex min-w-0 flex-1 flex-wrap justify-between gap-x-4 gap-y-1">
      <span className="flex min-w-0 flex-wrap gap-x-3">
        {ofKind.length === 0 && <span>No notices are sent there yet</span>}
        {ofKind.map(({ id, name }) => (
          <Link key={id} to="/notifications/channels/$id" params={{ id }} className={linkLook}>
            {name}
          </Link>
        ))}
      </span>
      <Link to="/notifications/channels/$id" params={{ id: 'new' }} search={{ kind }} className={linkLook}>
        Add a channel
      </Link>
    </span>
  )
}
