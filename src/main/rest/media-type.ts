/** A media type without its parameters, in lower case. */
export function essenceOf(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase()
}

/** A parameter of a media type: `charset`, `boundary`. */
export function mediaParameter(contentType: string, name: string): string | undefined {
  for (const part of contentType.split(';').slice(1)) {
    const [key = '', value = ''] = part.split('=')
    if (key.trim().toLowerCase() === name) return value.trim().replace(/^"(.*)"$/, '$1')
  }
  return undefined
}

export function isJson(contentType: string): boolean {
  return /^(?:application|text)\/json$|\+json$/.test(essenceOf(contentType))
}

/** JSON values, one a line. */
function isJsonLines(contentType: string): boolean {
  return /^application\/(?:x-ndjson|ndjson|jsonl|x-jsonlines|json-lines)$/.test(essenceOf(contentType))
}

/** Whether it is to be read by a person or a model as it is. */
export function isText(contentType: string): boolean {
  const type = essenceOf(contentType)
  // SVG is both: as text a model can work on it.
  if (type.startsWith('text/') || /\+(?:xml|yaml|json)$|\+json-seq$/.test(type)) return true
  if (isJson(type) || isJsonLines(type)) return true
  return /^application\/(?:xml|xml-dtd|yaml|x-yaml|toml|graphql|javascript|ecmascript|x-javascript|x-sh|sql|rtf|x-www-form-urlencoded|json-seq|json5|problem\+json|pem-certificate-chain)$/.test(
    type,
  )
}

/** What a body is made of. */
export type BodyKind = 'json' | 'lines' | 'form' | 'multipart' | 'text' | 'binary'

export function bodyKind(contentType: string): BodyKind {
  const type = essenceOf(contentType)
  if (isJson(type) || type === '*/*' || type === 'application/*') return 'json'
  if (isJsonLines(type)) return 'lines'
  if (type === 'application/x-www-form-urlencoded') return 'form'
  if (type.startsWith('multipart/')) return 'multipart'
  return isText(type) ? 'text' : 'binary'
}
