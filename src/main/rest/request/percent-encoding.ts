/** What `encodeURIComponent` leaves although it is reserved (RFC 3986, 2.2). */
const LEFT = /[!'()*]/g
/** Reserved characters that mean nothing of their own inside a query's value, as percent-encoding has them. */
const ALLOWED = /%(?:3A|2F|3F|40|21|24|28|29|2A|2C|3B|3D)/g
/** A percent sign that was one of an escape already. */
const ESCAPED_ESCAPE = /%25([0-9A-Fa-f]{2})/g

/** Everything but letters, digits and `-._~` (RFC 3986, 2.3), so that a value stays where it is put. */
export function percentEncoded(text: string): string {
  // Half a surrogate pair has no escape: by way of bytes it becomes a replacement character.
  return encodeURIComponent(Buffer.from(text).toString()).replace(LEFT, escaped)
}

/**
 * The same with reserved characters and existing escapes left (RFC 6570, 3.2.3): but for those that would end the value or
 * the query, or that a query cannot have: `&`, `+`, `#`, `[`, `]`, `'`.
 */
export function reservedKept(text: string): string {
  return percentEncoded(text)
    .replace(ALLOWED, (escape) => decodeURIComponent(escape))
    .replace(ESCAPED_ESCAPE, '%$1')
}

/** As HTML forms are (WHATWG URL, 5.2): a space is `+`. */
export function formEncoded(text: string): string {
  return percentEncoded(text).replaceAll('%20', '+')
}

/** The same with reserved characters left. */
export function formReservedKept(text: string): string {
  return reservedKept(text).replaceAll('%20', '+')
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}
