import { lazy, type Ref, Suspense, useEffect, useEffectEvent, useImperativeHandle, useRef } from 'react'
import { classes } from './classes.ts'
import type { CodeEditor as Mounted, EditorFault, mountCodeEditor } from './code-editor.ts'

export interface JsonEditorHandle {
  /** Puts the cursor there and the focus on it. */
  goTo(offset: number): void
  focus(): void
}

export interface JsonEditorProps {
  /** What it is called for screen readers; there is no visible label. */
  label: string
  value: string
  onChange?: (value: string) => void
  readOnly?: boolean
  /** `text` wraps its lines and colours nothing: for what is only meant to be read. */
  language?: 'json' | 'text'
  /** As high as its text, up to a limit; else it fills the element it is in. */
  grows?: boolean
  /** Where the text stops being JSON. */
  fault?: EditorFault | undefined
  /** A new fault gets the cursor and the focus. */
  goesToFault?: boolean
  invalid?: boolean
  /** Id of what says more about it. */
  describedBy?: string | undefined
  ref?: Ref<JsonEditorHandle>
}

const CodeEditor = lazy(async () => {
  const module = await import('./code-editor.ts')
  return { default: (props: JsonEditorProps) => <Mount {...props} mount={module.mountCodeEditor} /> }
})

/**
 * JSON with colours, folding and line numbers; its code is loaded when it is first shown. Tab leaves it. It lays out only what
 * is in view, so that it bears megabytes, which a plain field does not: Chromium takes half a minute for 8 MB in one.
 */
export function JsonEditor(props: JsonEditorProps) {
  const { invalid, grows } = props
  return (
    <div
      className={classes(
        'overflow-hidden rounded-control border bg-surface has-focus-visible:outline-2 has-focus-visible:-outline-offset-1 has-focus-visible:outline-accent',
        'focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent',
        invalid || props.fault ? 'border-err' : props.readOnly ? 'border-line' : 'border-line-strong',
        grows ? 'min-h-16' : 'h-full',
      )}
    >
      <Suspense fallback={<span className="sr-only">Loading</span>}>
        <CodeEditor {...props} />
      </Suspense>
    </div>
  )
}

function Mount({
  mount,
  label,
  value,
  onChange,
  readOnly = false,
  language = 'json',
  grows = false,
  fault,
  goesToFault = false,
  describedBy,
  ref,
}: JsonEditorProps & { mount: typeof mountCodeEditor }) {
  const host = useRef<HTMLDivElement>(null)
  const editor = useRef<Mounted>(undefined)
  const changed = useEffectEvent((text: string) => onChange?.(text))
  const open = useEffectEvent((element: HTMLElement) =>
    mount(element, { label, text: value, language, readOnly, grows, onChange: (text) => changed(text) }),
  )
  useEffect(() => {
    if (!host.current) return
    const mounted = open(host.current)
    editor.current = mounted
    return () => {
      editor.current = undefined
      mounted.close()
    }
  }, [label, language, grows])
  useEffect(() => editor.current?.setText(value), [value])
  useEffect(() => editor.current?.setReadOnly(readOnly), [readOnly])
  const showFault = useEffectEvent((next: EditorFault | undefined) => {
    editor.current?.setFault(next)
    if (next && goesToFault) editor.current?.goTo(next.offset)
  })
  useEffect(() => showFault(fault), [fault])
  useImperativeHandle(ref, () => ({
    goTo: (offset) => editor.current?.goTo(offset),
    focus: () => editor.current?.focus(),
  }))
  return <div ref={host} aria-describedby={describedBy} className={grows ? 'block' : 'h-full'} />
}
