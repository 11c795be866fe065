import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'

/** The colours of theme.css: its custom properties reach into the shadow root, and with them light and dark. */
export function editorTheme(grows: boolean): Extension {
  return EditorView.theme({
    '&': { height: grows ? 'auto' : '100%', color: 'var(--color-ink)', fontSize: '12px' },
    '&.cm-focused': { outline: 'none' },
    '.cm-scroller': {
      fontFamily: 'var(--font-mono)',
      lineHeight: '20px',
      scrollbarColor: 'var(--color-line) transparent',
      scrollbarWidth: 'thin',
      ...(grows ? { minHeight: '62px', maxHeight: '260px' } : {}),
    },
    '.cm-content': { padding: '6px 0', caretColor: 'var(--color-ink)' },
    '.cm-line': { padding: '0 10px 0 4px' },
    '.cm-line ::selection, .cm-line::selection': {
      backgroundColor: 'var(--color-accent-soft) !important',
      color: 'var(--color-accent-ink) !important',
    },
    '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--color-subtle)', border: 'none' },
    '.cm-lineNumbers .cm-gutterElement': { minWidth: '28px', padding: '0 4px 0 8px' },
    '.cm-foldGutter .cm-gutterElement': { cursor: 'default' },
    '.cm-foldPlaceholder': {
      backgroundColor: 'var(--color-sunken)',
      border: '1px solid var(--color-line)',
      color: 'var(--color-muted)',
      padding: '0 4px',
    },
    '&.cm-focused .cm-matchingBracket': {
      backgroundColor: 'var(--color-accent-soft)',
      color: 'var(--color-accent-ink)',
    },
    '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'var(--color-err-soft)', color: 'var(--color-err)' },
    '.cm-name': { color: 'var(--color-accent)' },
    '.cm-text': { color: 'var(--color-ok)' },
    '.cm-number': { color: 'var(--color-info)' },
    '.cm-word': { color: 'var(--color-warn)' },
    '.cm-hidden': {
      backgroundColor: 'var(--color-warn-soft)',
      color: 'var(--color-warn)',
      borderRadius: '3px',
      padding: '0 4px',
    },
    '.cm-lintRange-error': {
      backgroundImage: 'none',
      backgroundColor: 'var(--color-err-soft)',
      borderBottom: '2px solid var(--color-err)',
    },
    '.cm-lintPoint::after': { borderBottomColor: 'var(--color-err)' },
    '.cm-tooltip': {
      backgroundColor: 'var(--color-surface)',
      border: '1px solid var(--color-line)',
      borderRadius: '6px',
      fontFamily: 'var(--font-sans)',
    },
    '.cm-diagnostic-error': { borderLeft: 'none', padding: '4px 8px' },
  })
}
