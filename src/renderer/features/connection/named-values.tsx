import { Lock, LockOpen, Plus, X } from 'lucide-react'
import { useFieldArray, useFormContext, useWatch } from 'react-hook-form'
import { Button, IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { controlLook, FieldError } from '../../ui/field.tsx'
import type { ConnectionValues } from './connection-values.ts'

/** What a form with these rows has of them. */
type Lists = Pick<ConnectionValues, 'env' | 'headers'>

/** Rows of NAME and value. The lock says whether the value is sealed in the vault or stored in the clear. */
export function NamedValues({
  list,
  title,
  add,
  placeholder,
  onReplace,
}: {
  list: 'env' | 'headers'
  title: string
  add: string
  placeholder: string
  /** Asked for when a stored secret is to change: the whole set is entered again. */
  onReplace: () => void
}) {
  const { control, register, formState, setValue } = useFormContext<Lists>()
  const rows = useFieldArray({ control, name: list })
  const values = useWatch({ control, name: list })
  const errors = formState.errors[list]
  return (
    <fieldset>
      <legend className="mb-1 font-medium">{title}</legend>
      <div className="flex flex-col gap-2">
        {rows.fields.map((field, index) => {
          const row = values[index]
          const name = row?.name.trim() ? row.name : `row ${index + 1}`
          const error = errors?.[index]?.name?.message ?? errors?.[index]?.value?.message
          const stored = row?.stored
          return (
            <div key={field.id}>
              <div className="flex items-center gap-1">
                <input
                  aria-label={`Name of ${name}`}
                  placeholder={placeholder}
                  autoComplete="off"
                  spellCheck={false}
                  readOnly={stored !== undefined}
                  aria-invalid={errors?.[index]?.name ? true : undefined}
                  {...register(`${list}.${index}.name`)}
                  className={classes(
                    controlLook,
                    'h-8 basis-2/5 font-mono text-code',
                    errors?.[index]?.name ? 'border-err' : 'border-line-strong',
                  )}
                />
                {stored === undefined ? (
                  <input
                    aria-label={`Value of ${name}`}
                    type={row?.secret ? 'password' : 'text'}
                    placeholder={row?.secret ? 'secret value' : 'value'}
                    autoComplete={row?.secret ? 'new-password' : 'off'}
                    data-1p-ignore
                    spellCheck={false}
                    aria-invalid={errors?.[index]?.value ? true : undefined}
                    {...register(`${list}.${index}.value`)}
                    className={classes(
                      controlLook,
                      'h-8 flex-1 font-mono text-code',
                      errors?.[index]?.value ? 'border-err' : 'border-line-strong',
                    )}
                  />
                ) : (
                  <div className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-control border border-line bg-sunken pr-1 pl-2.5 text-muted">
                    Stored <span className="font-mono text-code">{stored}</span>
                    <Button
                      size="small"
                      look="quiet"
                      className="ml-auto"
                      aria-label={`Replace ${name}`}
                      onClick={onReplace}
                    >
                      Replace
                    </Button>
                  </div>
                )}
                <button
                  type="button"
                  aria-pressed={row?.secret ?? false}
                  aria-label={`${name} is secret`}
                  title={row?.secret ? 'Secret: sealed in the vault' : 'Not secret: stored in the clear'}
                  disabled={stored !== undefined}
                  onClick={() => setValue(`${list}.${index}.secret`, !row?.secret, { shouldDirty: true })}
                  className="inline-flex size-8 flex-none items-center justify-center rounded-control text-muted hover:bg-sunken aria-pressed:text-accent disabled:opacity-55"
                >
                  {row?.secret ? (
                    <Lock size={16} strokeWidth={1.75} aria-hidden />
                  ) : (
                    <LockOpen size={16} strokeWidth={1.75} aria-hidden />
                  )}
                </button>
                <IconButton
                  icon={X}
                  label={`Remove ${name}`}
                  onClick={() => {
                    // A stored secret only goes away when the set is written anew.
                    if (stored !== undefined) onReplace()
                    rows.remove(index)
                  }}
                />
              </div>
              {error && <FieldError>{error}</FieldError>}
            </div>
          )
        })}
        <Button
          size="small"
          icon={Plus}
          look="quiet"
          className="self-start"
          onClick={() => rows.append({ name: '', value: '', secret: false })}
        >
          {add}
        </Button>
      </div>
    </fieldset>
  )
}
