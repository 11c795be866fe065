import { countWords } from '../../ui/words.ts'
import { sizeWords } from '../playground/run-words.ts'
import type { Spec } from './spec-files.ts'
import type { SpecSource } from './use-preview.ts'

/** What is typed as the source of an import before it is read. It outlives the step. */
export interface SourceDraft {
  url: string
  /** The text in the editor, while that is open; `of`: the file that it is from. */
  text?: string
  of?: Spec
}

/** What is in the editor as a source. Among other files the text that was mended takes the place of the one that it was. */
export function sourceOfText(text: string, of: SourceDraft['of']): SpecSource {
  if (!of) return { kind: 'text', text }
  const files = Object.entries(of.files).map(([path, content]) => [path, content === of.text ? text : content])
  return { kind: 'file', name: of.name, text, files: Object.fromEntries(files) as Record<string, string> }
}

/** `openapi.json (11.0 MB)`, the address, or `the pasted text`. */
export function sourceWords(source: SpecSource | undefined): string {
  switch (source?.kind) {
    case 'file': {
      const more = Object.keys(source.files).length - 1
      return `${source.name} (${sizeWords(source.text.length)})${more > 0 ? ` with ${countWords(more, 'file')} beside it` : ''}`
    }
    case 'url':
      return source.url
    case 'text':
    case undefined:
      return 'the pasted text'
  }
}
