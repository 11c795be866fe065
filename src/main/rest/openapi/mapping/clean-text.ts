/** HTML that need not be closed, and often is not. */
const OPEN_ELEMENT = /<\/?(?:br|dd|dt|hr|img|li|p|td|th|tr)\b[^<>]*>/gi
/** Any other word in angle brackets is markup where it is closed; `<id>` is not. */
const ELEMENT = /<\/?([a-z][\w.-]*)(?:\s[^<>]*)?\/?>/gi
const CLOSED_ELEMENT = /<\/([a-z][\w.-]*)\s*>/gi
const BREAK = /<(?:br|hr)\s*\/?>|<\/(?:p|div|h[1-6]|tr|table|ul|ol|pre|blockquote|section|details|dl)\s*>/gi
const ITEM = /<li\b[^<>]*>/gi
const COMMENT = /<!--[^]*?-->/g
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  nbsp: ' ',
  quot: '"',
}
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi
/** `![alt](source)` and `[text](address)`: an agent has no use for the address. */
const IMAGE = /!\[([^\]]*)\]\([^()\s]*(?:\s[^()]*)?\)/g
const LINK = /\[([^[\]]+)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)?(?:\s[^()]*)?\)/g
/** Code keeps its angle brackets. */
const CODE = /(```[^]*?```|`[^`\n]+`)/

/**
 * A description for an agent: text that was written for a page, without the markup of the page, cut at `limit` characters.
 */
export function cleanText(text: unknown, limit: number): string {
  if (typeof text !== 'string') return ''
  // No more than could be shown is worth looking at, and some descriptions are whole manuals.
  const start = text.length > limit * 4 ? text.slice(0, limit * 4) : text
  const tidy = (/[<&[]/.test(start) ? withoutMarkup(start) : start)
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t\f\v]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
  return cutText(tidy, limit)
}

function withoutMarkup(text: string): string {
  const parts = text.split(CODE)
  const isCode = (index: number) => index % 2 === 1
  const outside = parts.filter((_, index) => !isCode(index)).join('')
  const closed = new Set(Array.from(outside.matchAll(CLOSED_ELEMENT), ([, name = '']) => name.toLowerCase()))
  return parts.map((part, index) => (isCode(index) ? part : plainText(part, closed))).join('')
}

/** `closed`: names of the elements that are. */
function plainText(text: string, closed: ReadonlySet<string>): string {
  return text
    .replace(COMMENT, '')
    .replace(BREAK, '\n')
    .replace(ITEM, '\n- ')
    .replace(OPEN_ELEMENT, '')
    .replace(ELEMENT, (whole, name: string) => (closed.has(name.toLowerCase()) ? '' : whole))
    .replace(IMAGE, '$1')
    .replace(LINK, '$1')
    .replace(ENTITY, (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole
      const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
      return point >= 32 && point <= 0x10_ffff ? String.fromCodePoint(point) : whole
    })
}

/** Cut after the last paragraph or sentence that fits, else after the last word. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text
  const head = text.slice(0, limit - 1)
  const paragraph = head.lastIndexOf('\n\n')
  if (paragraph > limit / 2) return head.slice(0, paragraph).trimEnd()
  const sentence = Math.max(...['. ', '.\n', '! ', '? ', '。'].map((end) => head.lastIndexOf(end)))
  if (sentence > limit / 2) return head.slice(0, sentence + 1)
  const word = head.search(/\s\S*$/)
  const end = word > limit / 2 ? word : head.length
  // Never half of a surrogate pair.
  return `${head
    .slice(0, end)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()}…`
}
