import { CircleCheck, CircleUser } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import type { IncidentDetail, Severity } from '../../../shared/contract/incidents.ts'
import { useConsole, useWritable } from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { controlLook, FieldError } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { severities, severityWords } from './severity-words.ts'

type Doing = 'acknowledge' | 'resolve' | 'severity' | 'note'

/** What a person can do about an incident. A note that is written goes along with whatever is done next. */
export function IncidentActions({
  incident,
  onChanged,
}: {
  incident: IncidentDetail
  onChanged: (after: IncidentDetail) => void
}) {
  const { client } = useConsole()
  const writable = useWritable()
  const errorId = useId()
  const noteField = useRef<HTMLTextAreaElement>(null)
  const noteButton = useRef<HTMLButtonElement>(null)
  const [note, setNote] = useState('')
  const [doing, setDoing] = useState<Doing>()
  const [error, setError] = useState<string>()
  const { id, status } = incident
  const blocked = writable ? undefined : 'Reconnecting'
  const written = note.trim()
  const withNote = written === '' ? {} : { note: written }

  const run = async (what: Doing, work: () => Promise<IncidentDetail>): Promise<void> => {
    if (blocked !== undefined || doing !== undefined) return
    setDoing(what)
    setError(undefined)
    try {
      onChanged(await work())
      // The button goes with what was written; who adds a note may add another.
      if (document.activeElement === noteButton.current) noteField.current?.focus()
      setNote('')
    } catch (cause) {
      const { message, details } = problemOf(cause)
      setError(details[0]?.message ?? message)
    } finally {
      setDoing(undefined)
    }
  }
  const addNote = (): Promise<void> => run('note', () => client.incidents.update({ id, note: written }))
  return (
    <section aria-label="What to do" className="flex flex-none flex-col gap-2">
      <textarea
        ref={noteField}
        aria-label="Note"
        placeholder="Add a note: it goes along with what you do next"
        rows={1}
        maxLength={5_000}
        value={note}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={error === undefined ? undefined : errorId}
        onChange={(event) => setNote(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && written !== '') void addNote()
        }}
        className={classes(
          controlLook,
          'max-h-43.5 min-h-8 flex-none resize-none border-line-strong py-1.5 field-sizing-content',
        )}
      />
      <div className="flex flex-wrap items-center gap-2">
        {status === 'open' && (
          <Button
            look="primary"
            icon={CircleUser}
            busy={doing === 'acknowledge'}
            blocked={blocked}
            onClick={() => void run('acknowledge', () => client.incidents.acknowledge({ id, ...withNote }))}
          >
            Acknowledge
          </Button>
        )}
        {status !== 'resolved' && (
          <Button
            look={status === 'acknowledged' ? 'primary' : 'secondary'}
            icon={CircleCheck}
            busy={doing === 'resolve'}
            blocked={blocked}
            onClick={() => void run('resolve', () => client.incidents.resolve({ id, ...withNote }))}
          >
            Resolve
          </Button>
        )}
        {written !== '' && (
          <Button ref={noteButton} busy={doing === 'note'} blocked={blocked} onClick={() => void addNote()}>
            Add note
          </Button>
        )}
        {status !== 'resolved' && (
          <Select<Severity>
            label="Severity of the incident"
            prefix="Severity"
            className="ml-auto"
            value={incident.severity}
            onChange={(severity) => {
              if (severity === incident.severity) return
              void run('severity', () => client.incidents.update({ id, severity, ...withNote }))
            }}
            options={severities.map((value) => ({ value, label: severityWords[value].word }))}
          />
        )}
      </div>
      <div aria-live="polite">{error !== undefined && <FieldError id={errorId}>{error}</FieldError>}</div>
    </section>
  )
}
