import { Link } from '@tanstack/react-router'
import {
  Bell,
  BellOff,
  CircleCheck,
  CircleDot,
  CircleUser,
  FileText,
  type LucideIcon,
  MessageSquare,
  Pencil,
  RotateCw,
  TrendingUp,
} from 'lucide-react'
import { useState } from 'react'
import type { IncidentEvent, TimelineEntry } from '../../../shared/contract/incidents.ts'
import { classes } from '../../ui/classes.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { LongText } from '../../ui/long-text.tsx'
import { useNow } from '../../ui/use-now.ts'
import { agoWords, timeWords } from '../../ui/words.ts'
import { Decisions } from './decisions.tsx'
import { toldCount } from './told.ts'

const looks: Record<TimelineEntry['kind'], { icon: LucideIcon; ink: string }> = {
  opened: { icon: CircleDot, ink: 'text-warn' },
  severity_changed: { icon: TrendingUp, ink: 'text-err' },
  updated: { icon: Pencil, ink: 'text-muted' },
  repeated: { icon: RotateCw, ink: 'text-muted' },
  acknowledged: { icon: CircleUser, ink: 'text-info' },
  resolved: { icon: CircleCheck, ink: 'text-ok' },
  rca: { icon: FileText, ink: 'text-accent' },
  note: { icon: MessageSquare, ink: 'text-muted' },
  delivered: { icon: Bell, ink: 'text-ok' },
  delivery_failed: { icon: BellOff, ink: 'text-err' },
}

/** All that happened, oldest first, and for what was told of it: who got to know, and why others did not. */
export function Timeline({
  entries,
  events,
}: {
  entries: readonly TimelineEntry[]
  events: ReadonlyMap<string, IncidentEvent>
}) {
  const now = useNow(30_000)
  return (
    <ol className="flex flex-col">
      {entries.map((entry) => (
        <Entry
          key={entry.id}
          entry={entry}
          event={entry.event_id === null ? undefined : events.get(entry.event_id)}
          now={now}
        />
      ))}
    </ol>
  )
}

function Entry({ entry, event, now }: { entry: TimelineEntry; event: IncidentEvent | undefined; now: number }) {
  const { icon: Icon, ink } = looks[entry.kind]
  const [why, setWhy] = useState(false)
  return (
    <li className="flex gap-2.5 border-b border-line py-2 last:border-b-0">
      <Icon size={16} strokeWidth={1.75} aria-hidden className={classes('mt-0.5 flex-none', ink)} />
      <div className="min-w-0 flex-1">
        <p className="wrap-anywhere">
          <LongText text={entry.message} />
        </p>
        <p className="flex flex-wrap items-center gap-x-3 text-meta text-muted">
          <span title={timeWords(entry.at)}>{agoWords(entry.at, now)}</span>
          {entry.actor !== '' && <ForeignText>{entry.actor}</ForeignText>}
          {entry.delivery_id !== null && (
            <Link
              to="/notifications/deliveries"
              search={{ delivery: entry.delivery_id }}
              className="text-accent underline underline-offset-2"
            >
              Delivery
            </Link>
          )}
          {event && (
            <button
              type="button"
              aria-expanded={why}
              onClick={() => setWhy(!why)}
              className="inline-flex h-6 items-center rounded-control text-accent hover:underline"
            >
              {whyWords(event)}
            </button>
          )}
        </p>
        {why && event && <Decisions decisions={event.decisions} />}
      </div>
    </li>
  )
}

function whyWords(event: IncidentEvent): string {
  const told = toldCount(event.decisions)
  if (told === 0) return 'Why was nobody told?'
  return told === 1 ? 'Who was told? 1 channel' : `Who was told? ${told} channels`
}
