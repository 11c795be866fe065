import '../../zod-jitless.ts'
import { useRef, useState } from 'react'
import { EventInput, type Severity } from '../../../shared/contract/incidents.ts'
import { useConsole } from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FieldError, TextAreaField, TextField } from '../../ui/field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { severities, severityWords } from './severity-words.ts'

type Errors = Partial<Record<string, string>>

/** What a person saw that no monitor told of. It goes through the same rules as everything else. */
export function ReportDialog({
  blocked,
  onClose,
  onReported,
}: {
  blocked: string | undefined
  onClose: () => void
  /** With the incident that it opened, or went on with. */
  onReported: (incident: string | null) => void
}) {
  const { client } = useConsole()
  const first = useRef<HTMLInputElement>(null)
  const opensIncident = useRef(false)
  const [title, setTitle] = useState('')
  const [severity, setSeverity] = useState<Severity>('medium')
  const [service, setService] = useState('')
  const [description, setDescription] = useState('')
  const [errors, setErrors] = useState<Errors>({})
  const [busy, setBusy] = useState(false)

  const send = async (): Promise<void> => {
    if (blocked !== undefined || busy) return
    const given = { title, severity, service: service.trim(), description: description.trim() }
    const parsed = EventInput.safeParse(given)
    if (!parsed.success) {
      setErrors(Object.fromEntries(parsed.error.issues.map(({ path, message }) => [String(path[0]), message])))
      return
    }
    setBusy(true)
    try {
      const { incident_id: incident } = await client.events.create(given)
      opensIncident.current = incident !== null
      onReported(incident)
    } catch (cause) {
      const { message, details } = problemOf(cause)
      setErrors({ form: message, ...Object.fromEntries(details.map((detail) => [detail.path, detail.message])) })
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      initialFocus={first}
      givesFocusBack={() => !opensIncident.current}
      title="Report an incident"
      description="The notification rules decide who is told."
    >
      <form
        className="mt-4 flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
        onKeyDown={(event) => {
          // Under a dialog no command is heard; in the field of several lines Enter alone is a line.
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send()
        }}
      >
        <TextField
          ref={first}
          label="What happened"
          placeholder="Checkout answers 500 for every second order"
          value={title}
          maxLength={300}
          error={errors.title}
          onChange={(event) => {
            setTitle(event.target.value)
            setErrors({})
          }}
        />
        <Segmented
          label="Severity"
          value={severity}
          onChange={setSeverity}
          options={severities.map((value) => ({ value, label: severityWords[value].word }))}
        />
        <TextField
          label="Service"
          placeholder="checkout"
          hint="What it happened to. Rules can look at it."
          value={service}
          maxLength={100}
          error={errors.service}
          onChange={(event) => setService(event.target.value)}
        />
        <TextAreaField
          label="Description"
          grows
          rows={3}
          value={description}
          maxLength={20_000}
          error={errors.description}
          onChange={(event) => setDescription(event.target.value)}
        />
        <div aria-live="polite">{errors.form !== undefined && <FieldError>{errors.form}</FieldError>}</div>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy} blocked={blocked}>
            Report
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
