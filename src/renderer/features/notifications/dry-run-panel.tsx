import { Check, ChevronRight, X } from 'lucide-react'
import { useState } from 'react'
import type { Channel, MessagePreview } from '../../../shared/contract/channels.ts'
import type { PreviewedEvent } from '../../../shared/contract/rules.ts'
import { classes } from '../../ui/classes.ts'
import { FieldError } from '../../ui/field.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { useNow } from '../../ui/use-now.ts'
import { agoWords, countWords, timeWords } from '../../ui/words.ts'
import { Decision } from '../incidents/decisions.tsx'
import { SeverityBadge } from '../incidents/severity-badge.tsx'
import { untilWords } from './channel-words.ts'
import type { DryRun } from './use-dry-run.ts'

/** What the rule as it stands would have made of the last events: which, why, and what each channel would have got when. */
export function DryRunPanel({
  run,
  error,
  isOld,
  channels,
}: {
  run: DryRun | undefined
  /** Why there is none for what stands in the form now. */
  error: string | undefined
  /** The form has faults: it is of what stood there before. */
  isOld: boolean
  channels: readonly Channel[]
}) {
  const [shown, setShown] = useState<'matched' | 'all'>('matched')
  const now = useNow(30_000)
  const items = run?.items.filter(({ decision }) => shown === 'all' || decision.matched) ?? []
  return (
    <section aria-label="Dry run" className="flex min-w-0 flex-col gap-2 rounded-panel border border-line p-4">
      <h2 className="font-semibold">Dry run</h2>
      <div aria-live="polite">
        {error !== undefined && <FieldError>{error}</FieldError>}
        {run && <p className={classes((isOld || error !== undefined) && 'text-muted')}>{runWords(run)}</p>}
        {run && isOld && <p className="text-muted">The last changes are not in it: they are not complete.</p>}
      </div>
      {run && run.examined > 0 && (
        <>
          <Segmented
            label="Events that are shown"
            hideLabel
            value={shown}
            onChange={setShown}
            options={[
              { value: 'matched', label: `Matched ${run.matched}` },
              { value: 'all', label: `All ${run.examined}` },
            ]}
          />
          <ul aria-label="Events" className="flex max-h-140 flex-col overflow-y-auto" tabIndex={0}>
            {items.map((item) => (
              <Item key={item.event.id} item={item} channels={channels} now={now} />
            ))}
          </ul>
        </>
      )}
      {run?.examined === 0 && (
        <p className="text-muted">As soon as something is reported, it is shown here what this rule makes of it.</p>
      )}
    </section>
  )
}

function runWords({ examined, matched }: DryRun): string {
  if (examined === 0) return 'Nothing has happened yet.'
  return `Of the last ${countWords(examined, 'event')} ${matched.toLocaleString('en')} would have matched.`
}

function Item({ item, channels, now }: { item: PreviewedEvent; channels: readonly Channel[]; now: number }) {
  const { event, decision, messages } = item
  const [open, setOpen] = useState(false)
  const Icon = decision.matched ? Check : X
  return (
    <li className="border-b border-line py-1 last:border-b-0">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="grid min-h-8 w-full grid-cols-[16px_minmax(0,1fr)_auto_16px] items-center gap-2 rounded-control px-1 py-1 text-left hover:bg-sunken"
      >
        <Icon size={16} strokeWidth={1.75} aria-hidden className={decision.matched ? 'text-ok' : 'text-muted'} />
        <span className="min-w-0">
          <span className="sr-only">{decision.matched ? 'Matched: ' : 'Did not match: '}</span>
          <span dir="auto" className="block truncate">
            {event.title}
          </span>
          <span className="flex gap-3 text-meta text-muted">
            <span title={timeWords(event.received_at)}>{agoWords(event.received_at, now)}</span>
            {event.status !== 'open' && <span>{event.status}</span>}
          </span>
        </span>
        <SeverityBadge severity={event.severity} />
        <ChevronRight size={16} strokeWidth={1.75} aria-hidden className={classes('text-muted', open && 'rotate-90')} />
      </button>
      {open && (
        <div className="flex flex-col gap-2 py-1 pl-7">
          <Decision decision={decision} isReal={false} />
          {messages.map(({ channel_id: id, at, preview }) => (
            <Message
              key={id}
              channel={channels.find((channel) => channel.id === id)?.name ?? 'A channel'}
              when={Date.parse(at) - Date.parse(event.received_at) < 1_000 ? 'at once' : `at ${untilWords(at, now)}`}
              preview={preview}
            />
          ))}
        </div>
      )}
    </li>
  )
}

function Message({ channel, when, preview }: { channel: string; when: string; preview: MessagePreview | null }) {
  return (
    <div>
      <p>
        <span className="font-medium">{channel}</span> <span className="text-muted">{when}:</span>
      </p>
      {preview && (
        <div
          className="mt-1 max-h-60 overflow-y-auto rounded-panel bg-sunken px-3 py-2"
          tabIndex={0}
          aria-label={`Message to ${channel}`}
          role="group"
        >
          <ForeignText>{preview.text}</ForeignText>
        </div>
      )}
    </div>
  )
}
