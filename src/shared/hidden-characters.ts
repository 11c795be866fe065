/**
 * Characters that a person cannot see but a model reads: zero-width and format characters, direction overrides, tags
 * (U+E0000…, which spell out whole sentences invisibly), and controls other than line break and tab.
 */
export const HIDDEN = /[\p{Cf}\p{Co}\p{Cn}\u115F\u1160\u3164\uFFA0\u2800]|(?![\n\t\r])\p{Cc}/gu

/** The same and variation selectors: each is part of the character before it, and a run of them can spell out bytes. */
const HIDDEN_OR_SELECTOR =
  /[\p{Cf}\p{Co}\p{Cn}\u115F\u1160\u3164\uFFA0\u2800\u034F\u180B-\u180D\u180F\uFE00-\uFE0F\u{E0100}-\u{E01EF}]|(?![\n\t\r])\p{Cc}/gu

/** Most text is: a list of 10,000 tools asks on every scroll. */
const PLAIN = /^[\t\n\r\x20-\x7e]*$/

export type TextPart = { text: string; hidden: false } | { text: string; hidden: true }

/** Splits text where it hides something; each hidden run is told as its code points. */
export function revealHidden(text: string): TextPart[] {
  if (PLAIN.test(text)) return text === '' ? [] : [{ text, hidden: false }]
  const parts: TextPart[] = []
  let from = 0
  for (const { index, character } of hiddenIn(text)) {
    if (index > from) parts.push({ text: text.slice(from, index), hidden: false })
    const last = parts.at(-1)
    const told = codePoint(character.codePointAt(0) ?? 0)
    if (last?.hidden) parts[parts.length - 1] = { text: `${last.text} ${told}`, hidden: true }
    else parts.push({ text: told, hidden: true })
    from = index + character.length
  }
  if (from < text.length) parts.push({ text: text.slice(from), hidden: false })
  return parts
}

/** Every hidden character of a text, in order, with its place. */
export function* hiddenIn(text: string): Generator<{ index: number; character: string }> {
  if (PLAIN.test(text)) return
  for (const match of text.matchAll(HIDDEN_OR_SELECTOR)) {
    const [character] = match
    if (!isSeen(text, match.index, character)) yield { index: match.index, character }
  }
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

/** Characters before and after one that are looked at: more than any picture is made of. */
const AROUND = 16

const PICTURE_BEFORE = /\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?$/u
const PICTURE_AFTER = /^\p{Extended_Pictographic}/u
const EMOJI_BEFORE = /\p{Emoji}$/u
const IDEOGRAPH_BEFORE = /\p{Script=Han}$/u
const VARIED_BEFORE = /[\p{Script=Han}\p{Script=Mongolian}\p{Script=Phags_Pa}\p{Script=Myanmar}\p{Sm}]$/u
/** Scripts whose letters take other shapes beside a joiner. */
const JOINING_BEFORE =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}]$/u
/** The flags of England, Scotland and Wales: a black flag, the letters of the place as tags, and an end. */
const FLAG = /^\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{3,6}\u{E007F}$/u

/** Whether a person sees what it does: a joiner within a picture or a script that has joiners, one fitting selector, a flag. */
function isSeen(text: string, index: number, character: string): boolean {
  const before = text.slice(Math.max(0, index - AROUND), index)
  const code = character.codePointAt(0) ?? 0
  if (code === 0x200c) return JOINING_BEFORE.test(before)
  if (code === 0x200d) {
    const after = text.slice(index + 1, index + 1 + AROUND)
    return JOINING_BEFORE.test(before) || (PICTURE_BEFORE.test(before) && PICTURE_AFTER.test(after))
  }
  if (code === 0xfe0e || code === 0xfe0f) return EMOJI_BEFORE.test(before)
  if ((code >= 0xfe00 && code < 0xfe0e) || (code >= 0x180b && code <= 0x180f)) return VARIED_BEFORE.test(before)
  if (code >= 0xe0100 && code <= 0xe01ef) return IDEOGRAPH_BEFORE.test(before)
  return code >= 0xe0030 && code <= 0xe007f && isInFlag(text, index)
}

/** It looks at the characters around alone: a server decides how many there are, and each is asked about. */
function isInFlag(text: string, index: number): boolean {
  const from = Math.max(0, index - AROUND)
  const start = text.slice(from, index).lastIndexOf('\u{1F3F4}')
  if (start === -1) return false
  // A flag of six letters has 2 + 6 × 2 + 2 units.
  const flag = text.slice(from + start, from + start + AROUND + 2)
  const end = flag.indexOf('\u{E007F}')
  return end !== -1 && from + start + end >= index && FLAG.test(flag.slice(0, end + 2))
}
