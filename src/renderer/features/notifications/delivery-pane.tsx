import { Link } from '@tanstack/react-router'
import { RotateCw } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Delivery, DeliveryDetail } from '../../../shared/contract/deliveries.ts'
import { useChannels, useConsole, useDeliveries, useWritable } from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'
import { useLoad } from '../../stores/use-load.ts'
import { Button } from '../../ui/button.tsx'
import { FieldError } from '../../ui/field.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { Pane } from '../../ui/pane.tsx'
import { ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { useNow } from '../../ui/use-now.ts'
import { durationWords, timeWords, withLocalTimes } from '../../ui/words.ts'
import { Attempts } from './attempts.tsx'
import { channelKinds, channelProblem, untilWords } from './channel-words.ts'
import { DeliveryBadge } from './delivery-badge.tsx'
import { actionWords, canResend } from './delivery-words.ts'
import { MessageView } from './message-preview.tsx'

const SETTLE_MS = 300

/** One delivery beside the list: what it says, why it was sent, and each attempt. It takes the focus when it opens. */
export function DeliveryPane({ id, known, onClose }: { id: string; known: Delivery | undefined; onClose: () => void }) {
  const { client } = useConsole()
  const revision = useDeliveries((state) => state.revision)
  const [detail, setDetail] = useState<DeliveryDetail>()
  const { problem, retry } = useLoad({
    version: `${id} ${revision}`,
    pauseMs: () => (detail === undefined ? 0 : SETTLE_MS),
    load: (signal) => client.deliveries.get({ id }, { signal }),
    keep: setDetail,
  })
  const delivery = detail ?? known
  return (
    <Pane
      label={delivery ? `Delivery to ${delivery.channel_name}` : 'Delivery'}
      title={delivery ? <ForeignText>{delivery.title}</ForeignText> : 'Delivery'}
      close="Close the delivery"
      onClose={onClose}
    >
      {delivery && <Facts delivery={delivery} />}
      {problem && <ErrorState flush title="The delivery could not be loaded" problem={problem} onRetry={retry} />}
      {detail ? <Content detail={detail} /> : !problem && <SkeletonRows rows={3} />}
    </Pane>
  )
}

function Facts({ delivery }: { delivery: Delivery }) {
  const { channel_id: channel, channel_kind: kind, rules, incident_ids: incidents, last_error: error } = delivery
  return (
    <div className="flex flex-none flex-col gap-3">
      <div className="font-medium">
        <DeliveryBadge delivery={delivery} />
      </div>
      {delivery.because !== '' && (
        <p className="text-muted first-letter:uppercase">
          <ForeignText>{withLocalTimes(delivery.because)}</ForeignText>
        </p>
      )}
      {error && delivery.state !== 'delivered' && !delivery.because.includes(error.message) && (
        <p className="max-h-40 overflow-y-auto rounded-panel bg-err-soft px-3 py-2">
          <span className="font-mono text-code text-err">{error.code}</span> <ForeignText>{error.message}</ForeignText>
        </p>
      )}
      <HeldUp delivery={delivery} />
      <Resend delivery={delivery} />
      <dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-x-4 gap-y-1 [&>dt]:text-muted">
        <Fact name="Tells">{actionWords[delivery.action]}</Fact>
        <Fact name="Channel">
          <Link
            to="/notifications/channels/$id"
            params={{ id: channel }}
            className="text-accent underline underline-offset-2"
          >
            {delivery.channel_name}
          </Link>{' '}
          <span className="text-muted">{channelKinds[kind].word}</span>
        </Fact>
        {rules.length > 0 && (
          <Fact name={rules.length === 1 ? 'Rule' : 'Rules'}>
            {rules.map(({ id, name }, index) => (
              <span key={id}>
                {index > 0 && ', '}
                <Link
                  to="/notifications/rules/$id"
                  params={{ id }}
                  className="text-accent underline underline-offset-2"
                >
                  {name}
                </Link>
              </span>
            ))}
          </Fact>
        )}
        {incidents.length > 0 && (
          <Fact name={incidents.length === 1 ? 'Incident' : 'Incidents'}>
            <IncidentLinks ids={incidents} count={delivery.event_count} />
          </Fact>
        )}
        <Fact name="Queued">{timeWords(delivery.created_at)}</Fact>
        {delivery.delivered_at !== null && (
          <Fact name="Delivered">
            {timeWords(delivery.delivered_at)}
            {delivery.latency_ms !== null && (
              <span className="text-muted">, answered in {durationWords(delivery.latency_ms)}</span>
            )}
          </Fact>
        )}
        {delivery.next_attempt_at !== null && <Fact name="Next attempt">{timeWords(delivery.next_attempt_at)}</Fact>}
      </dl>
    </div>
  )
}

const SHOWN = 5

function IncidentLinks({ ids, count }: { ids: readonly string[]; count: number }) {
  const rest = Math.max(ids.length, count) - SHOWN
  return (
    <>
      {ids.slice(0, SHOWN).map((id, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <Link to="/incidents" search={{ incident: id }} className="text-accent underline underline-offset-2">
            {ids.length === 1 ? 'Open the incident' : `Incident ${index + 1}`}
          </Link>
        </span>
      ))}
      {ids.length > SHOWN && <span className="text-muted"> and {rest.toLocaleString('en')} more</span>}
    </>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </>
  )
}

/** Why something that is due is not sent: its channel is not well, and one after the other is tried. */
function HeldUp({ delivery: { channel_id: id, state } }: { delivery: Delivery }) {
  const now = useNow(10_000)
  const channel = useChannels(({ byId }) => byId[id])
  if (!channel || state !== 'pending') return null
  const problem = channelProblem(channel)
  if (problem === undefined) return null
  const { retry_at: retryAt } = channel.health
  return (
    <p className="rounded-panel bg-warn-soft px-3 py-2">
      It waits until {channel.name} works again. <ForeignText>{problem}</ForeignText>
      {retryAt !== null && ` The next attempt is at ${untilWords(retryAt, now)}.`}
    </p>
  )
}

function Resend({ delivery }: { delivery: Delivery }) {
  const { client } = useConsole()
  const blocked = useWritable() ? undefined : 'Reconnecting'
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string>()
  if (!canResend(delivery)) return null
  const resend = async (): Promise<void> => {
    setBusy(true)
    setError(undefined)
    try {
      await client.deliveries.resend({ id: delivery.id })
    } catch (cause) {
      setError(problemOf(cause).message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div>
      <Button
        icon={RotateCw}
        look={delivery.state === 'failed' ? 'primary' : 'secondary'}
        busy={busy}
        blocked={blocked}
        onClick={() => void resend()}
      >
        Send again
      </Button>
      <div aria-live="polite">{error !== undefined && <FieldError>{error}</FieldError>}</div>
    </div>
  )
}

function Content({ detail }: { detail: DeliveryDetail }) {
  const attempts = <Attempts log={detail.log} total={detail.attempts} />
  if (!detail.preview) {
    return (
      <section aria-label="Attempts" className="flex-none">
        <h3 className="mb-1 text-meta font-semibold text-muted">Attempts</h3>
        {attempts}
      </section>
    )
  }
  return (
    <div className="flex-none">
      <Tabs
        label="Parts of the delivery"
        panels={[
          { id: 'attempts', label: `Attempts ${detail.attempts}`, content: attempts },
          { id: 'message', label: 'Notice', content: <MessageView preview={detail.preview} /> },
        ]}
      />
    </div>
  )
}
