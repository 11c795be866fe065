import { ChevronRight, CircleAlert, CircleCheck } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { DeliveryAttempt } from '../../../shared/contract/deliveries.ts'
import { classes } from '../../ui/classes.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { durationWords, timeWords } from '../../ui/words.ts'
import { prettyJson } from '../traffic/recorded-json.ts'

/** What went over the wire, attempt by attempt, the newest first and open. Secrets are masked by the core. */
export function Attempts({ log, total }: { log: readonly DeliveryAttempt[]; total: number }) {
  if (log.length === 0) return <p className="text-muted">Nothing was attempted yet.</p>
  const newestFirst = log.toReversed()
  return (
    <>
      {total > log.length && (
        <p className="mb-1 text-muted">The first and the last of {total.toLocaleString('en')} attempts.</p>
      )}
      <ol className="flex flex-col">
        {newestFirst.map((attempt, index) => (
          <Attempt key={attempt.at} attempt={attempt} opens={index === 0} />
        ))}
      </ol>
    </>
  )
}

function Attempt({ attempt, opens }: { attempt: DeliveryAttempt; opens: boolean }) {
  const [open, setOpen] = useState(opens)
  const { at, duration_ms: duration, request, answer, error } = attempt
  const Icon = error ? CircleAlert : CircleCheck
  return (
    <li className="border-b border-line py-1 last:border-b-0">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="grid min-h-8 w-full grid-cols-[16px_minmax(0,1fr)_auto_16px] items-center gap-2 rounded-control px-1 text-left hover:bg-sunken"
      >
        <Icon size={16} strokeWidth={1.75} aria-hidden className={error ? 'text-err' : 'text-ok'} />
        <span className="truncate">{error ? error.message : (answer?.status ?? 'Sent')}</span>
        <span className="text-meta text-muted tabular-nums">
          {timeWords(at)}, {durationWords(duration)}
        </span>
        <ChevronRight size={16} strokeWidth={1.75} aria-hidden className={classes('text-muted', open && 'rotate-90')} />
      </button>
      {open && (
        <div className="flex flex-col gap-2 py-1 pl-7">
          {error && (
            <p className="wrap-anywhere">
              <span className="font-mono text-code text-err">{error.code}</span>{' '}
              <ForeignText>{error.message}</ForeignText>
            </p>
          )}
          <Wire title="Request">
            {`${request.method} ${request.url}\n${headerLines(request.headers)}\n\n${readable(request.body)}`}
          </Wire>
          {answer ? (
            <Wire title={`Answer: ${answer.status}`}>{readable(answer.body)}</Wire>
          ) : (
            <p className="text-muted">No answer came.</p>
          )}
        </div>
      )}
    </li>
  )
}

function Wire({ title, children }: { title: string; children: string }): ReactNode {
  return (
    <div>
      <p className="text-meta font-medium text-muted">{title}</p>
      {children.trim() === '' ? (
        <p className="text-muted">Without a body.</p>
      ) : (
        <div
          role="group"
          aria-label={title}
          tabIndex={0}
          className="max-h-60 overflow-auto rounded-panel bg-sunken p-3 font-mono text-code focus-visible:-outline-offset-2"
        >
          <ForeignText className="wrap-anywhere">{children}</ForeignText>
        </div>
      )}
    </div>
  )
}

function headerLines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
}

function readable(body: string): string {
  return prettyJson(body) ?? body
}
