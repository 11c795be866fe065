import type { ParameterStyle, RestParameter } from '../../../shared/contract/rest.ts'
import { ExactNumber, writeJson } from '../exact-numbers.ts'
import { isJson } from '../media-type.ts'
import { formEncoded, formReservedKept, percentEncoded, reservedKept } from './percent-encoding.ts'

/**
 * How values are written into a request: the styles of OpenAPI 3.2 (4.12.2.3), which follow RFC 6570, and those of Swagger
 * 2.0. As in RFC 6570 (2.3) null, an empty list and an empty object are undefined, and what is undefined is left out.
 */

/** What of a parameter says how its value is written. */
export type Writing = Pick<RestParameter, 'name' | 'style' | 'explode' | 'allow_reserved' | 'content_type'>

type Encode = (text: string) => string

/** Between the values of a list that is one value of the query. */
const DELIMITERS: Partial<Record<ParameterStyle, string>> = {
  spaceDelimited: '%20',
  pipeDelimited: '%7C',
  tabDelimited: '%09',
}
const asIs: Encode = (text) => text

/** What stands in place of `{name}` in a path. Empty: the value is undefined, or is an empty string. */
export function pathText(parameter: Writing, value: unknown): string {
  if (parameter.content_type !== undefined) return percentEncoded(contentText(parameter.content_type, value))
  const { name, style = 'simple', explode = false } = parameter
  const parts = partsOf(value, percentEncoded, explode)
  if (parts === undefined) return ''
  if (style === 'label') return `.${parts.join(explode ? '.' : ',')}`
  if (style !== 'matrix') return parts.join(DELIMITERS[style] ?? ',')
  const key = percentEncoded(name)
  if (!explode || !isContainer(value)) return `;${key}=${parts.join(',')}`
  return parts.map((part) => (Array.isArray(value) ? `;${key}=${part}` : `;${part}`)).join('')
}

/** `name=value` pairs of a query. */
export function queryPairs(parameter: Writing, value: unknown): string[] {
  return pairs(parameter, value, percentEncoded, parameter.allow_reserved === true ? reservedKept : percentEncoded)
}

/** `name=value` pairs of a form-urlencoded body. Without a style an object is JSON, as OpenAPI has it (4.15.1). */
export function formPairs(field: Writing, value: unknown): string[] {
  const hasStyle = field.style !== undefined || field.explode !== undefined
  const isObject = isContainer(value) && !Array.isArray(value)
  const writing =
    isObject && !hasStyle && field.content_type === undefined ? { ...field, content_type: 'application/json' } : field
  return pairs(writing, value, formEncoded, field.allow_reserved === true ? formReservedKept : formEncoded)
}

/** The value of a header. Undefined: the header is left out. Not percent-encoded: no server takes that back. */
export function headerText({ content_type, explode = false }: Writing, value: unknown): string | undefined {
  if (content_type !== undefined) return value === undefined ? undefined : contentText(content_type, value)
  return partsOf(value, asIs, explode)?.join(',')
}

/** `name=value` pairs of the Cookie header. `cookie` writes values as they are; any other style percent-encodes them. */
export function cookiePairs(parameter: Writing, value: unknown): string[] {
  if (parameter.style !== 'cookie') return pairs(parameter, value, percentEncoded, percentEncoded)
  return pairs({ ...parameter, style: 'form' }, value, asIs, asIs)
}

/** The name in `name=value`, as it is written. */
export function pairName(pair: string): string {
  return pair.split('=', 1)[0] ?? ''
}

function pairs(parameter: Writing, value: unknown, encodeName: Encode, encode: Encode): string[] {
  const { content_type, style = 'form' } = parameter
  const key = encodeName(parameter.name)
  if (content_type !== undefined)
    return value === undefined ? [] : [`${key}=${encode(contentText(content_type, value))}`]
  if (style === 'deepObject') return deepPairs(parameter.name, value, encodeName, encode)
  const explode = parameter.explode ?? style === 'form'
  const parts = partsOf(value, encode, explode, encodeName)
  if (parts === undefined) return []
  if (!explode || !isContainer(value)) return [`${key}=${parts.join(DELIMITERS[style] ?? ',')}`]
  return Array.isArray(value) ? parts.map((part) => `${key}=${part}`) : parts
}

/**
 * `name[key]=value`. The specification stops at one level; further down it is as PHP, Rails, qs and Stripe read it: `[]` for
 * each scalar of a list, `[0]` where each is an object.
 */
function deepPairs(name: string, value: unknown, encodeName: Encode, encode: Encode): string[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) =>
      deepPairs(`${name}[${isContainer(item) ? index : ''}]`, item, encodeName, encode),
    )
  }
  if (!isContainer(value)) return [`${encodeName(name)}=${encode(scalarText(value))}`]
  return Object.entries(value).flatMap(([key, item]) => deepPairs(`${name}[${key}]`, item, encodeName, encode))
}

/**
 * The encoded parts of a value, between which the style puts its delimiters: one of a scalar, those of a list, and of an
 * object its keys and values in turn or, exploded, `key=value`.
 */
function partsOf(value: unknown, encode: Encode, explode: boolean, encodeName = encode): string[] | undefined {
  if (value === undefined || value === null) return undefined
  if (!isContainer(value)) return [encode(scalarText(value))]
  const parts = Array.isArray(value)
    ? value.filter(isDefined).map((item) => encode(scalarText(item)))
    : Object.entries(value)
        .filter(([, item]) => isDefined(item))
        .flatMap(([key, item]) => {
          const text = encode(scalarText(item))
          return explode ? [`${encodeName(key)}=${text}`] : [encodeName(key), text]
        })
  return parts.length === 0 ? undefined : parts
}

function isContainer(value: unknown): value is unknown[] | Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof ExactNumber)
}

function isDefined(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** No style says how a list within a list is written: JSON says what is meant. */
export function scalarText(value: unknown): string {
  return typeof value === 'string' ? value : writeJson(value)
}

function contentText(contentType: string, value: unknown): string {
  return isJson(contentType) ? writeJson(value) : scalarText(value)
}
