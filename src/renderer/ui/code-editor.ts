import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from '@codemirror/language'
import { setDiagnostics } from '@codemirror/lint'
import { Annotation, Compartment, EditorState, type Extension, type Text } from '@codemirror/state'
import { EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view'
import { codeColours } from './code-colours.ts'
import { editorTheme } from './editor-theme.ts'
import { codePoint, HIDDEN } from '../../shared/hidden-characters.ts'

export interface CodeEditorOptions {
  /** What it is called for screen readers. */
  label: string
  text: string
  language: 'json' | 'text'
  readOnly: boolean
  /** As high as its text, up to a limit; else it fills the element it is in. */
  grows: boolean
  onChange: (text: string) => void
}

export interface EditorFault {
  offset: number
  message: string
}

/** The part of an editor that React sets while it is there. */
export interface CodeEditor {
  setText(text: string): void
  setReadOnly(readOnly: boolean): void
  setFault(fault: EditorFault | undefined): void
  /** Puts the cursor there and the focus on it. */
  goTo(offset: number): void
  focus(): void
  close(): void
}

/** A longer text is told when somebody stops typing for a moment: as a whole it costs more than a key may. */
const LONG_TEXT = 200_000
const LONG_TEXT_SETTLE_MS = 400

/** Marks a change that came from outside: it is not told to the outside again. */
const fromOutside = Annotation.define<boolean>()

/**
 * CodeMirror in a shadow root of `host`. Adopted style sheets are its only styles there, which our content security policy
 * allows without a nonce. Tab is not taken: it leaves the editor as it leaves any field.
 */
export function mountCodeEditor(host: HTMLElement, options: CodeEditorOptions): CodeEditor {
  /** What the outside has. */
  let known = options.text
  let timer: ReturnType<typeof setTimeout> | undefined
  const tell = (): void => {
    clearTimeout(timer)
    timer = undefined
    known = textOf(view.state.doc)
    options.onChange(known)
  }
  const tellWhatWaits = (): void => {
    if (timer !== undefined) tell()
  }
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open', delegatesFocus: true })
  const access = new Compartment()
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        access.of(accessOf(options.readOnly)),
        lineNumbers(),
        options.language === 'json' ? jsonSupport() : EditorView.lineWrapping,
        // A server's text must not turn lines around or hide words.
        highlightSpecialChars({ specialChars: HIDDEN, render: hiddenMark }),
        EditorView.contentAttributes.of({ 'aria-label': options.label }),
        editorTheme(options.grows),
        keymap.of([...keysForUs(), ...historyKeymap, ...foldKeymap]),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged || update.transactions.some((each) => each.annotation(fromOutside))) return
          clearTimeout(timer)
          if (update.state.doc.length < LONG_TEXT) tell()
          else timer = setTimeout(tell, LONG_TEXT_SETTLE_MS)
        }),
        // Before anything that may be done with the text.
        EditorView.domEventHandlers({
          blur: tellWhatWaits,
          keydown: (event) => {
            if (event.ctrlKey || event.metaKey) tellWhatWaits()
          },
        }),
      ],
    }),
  })
  return {
    setText(text) {
      if (text === known) return
      clearTimeout(timer)
      timer = undefined
      known = text
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        annotations: fromOutside.of(true),
      })
    },
    setReadOnly: (readOnly) => view.dispatch({ effects: access.reconfigure(accessOf(readOnly)) }),
    setFault(fault) {
      const from = Math.min(fault?.offset ?? 0, view.state.doc.length)
      const to = Math.min(from + 1, view.state.doc.length)
      const found = fault ? [{ from, to, severity: 'error' as const, message: fault.message }] : []
      view.dispatch(setDiagnostics(view.state, found))
    },
    goTo(offset) {
      const anchor = Math.min(offset, view.state.doc.length)
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) })
      view.focus()
    },
    focus: () => view.focus(),
    close: () => {
      tellWhatWaits()
      view.destroy()
    },
  }
}

function jsonSupport(): Extension {
  return [json(), history(), bracketMatching(), indentOnInput(), foldGutter(), codeColours]
}

function accessOf(readOnly: boolean): Extension {
  return EditorState.readOnly.of(readOnly)
}

/** ⌘⏎ runs the form around the editor. */
function keysForUs() {
  return defaultKeymap.filter(({ key }) => key !== 'Mod-Enter')
}

function textOf(doc: Text): string {
  return doc.sliceString(0)
}

function hiddenMark(code: number): HTMLElement {
  const mark = document.createElement('span')
  mark.className = 'cm-hidden'
  mark.textContent = codePoint(code)
  mark.title = 'Invisible character'
  return mark
}
