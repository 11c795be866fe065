import { Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { pointerTo } from '../../json/pointer.ts'
import { isObject, type JsonObject, type JsonValue } from '../../json/value.ts'
import { Button } from '../button.tsx'
import { controlLook } from '../field.tsx'
import type { FieldBase, ObjectKind, Property, VariantKind } from './field.ts'
import { FieldFrame, NullToggle } from './field-frame.tsx'
import { type FieldProps, type Problems, useForm } from './form-context.ts'
import { NativeSelect } from './native-select.tsx'
import { initialObject, layoutOf, variantOf, variantValue } from './values.ts'

const PAGE = 100

/** The fields of an object that is itself a field: a group that can be added and removed. */
export function ObjectField({
  value,
  problems,
  ...props
}: FieldProps<FieldBase & ObjectKind> & { value: JsonValue | undefined; problems: Problems }) {
  const { field, label, pointer, required } = props
  const { set } = useForm()
  const there = isObject(value) || (required && value === undefined && !field.nullable)
  return (
    <FieldFrame {...props} group aside={<GroupActions {...props} nullable={field.nullable} value={value} />}>
      {() =>
        there ? (
          <div className="border-l-2 border-line pl-3">
            <ObjectFields
              field={field}
              pointer={pointer}
              value={isObject(value) ? value : undefined}
              problems={problems}
            />
          </div>
        ) : (
          value !== null && (
            <Button size="small" icon={Plus} onClick={() => set(pointer, initialObject(field))}>
              Add {label}
            </Button>
          )
        )
      }
    </FieldFrame>
  )
}

/** One of several shapes: which one, and then its fields. */
export function VariantsField({
  value,
  problems,
  ...props
}: FieldProps<FieldBase & VariantKind> & { value: JsonValue | undefined; problems: Problems }) {
  const { field, label, pointer, required } = props
  const { set } = useForm()
  const option = variantOf(field, value)
  return (
    <FieldFrame {...props} aside={<GroupActions {...props} nullable={field.nullable} value={value} />}>
      {({ id, describedBy, invalid }) => (
        <>
          <NativeSelect
            id={id}
            invalid={invalid ?? false}
            aria-describedby={describedBy}
            aria-invalid={invalid}
            aria-required={required || undefined}
            value={option ? field.options.indexOf(option) : ''}
            onChange={({ target }) => {
              const next = field.options[Number(target.value)]
              set(pointer, target.value === '' || !next ? undefined : variantValue(field, next, value))
            }}
          >
            {(!required || !option) && <option value="">{required ? 'Choose' : 'Not set'}</option>}
            {field.options.map((each, index) => (
              <option key={index} value={index}>
                {each.label.slice(0, 200)}
              </option>
            ))}
          </NativeSelect>
          {option && isObject(value) && (
            <div role="group" aria-label={`${label}: ${option.label}`} className="mt-3 border-l-2 border-line pl-3">
              <ObjectFields
                key={option.label}
                field={option.field}
                pointer={pointer}
                value={value}
                problems={problems}
                tag={field.tag}
              />
            </div>
          )}
        </>
      )}
    </FieldFrame>
  )
}

function GroupActions({
  label,
  pointer,
  required,
  nullable,
  value,
}: Pick<FieldProps, 'label' | 'pointer' | 'required'> & { nullable: boolean; value: JsonValue | undefined }) {
  const { set } = useForm()
  return (
    <>
      {nullable && (
        <NullToggle
          label={label}
          isNull={value === null}
          onChange={(isNull) => set(pointer, isNull ? null : undefined)}
        />
      )}
      {!required && isObject(value) && (
        <Button size="small" look="quiet" aria-label={`Remove ${label}`} onClick={() => set(pointer, undefined)}>
          Remove
        </Button>
      )}
    </>
  )
}

/** The fields of an object. Of hundreds the optional ones are shown on demand, with a search. */
export function ObjectFields({
  field,
  pointer,
  value,
  problems,
  tag,
}: {
  field: ObjectKind
  pointer: string
  value: JsonObject | undefined
  problems: Problems
  /** A member that is set elsewhere. */
  tag?: string
}) {
  const { draw } = useForm()
  const [filled, setFilled] = useState<ReadonlySet<string>>(new Set())
  const [open, setOpen] = useState(false)
  const names = [...(value?.keys() ?? [])]
  // Whatever has a value is on screen from then on, so that nothing moves while somebody types.
  if (!open && names.some((name) => !filled.has(name))) setFilled(new Set([...filled, ...names]))
  const layout = layoutOf(field, value, filled, tag)
  const { optional, unknown } = layout
  const view = (property: Property) => {
    const own = pointerTo(pointer, property.name)
    return draw({
      field: property.field,
      label: property.name,
      pointer: own,
      value: value?.get(property.name),
      required: property.required,
      problems,
      problem: problems.get(own),
    })
  }
  return (
    <div className="flex flex-col gap-4">
      {layout.shown.map(view)}
      {optional.length > 0 && (
        <div>
          <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide' : 'Show'} {optional.length.toLocaleString('en')} optional{' '}
            {optional.length === 1 ? 'field' : 'fields'}
          </Button>
        </div>
      )}
      {open && <OptionalFields fields={optional} view={view} />}
      {unknown.length > 0 && (
        <p className="text-meta wrap-anywhere text-muted">
          Not in the schema, kept as it is: <span className="font-mono">{namesWords(unknown)}</span>
        </p>
      )}
      {field.open && unknown.length === 0 && (
        <p className="text-meta text-muted">More may be given than this form shows: add it under JSON.</p>
      )}
    </div>
  )
}

function OptionalFields({ fields, view }: { fields: readonly Property[]; view: (property: Property) => ReactNode }) {
  const [query, setQuery] = useState('')
  const [shown, setShown] = useState(PAGE)
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const found = fields.filter(({ name, field }) => {
    const text = `${name} ${field.title}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  return (
    <>
      <input
        type="search"
        aria-label="Find an optional field"
        placeholder="Find an optional field"
        value={query}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setQuery(event.target.value)}
        className={`${controlLook} h-8 border-line-strong`}
      />
      {found.slice(0, shown).map(view)}
      {found.length === 0 && <p className="text-muted">No optional field matches.</p>}
      {found.length > shown && (
        <div>
          <Button size="small" onClick={() => setShown(shown + PAGE)}>
            Show {Math.min(PAGE, found.length - shown)} more
          </Button>
        </div>
      )}
    </>
  )
}

function namesWords(names: readonly string[]): string {
  const some = names.slice(0, 10).map((name) => (name.length > 60 ? `${name.slice(0, 60)}…` : name))
  return some.join(', ') + (names.length > some.length ? ` and ${names.length - some.length} more` : '')
}
