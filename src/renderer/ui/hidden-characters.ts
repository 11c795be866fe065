/**
 * Characters that a person cannot see but a model reads: zero-width and format characters, direction overrides, tags
 * (U+E0000…, which spell out whole sentences invisibly), and controls other than line break and tab.
 */
export const HIDDEN = /[\p{Cf}\p{Co}\p{Cn}\u115F\u1160\u3164\uFFA0\u2800]|(?![\n\t\r])\p{Cc}/gu

/** Most text is: a list of 10,000 tools asks on every scroll. */
const PLAIN = /^[\t\n\r\x20-\x7e]*$/

export type TextPart = { text: string; hidden: false } | { text: string; hidden: true }

/** Splits text where it hides something; each hidden run is told as its code points. */
export function revealHidden(text: string): TextPart[] {
  if (PLAIN.test(text)) return text === '' ? [] : [{ text, hidden: false }]
  const parts: TextPart[] = []
  let from = 0
  for (const match of text.matchAll(HIDDEN)) {
    if (isEmojiJoiner(text, match.index)) continue
    if (match.index > from) parts.push({ text: text.slice(from, match.index), hidden: false })
    const last = parts.at(-1)
    const told = codePoint(match[0].codePointAt(0) ?? 0)
    if (last?.hidden) parts[parts.length - 1] = { text: `${last.text} ${told}`, hidden: true }
    else parts.push({ text: told, hidden: true })
    from = match.index + match[0].length
  }
  if (from < text.length) parts.push({ text: text.slice(from), hidden: false })
  return parts
}

export function hasHidden(text: string): boolean {
  return revealHidden(text).some((part) => part.hidden)
}

export function withoutHidden(text: string): string {
  return revealHidden(text)
    .map((part) => (part.hidden ? '' : part.text))
    .join('')
}

/** `U+200B`: how a character is called that cannot be seen. */
export function codePoint(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

/** A zero-width joiner between two pictures makes one picture of them: that hides nothing. */
function isEmojiJoiner(text: string, index: number): boolean {
  return (
    text[index] === '\u200D' &&
    /\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?$/u.test(text.slice(0, index)) &&
    /^\p{Extended_Pictographic}/u.test(text.slice(index + 1))
  )
}
