import { Lock, LockOpen, Plus, X } from 'lucide-react'
import { Button, IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { controlLook, FieldError } from '../../ui/field.tsx'
import { useAddedFocus } from '../../ui/use-added-focus.ts'
import { type HeaderRow, withSecretGuess } from './header-row.ts'
import { errorUnder, type FieldErrors } from './rule-draft.ts'

/** Headers that go with every request. The lock says whether a value is sealed in the vault or stored in the clear. */
export function HeaderRows({
  rows,
  errors,
  onChange,
}: {
  rows: readonly HeaderRow[]
  errors: FieldErrors
  onChange: (rows: HeaderRow[]) => void
}) {
  const list = useAddedFocus<HTMLDivElement>(rows.length)
  const change = (index: number, changes: Partial<HeaderRow>): void =>
    onChange(rows.map((row, other) => (other === index ? withSecretGuess({ ...row, ...changes }, row) : row)))
  return (
    <fieldset>
      <legend className="mb-1 font-medium">Headers</legend>
      <div ref={list} className="flex flex-col gap-2">
        {rows.map((row, index) => {
          const name = row.name.trim() === '' ? `header ${index + 1}` : row.name
          const place = row.secret ? 'credentials.headers' : 'webhook.headers'
          const error = errorUnder(errors, `${place}.${row.name.trim()}`)
          const Icon = row.secret ? Lock : LockOpen
          return (
            <div key={index}>
              <div className="flex items-center gap-1">
                <input
                  aria-label={`Name of ${name}`}
                  placeholder="X-Team"
                  autoComplete="off"
                  spellCheck={false}
                  readOnly={row.stored !== undefined}
                  value={row.name}
                  aria-invalid={error === undefined ? undefined : true}
                  onChange={(event) => change(index, { name: event.target.value })}
                  className={classes(
                    controlLook,
                    'h-8 min-w-0 basis-2/5 font-mono text-code',
                    error === undefined ? 'border-line-strong' : 'border-err',
                  )}
                />
                {row.stored === undefined ? (
                  <input
                    aria-label={`Value of ${name}`}
                    type={row.secret ? 'password' : 'text'}
                    placeholder={row.secret ? 'secret value' : 'value'}
                    autoComplete={row.secret ? 'new-password' : 'off'}
                    data-1p-ignore
                    spellCheck={false}
                    value={row.value}
                    onChange={(event) => change(index, { value: event.target.value })}
                    className={classes(controlLook, 'h-8 min-w-0 flex-1 border-line-strong font-mono text-code')}
                  />
                ) : (
                  <div className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-control border border-line bg-sunken px-2.5 text-muted">
                    Stored <span className="truncate font-mono text-code">{row.stored}</span>
                  </div>
                )}
                <button
                  type="button"
                  aria-pressed={row.secret}
                  aria-label={`${name} is secret`}
                  title={row.secret ? 'Secret: sealed in the vault' : 'Not secret: stored in the clear'}
                  disabled={row.stored !== undefined}
                  onClick={() =>
                    onChange(rows.map((each, other) => (other === index ? { ...each, secret: !each.secret } : each)))
                  }
                  className="inline-flex size-8 flex-none items-center justify-center rounded-control text-muted hover:bg-sunken aria-pressed:text-accent disabled:opacity-55"
                >
                  <Icon size={16} strokeWidth={1.75} aria-hidden />
                </button>
                <IconButton
                  icon={X}
                  label={`Remove ${name}`}
                  onClick={() => onChange(rows.filter((_, other) => other !== index))}
                />
              </div>
              {error !== undefined && <FieldError>{error}</FieldError>}
            </div>
          )
        })}
        <Button
          icon={Plus}
          size="small"
          className="self-start"
          onClick={() => onChange([...rows, { name: '', value: '', secret: false }])}
        >
          Add header
        </Button>
      </div>
    </fieldset>
  )
}
