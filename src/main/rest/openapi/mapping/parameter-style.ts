import type { ParameterPlace, ParameterStyle, RestParameter } from '../../../../shared/contract/rest.ts'

export type Writing = Pick<RestParameter, 'style' | 'explode' | 'allow_reserved'>

const DEFAULTS: Record<ParameterPlace, ParameterStyle> = {
  path: 'simple',
  query: 'form',
  header: 'simple',
  cookie: 'form',
  body: 'form',
}
/** Which styles a place has (OpenAPI 3.2, 4.12.2.3). */
const STYLES: Record<ParameterPlace, readonly ParameterStyle[]> = {
  path: ['matrix', 'label', 'simple'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form', 'cookie'],
  body: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
}
/** Swagger 2.0's names. */
const COLLECTIONS: Readonly<Record<string, ParameterStyle>> = {
  ssv: 'spaceDelimited',
  tsv: 'tabDelimited',
  pipes: 'pipeDelimited',
}

/** `style`, `explode` and `allowReserved` of OpenAPI 3, without what is so anyway. */
export function writingOf(
  { style, explode, allowReserved }: Readonly<Record<string, unknown>>,
  place: ParameterPlace,
  warn: (message: string) => void,
): Writing {
  const known = STYLES[place].find((one) => one === style)
  if (style !== undefined && style !== null && known === undefined) {
    warn(`has style ${JSON.stringify(style)}, which a ${place} parameter can't have; ${DEFAULTS[place]} is used`)
  }
  const used = known ?? DEFAULTS[place]
  const explodes = used === 'form' || used === 'cookie' || used === 'deepObject'
  return {
    ...(used !== DEFAULTS[place] && { style: used }),
    ...(typeof explode === 'boolean' && explode !== explodes && { explode }),
    ...(allowReserved === true && (place === 'query' || place === 'body') && { allow_reserved: true }),
  }
}

/** `collectionFormat` of Swagger 2.0, whose default is `csv` everywhere. */
export function collectionWriting(
  { type, collectionFormat }: Readonly<Record<string, unknown>>,
  place: ParameterPlace,
  warn: (message: string) => void,
): Writing {
  if (type !== 'array') return {}
  const explodes = DEFAULTS[place] === 'form'
  const format = typeof collectionFormat === 'string' ? collectionFormat.toLowerCase() : 'csv'
  if (format === 'multi') {
    if (explodes) return {}
    warn(`has collectionFormat multi, which only queries and forms have; csv is used`)
    return {}
  }
  const style = COLLECTIONS[format]
  if (style === undefined && format !== 'csv') warn(`has an unknown collectionFormat (${format}); csv is used`)
  if (style !== undefined) return { style }
  return explodes ? { explode: false } : {}
}
