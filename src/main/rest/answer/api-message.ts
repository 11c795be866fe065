import { isObject } from '../../base/is-object.ts'
import { stripControls } from '../../upstream/text-tail.ts'

const MAX_CHARACTERS = 1_000
/** Where APIs say what went wrong: RFC 9457, JSON:API, and what has become customary. */
const FIELDS = [
  'detail',
  'message',
  'error_description',
  'error_message',
  'errorMessage',
  'msg',
  'title',
  'reason',
  'description',
]
const LISTS = ['errors', 'details', 'detail', 'violations', 'invalid-params', 'invalid_params']
const PLACES = ['field', 'name', 'path', 'loc', 'param', 'pointer', 'property']

/** What an API says about its failure, in a line or a few. Empty: nothing that was found. */
export function apiMessage(value: unknown, depth = 0): string {
  if (typeof value === 'string') return clean(value)
  if (!isObject(value) || depth > 3) return ''
  const inner = value.error ?? value.fault ?? value.Error
  const nested = inner === undefined ? '' : apiMessage(inner, depth + 1)
  const own = FIELDS.map((field) => value[field]).find((text) => typeof text === 'string' && text !== '') as
    string | undefined
  const lists = LISTS.flatMap((field) => listMessages(value[field], depth))
  const code = typeof value.code === 'string' && value.code !== own ? value.code : ''
  const words = [...new Set([nested, own ?? '', ...lists].filter((text) => text !== ''))]
  return clean(words.length === 0 ? code : words.join('\n'))
}

/** The words of a web page, which is what servers in front of an API answer with. */
export function pageMessage(html: string): string {
  // Bounded: each of many beginnings without an end would be followed to the end of the page.
  const title = /<title[^<>]{0,200}>([^<]*)</i.exec(html)?.[1]?.trim()
  return clean(title ?? '')
}

function listMessages(list: unknown, depth: number): string[] {
  if (isObject(list)) {
    return Object.entries(list).flatMap(([field, said]) =>
      [said]
        .flat()
        .slice(0, 3)
        .flatMap((text) => (typeof text === 'string' ? [`${field}: ${text}`] : [])),
    )
  }
  if (!Array.isArray(list)) return []
  return list.slice(0, 10).flatMap((item: unknown) => {
    const text = apiMessage(item, depth + 1)
    if (text === '' || !isObject(item)) return text === '' ? [] : [text]
    const source = isObject(item.source) ? item.source : {}
    const place = PLACES.map((key) => item[key] ?? source[key]).find((found) => found !== undefined)
    const where = Array.isArray(place) ? place.join('.') : typeof place === 'string' ? place : ''
    return [where === '' || text.includes(where) ? text : `${where}: ${text}`]
  })
}

function clean(text: string): string {
  return stripControls(text).trim().slice(0, MAX_CHARACTERS)
}
