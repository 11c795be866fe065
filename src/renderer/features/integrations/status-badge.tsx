import type { Integration } from '../../../shared/contract/integrations.ts'
import { classes } from '../../ui/classes.ts'
import { useNow } from '../../ui/use-now.ts'
import { integrationStatus, type Tone } from './integration-status.ts'
import { retryWords } from './retry-words.ts'

const inks: Record<Tone, string> = {
  ok: 'text-ok',
  warn: 'text-warn',
  err: 'text-err',
  info: 'text-info',
  muted: 'text-muted',
}

/** Status as icon, word and colour, with the seconds until the next attempt. */
export function StatusBadge({ integration }: { integration: Integration }) {
  const status = integrationStatus(integration)
  // An attempt before somebody has signed in changes nothing.
  const waits = integration.status === 'active' && !(integration.oauth && integration.connection.state === 'needs_auth')
  const retryAt = waits ? integration.connection.next_retry_at : null
  return (
    <span className={classes('flex min-w-0 items-center gap-1.5', inks[status.tone])}>
      <status.icon
        size={16}
        strokeWidth={1.75}
        aria-hidden
        className={classes('flex-none', integration.connection.state === 'connecting' && 'spin')}
      />
      <span className="truncate">
        {status.word}
        {retryAt !== null && <Countdown to={retryAt} verb={status.word === 'Crashed' ? 'restarting' : 'retrying'} />}
      </span>
    </span>
  )
}

function Countdown({ to, verb }: { to: string; verb: string }) {
  const now = useNow(1_000)
  return <span className="tabular-nums">{retryWords(verb, Date.parse(to) - now)}</span>
}
