import type { Integration } from '../../../shared/contract/integrations.ts'
import { StateBadge } from '../../ui/state-badge.tsx'
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
    <StateBadge look={{ ...status, ink: inks[status.tone] }} spins={integration.connection.state === 'connecting'}>
      {status.word}
      {retryAt !== null && <Countdown to={retryAt} verb={status.word === 'Crashed' ? 'restarting' : 'retrying'} />}
    </StateBadge>
  )
}

function Countdown({ to, verb }: { to: string; verb: string }) {
  const now = useNow(1_000)
  return <span className="tabular-nums">{retryWords(verb, Date.parse(to) - now)}</span>
}
