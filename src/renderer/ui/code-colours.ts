import { syntaxTree } from '@codemirror/language'
import { type Range, RangeSet } from '@codemirror/state'
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view'

/** Kinds of JSON by the names that the parser gives them; `editor-theme.ts` has their colours. */
const marks: Record<string, Decoration> = {
  PropertyName: Decoration.mark({ class: 'cm-name' }),
  String: Decoration.mark({ class: 'cm-text' }),
  Number: Decoration.mark({ class: 'cm-number' }),
  True: Decoration.mark({ class: 'cm-word' }),
  False: Decoration.mark({ class: 'cm-word' }),
  Null: Decoration.mark({ class: 'cm-word' }),
}

/** Colours what is in view, and nothing else of a long text. */
export const codeColours = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet

    constructor(view: EditorView) {
      this.decorations = colour(view)
    }

    update({ docChanged, viewportChanged, startState, state, view }: ViewUpdate): void {
      // Of a long text the parser reads the rest later.
      if (docChanged || viewportChanged || syntaxTree(startState) !== syntaxTree(state)) this.decorations = colour(view)
    }
  },
  { decorations: ({ decorations }) => decorations },
)

function colour(view: EditorView): DecorationSet {
  const ranges: Range<Decoration>[] = []
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter(node) {
        const mark = marks[node.name]
        if (mark) ranges.push(mark.range(node.from, node.to))
      },
    })
  }
  return RangeSet.of(ranges, true)
}
