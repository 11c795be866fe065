import { revealHidden } from '../../shared/hidden-characters.ts'

/** `⟨U+200B⟩` where a character cannot be seen. */
export function visible(text: string): string {
  return revealHidden(text)
    .map((part) => (part.hidden ? `⟨${part.text}⟩` : part.text))
    .join('')
}
