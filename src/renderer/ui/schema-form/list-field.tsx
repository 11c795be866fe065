import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { pointerTo } from '../../json/pointer.ts'
import { isArray, type JsonValue } from '../../json/value.ts'
import { Button, IconButton } from '../button.tsx'
import type { FieldBase, ListKind } from './field.ts'
import { FieldFrame, NullToggle } from './field-frame.tsx'
import { type FieldProps, type Problems, useForm } from './form-context.ts'
import { initialItem } from './values.ts'

const PAGE = 50
const CONTROL = 'input, textarea, select, button'

/** Items one below the other, which can be added, removed and moved. Long lists are shown by the page. */
export function ListField({
  value,
  problems,
  ...props
}: FieldProps<FieldBase & ListKind> & { value: JsonValue | undefined; problems: Problems }) {
  const { field, label, pointer, required } = props
  const { set, draw } = useForm()
  const [shown, setShown] = useState(PAGE)
  const list = useRef<HTMLDivElement>(null)
  /** Selects what gets the focus once the list is drawn with its change. */
  const focusNext = useRef<string>(undefined)
  const items = isArray(value) ? value : []

  useEffect(() => {
    if (focusNext.current === undefined) return
    const target = list.current?.querySelector<HTMLElement>(focusNext.current)
    focusNext.current = undefined
    target?.focus()
  }, [value])

  const change = (next: readonly JsonValue[], focus: string): void => {
    focusNext.current = focus
    set(pointer, next)
  }
  const rowOf = (index: number): string => `:scope > div > [data-item="${index}"]`
  const add = (): void => {
    const { length } = items
    setShown(Math.max(shown, length + 1))
    change([...items, initialItem(field.item)], `${rowOf(length)} [data-field] :is(${CONTROL})`)
  }
  const remove = (index: number): void => {
    const next = items.length === 1 ? '[data-add]' : `${rowOf(Math.min(index, items.length - 2))} [data-remove]`
    change(items.toSpliced(index, 1), next)
  }
  const move = (index: number, by: 1 | -1): void => {
    const [moved] = items.slice(index, index + 1)
    const to = index + by
    if (moved === undefined || to < 0 || to >= items.length) return
    const direction = to === 0 ? 'down' : to === items.length - 1 ? 'up' : by > 0 ? 'down' : 'up'
    change(items.toSpliced(index, 1).toSpliced(to, 0, moved), `${rowOf(to)} [data-move=${direction}]`)
  }

  return (
    <FieldFrame
      {...props}
      group
      aside={
        <>
          {field.nullable && (
            <NullToggle
              label={label}
              isNull={value === null}
              onChange={(isNull) => set(pointer, isNull ? null : undefined)}
            />
          )}
          {!required && isArray(value) && (
            <Button size="small" look="quiet" aria-label={`Remove ${label}`} onClick={() => set(pointer, undefined)}>
              Remove
            </Button>
          )}
        </>
      }
    >
      {() => (
        <div ref={list}>
          <div className={items.length > 0 ? 'mb-2 flex flex-col gap-3 border-l-2 border-line pl-3' : ''}>
            {items.slice(0, shown).map((item, index) => {
              const name = `${label} ${index + 1}`
              const itemPointer = pointerTo(pointer, index)
              return (
                <div key={index} data-item={index} className="flex items-start gap-1">
                  <div className="min-w-0 flex-1">
                    {draw({
                      field: field.item,
                      label: name,
                      pointer: itemPointer,
                      value: item,
                      required: true,
                      isItem: true,
                      problems,
                      problem: problems.get(itemPointer),
                    })}
                  </div>
                  <IconButton
                    size="small"
                    icon={ArrowUp}
                    label={`Move ${name} up`}
                    data-move="up"
                    disabled={index === 0}
                    onClick={() => move(index, -1)}
                  />
                  <IconButton
                    size="small"
                    icon={ArrowDown}
                    label={`Move ${name} down`}
                    data-move="down"
                    disabled={index === items.length - 1}
                    onClick={() => move(index, 1)}
                  />
                  <IconButton
                    size="small"
                    icon={X}
                    label={`Remove ${name}`}
                    data-remove
                    onClick={() => remove(index)}
                  />
                </div>
              )
            })}
          </div>
          <div className="flex flex-wrap gap-2">
            <Button
              size="small"
              icon={Plus}
              data-add
              blocked={items.length >= field.maxItems && `${field.maxItems} at most`}
              onClick={add}
            >
              Add item <span className="sr-only">to {label}</span>
            </Button>
            {items.length > shown && (
              <Button size="small" look="quiet" onClick={() => setShown(shown + PAGE)}>
                Show {Math.min(PAGE, items.length - shown)} more of {items.length.toLocaleString('en')}
              </Button>
            )}
            {isArray(value) && items.length === 0 && (
              <span className="text-meta leading-6 text-muted">An empty list</span>
            )}
          </div>
        </div>
      )}
    </FieldFrame>
  )
}
