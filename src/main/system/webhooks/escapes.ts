/** How a value is written into a body, so that it stays a value there whatever it says. */
export type Escape = (text: string) => string

const markup: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
/** No XML document may have these, not even written as a reference. */
const NOT_IN_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/** What belongs between the quotes of a JSON string; of YAML's double-quoted ones as well. */
function jsonEscaped(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function markupEscaped(text: string): string {
  return text.replace(NOT_IN_XML, '').replace(/[&<>"']/g, (character) => markup[character] ?? character)
}

function formEscaped(text: string): string {
  return new URLSearchParams({ v: text }).toString().slice(2)
}

/** `application/json; charset=utf-8` is `application/json`. */
function mediaTypeOf(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase()
}

export function isJsonType(contentType: string): boolean {
  return /^(?:application|text)\/(?:json|[\w.+-]+\+json)$/.test(mediaTypeOf(contentType))
}

/** By the content type that the admin chose for a template. */
export function escapeFor(contentType: string): Escape {
  const type = mediaTypeOf(contentType)
  if (isJsonType(type) || /[/+]yaml$|\/x-yaml$|json/.test(type)) return jsonEscaped
  if (/[/+]xml$|\/html$|\/xhtml/.test(type)) return markupEscaped
  if (type === 'application/x-www-form-urlencoded') return formEscaped
  return (text) => text
}
