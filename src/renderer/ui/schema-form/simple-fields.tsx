import { Eye, EyeOff } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { JsonNumber, type JsonValue, numberFrom, sameValue, Unfinished } from '../../json/value.ts'
import { IconButton } from '../button.tsx'
import { classes } from '../classes.ts'
import { controlLook } from '../field.tsx'
import { withoutHidden } from '../../../shared/hidden-characters.ts'
import { placeholderOf } from './detail-words.ts'
import type { BooleanKind, ChoiceKind, FieldBase, NumberKind, TextKind } from './field.ts'
import { type Control, FieldFrame, NullToggle } from './field-frame.tsx'
import { type FieldProps, useForm } from './form-context.ts'
import { NativeSelect } from './native-select.tsx'

type Valued<Props> = Props & { value: JsonValue | undefined }

/** Longer texts make a field slow; they are changed as JSON, where nothing is laid out that is not in view. */
const LONGEST_SHOWN = 100_000
const DATE = /^\d{4}-\d\d-\d\d$/

const look = (invalid: boolean | undefined, extra: string): string =>
  classes(controlLook, invalid ? 'border-err' : 'border-line-strong', extra)

function described({ id, describedBy, invalid }: Control) {
  return { id, 'aria-describedby': describedBy, 'aria-invalid': invalid }
}

/** A line of text, several, a date, or a secret. What is emptied is taken away, unless it has to be there. */
export function TextField({ value, ...props }: Valued<FieldProps<FieldBase & TextKind>>) {
  const { field, label, pointer, required } = props
  const { set } = useForm()
  const [visible, setVisible] = useState(false)
  const text = typeof value === 'string' ? value : ''
  const change = (next: string): void => set(pointer, next === '' && !required ? undefined : next)
  const placeholder = value === null ? 'null' : value === '' ? 'empty text' : placeholderOf(field)
  const tooLong = text.length > LONGEST_SHOWN
  const shared = {
    placeholder,
    autoComplete: 'off',
    spellCheck: false,
    'aria-required': required || undefined,
  }
  return (
    <FieldFrame
      {...props}
      aside={
        <>
          {field.secret && (
            <IconButton
              size="small"
              icon={visible ? EyeOff : Eye}
              label={`${visible ? 'Hide' : 'Show'} ${label}`}
              onClick={() => setVisible(!visible)}
            />
          )}
          {field.nullable && (
            <NullToggle
              label={label}
              isNull={value === null}
              onChange={(isNull) => set(pointer, isNull ? null : undefined)}
            />
          )}
        </>
      }
    >
      {(control) => {
        if (tooLong) return <LongValue text={text} control={control} onReplace={() => set(pointer, '')} />
        if (field.secret) {
          return (
            <input
              {...shared}
              {...described(control)}
              type={visible ? 'text' : 'password'}
              autoComplete="new-password"
              value={text}
              onChange={(event) => change(event.target.value)}
              className={look(control.invalid, 'h-8 font-mono text-code')}
            />
          )
        }
        if (field.format === 'date' && (text === '' || DATE.test(text))) {
          return (
            <input
              {...shared}
              {...described(control)}
              type="date"
              value={text}
              onChange={(event) => change(event.target.value)}
              className={look(control.invalid, 'h-8')}
            />
          )
        }
        return (
          <textarea
            {...shared}
            {...described(control)}
            rows={1}
            value={text}
            title={field.long ? undefined : 'Shift+Enter: new line'}
            onKeyDown={field.long ? undefined : keepOneLine}
            onChange={(event) => change(event.target.value)}
            // `rows` means nothing to a field that is sized by its content.
            style={{ minHeight: `calc(${field.long ? 3 : 1}lh + 12px)` }}
            className={look(control.invalid, 'block field-sizing-content max-h-43.5 resize-none py-1.25 wrap-anywhere')}
          />
        )
      }}
    </FieldFrame>
  )
}

/** Most texts are one line, in which Enter would add an end that nobody sees. */
function keepOneLine(event: KeyboardEvent): void {
  if (event.key === 'Enter' && !event.shiftKey && !event.metaKey && !event.ctrlKey && !event.nativeEvent.isComposing) {
    event.preventDefault()
  }
}

function LongValue({ text, control, onReplace }: { text: string; control: Control; onReplace: () => void }) {
  return (
    <div className="flex items-start gap-3 rounded-control bg-sunken px-2.5 py-1.5">
      <p className="min-w-0 flex-1">
        <span className="font-medium">{text.length.toLocaleString('en')} characters.</span> Too long to be edited here:
        use JSON, or{' '}
        <button {...described(control)} type="button" onClick={onReplace} className="text-accent hover:underline">
          write a new text
        </button>
        .
      </p>
    </div>
  )
}

/** The text that was typed is the number: nothing rounds it, and nothing half typed is lost. */
export function NumberField({ value, ...props }: Valued<FieldProps<FieldBase & NumberKind>>) {
  const { field, label, pointer, required } = props
  const { set } = useForm()
  const text = value instanceof JsonNumber || value instanceof Unfinished ? value.text : ''
  const problem = value instanceof Unfinished && text !== '' ? 'This is not a number.' : props.problem
  return (
    <FieldFrame
      {...props}
      problem={problem}
      aside={
        field.nullable && (
          <NullToggle
            label={label}
            isNull={value === null}
            onChange={(isNull) => set(pointer, isNull ? null : undefined)}
          />
        )
      }
    >
      {(control) => (
        <input
          {...described(control)}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          spellCheck={false}
          aria-required={required || undefined}
          placeholder={value === null ? 'null' : placeholderOf(field)}
          value={text}
          onChange={(event) => {
            const next = event.target.value.trim()
            set(pointer, next === '' ? undefined : numberFrom(next))
          }}
          className={look(control.invalid, 'h-8 font-mono text-code')}
        />
      )}
    </FieldFrame>
  )
}

export function BooleanField({ value, ...props }: Valued<FieldProps<FieldBase & BooleanKind>>) {
  const { field, pointer, required } = props
  const { set } = useForm()
  const choices: { label: string; value: JsonValue | undefined }[] = [
    { label: 'true', value: true },
    { label: 'false', value: false },
    ...(field.nullable ? [{ label: 'null', value: null }] : []),
    ...(required ? [] : [{ label: 'Not set', value: undefined }]),
  ]
  return (
    <FieldFrame {...props} group>
      {({ id, labelId, describedBy }) => (
        <div
          role="radiogroup"
          aria-labelledby={labelId}
          aria-describedby={describedBy}
          className="inline-flex rounded-control border border-line bg-sunken p-0.5"
        >
          {choices.map((choice) => (
            <label
              key={choice.label}
              className="relative flex h-6.5 items-center rounded-[5px] px-3 text-muted select-none hover:text-ink has-checked:bg-surface has-checked:font-medium has-checked:text-ink has-checked:ring-1 has-checked:ring-line has-focus-visible:outline-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name={id}
                checked={choice.value === value}
                onChange={() => set(pointer, choice.value)}
                className="absolute inset-0 opacity-0"
              />
              {choice.label}
            </label>
          ))}
        </div>
      )}
    </FieldFrame>
  )
}

const NOT_SET = ''
const NULL = 'null'

export function ChoiceField({ value, ...props }: Valued<FieldProps<FieldBase & ChoiceKind>>) {
  const { field, pointer, required } = props
  const { set } = useForm()
  const index = field.options.findIndex((option) => sameValue(option.value, value))
  const fallback = field.options.find((option) => sameValue(option.value, field.fallback))?.label
  return (
    <FieldFrame {...props}>
      {(control) => (
        <NativeSelect
          {...described(control)}
          invalid={control.invalid ?? false}
          aria-required={required || undefined}
          value={value === undefined ? NOT_SET : value === null ? NULL : String(index)}
          onChange={({ target }) => {
            if (target.value === NOT_SET) set(pointer, undefined)
            else set(pointer, target.value === NULL ? null : field.options[Number(target.value)]?.value)
          }}
        >
          {(!required || value === undefined) && (
            <option value={NOT_SET}>
              {required
                ? 'Choose'
                : fallback === undefined
                  ? 'Not set'
                  : `Not set (by default ${fallback.slice(0, 60)})`}
            </option>
          )}
          {field.nullable && <option value={NULL}>null</option>}
          {field.options.map((option, place) => (
            <option key={place} value={place}>
              {withoutHidden(option.label).slice(0, 200)}
            </option>
          ))}
        </NativeSelect>
      )}
    </FieldFrame>
  )
}
