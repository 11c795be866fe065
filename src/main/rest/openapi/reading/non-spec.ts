import { isObject } from '../../../base/is-object.ts'

/**
 * People give what a portal offers for download, or the page in place of the document. A sentence that says what the text
 * is, and where there is one the way to the document, helps more than the complaint of a parser.
 */
interface Kind {
  is: RegExp
  says: string
  /** Comments that may stand before it, one at a time: a repetition in `is` would try every way to divide them. */
  behind?: RegExp
}

/** Text that is not even worth parsing. Looked at from its first character that is no white space. */
const TEXTS: readonly Kind[] = [
  { is: /^$/, says: 'The document is empty.' },
  // A file in UTF-16 that was read as UTF-8: each second character is NUL.
  { is: /^\uFFFD{0,2}(\0[^\0]|[^\0]\0){4}/, says: 'This text is in UTF-16. Save the file as UTF-8.' },
  { is: /^PK[\x03\x05]/, says: 'This is a zip archive. Drop it as a file, so that it is unpacked.' },
  { is: /^\x1f[\x8b\uFFFD]/, says: 'This is a gzip archive. Unpack it first.' },
  { is: /^%PDF-/, says: 'This is a PDF.' },
  { is: /^[\s\S]{0,1000}?\0/, says: 'This is a binary file, not text.' },
  {
    is: /^<(!doctype\s+html|html|head|body)[\s>]/i,
    behind: /<!--[\s\S]{0,5000}?-->\s*/y,
    says: 'This is an HTML page. Link or download the document that the page shows, often openapi.json or swagger.json.',
  },
  { is: /^<([\s\S]{0,2000}?[<:])?definitions[\s>]/i, says: 'This is a WSDL description of a SOAP service.' },
  { is: /^<[\s\S]{0,2000}?http:\/\/wadl\./i, says: 'This is a WADL description.' },
  { is: /^<([?!]|[a-z])/i, says: 'This is XML.' },
  { is: /^#%RAML/, says: 'This is RAML.' },
  { is: /^FORMAT:\s*1A/, says: 'This is API Blueprint.' },
  {
    is: /^syntax\s*=\s*["']proto/,
    behind: /\/\/[^\n]*\n\s*/y,
    says: 'This is a Protocol Buffers file of a gRPC service.',
  },
  {
    is: /^(extend\s+)?(type|schema|interface|enum|input|union|scalar|directive)\b[^:\n]*([{@=]|\n)/,
    behind: /(?:#[^\n]*\n|"""[\s\S]{0,5000}?""")\s*/y,
    says: 'This is a GraphQL schema.',
  },
  { is: /^https?:\/\/\S+\s*$/, says: 'This is an address. Give it as the URL of the document.' },
]

const ADVICE = 'Give an OpenAPI 3.0, 3.1 or 3.2 or a Swagger 2.0 document.'
/** Few enough to be read, short enough not to be somebody's data. */
const MOST_KEYS = 6

/** What a text is that can be no OpenAPI document. Undefined: it has to be parsed to be known. */
export function nonSpecText(text: string): string | undefined {
  const start = text.slice(0, 100_000).trimStart()
  const kind = TEXTS.find(({ is, behind }) => is.test(behind === undefined ? start : start.slice(endOf(start, behind))))
  return kind && `${kind.says} ${ADVICE}`
}

/** Where the last of them ends that stand at the beginning, without a gap. */
function endOf(text: string, comment: RegExp): number {
  let end = 0
  for (comment.lastIndex = 0; comment.test(text);) end = comment.lastIndex
  return end
}

/** What a parsed value is that is no OpenAPI document of a version that is read. */
export function nonSpecValue(root: unknown): string {
  return `${sentenceFor(root)} ${ADVICE}`
}

function sentenceFor(root: unknown): string {
  if (root === null || root === undefined) return 'The document is empty.'
  if (Array.isArray(root)) return 'This is a list, not an OpenAPI document.'
  if (!isObject(root)) return 'This is plain text, not an OpenAPI document.'
  return versionSentence(root) ?? otherFormat(root) ?? unknownFields(root)
}

function versionSentence(root: Record<string, unknown>): string | undefined {
  const { openapi, swagger, swaggerVersion } = root
  if (openapi !== undefined) {
    const version = versionText(openapi)
    if (version === undefined) return 'Its field "openapi" is no version such as "3.1.0".'
    const isNewer = /^([4-9]|[1-9]\d+|3\.([3-9]|[1-9]\d+))(\.|-|$)/.test(version)
    return isNewer
      ? `This document says that it is OpenAPI ${version}, which is newer than what is read here.`
      : `This document says that it is OpenAPI ${version}, and there is no such version.`
  }
  const version = versionText(swagger ?? swaggerVersion)
  if (swagger === undefined && swaggerVersion === undefined) return undefined
  if (version === undefined) return 'Its field "swagger" is no version such as "2.0".'
  if (version.startsWith('1')) return `This is Swagger ${version}. Convert it to 2.0 or OpenAPI 3 first.`
  return `This document says that it is Swagger ${version}, and there is no such version: after 2.0 the field is "openapi".`
}

function otherFormat(root: Record<string, unknown>): string | undefined {
  const { info, log, kind, $schema } = root
  if (root.asyncapi !== undefined) return 'This is an AsyncAPI document, which describes messages and not requests.'
  if (isPostman(root)) return 'This is a Postman collection. Export it as OpenAPI in Postman.'
  if (root._type === 'export' || /insomnia/i.test(textOf(root.type))) {
    return 'This is an export of Insomnia. Export the design document as OpenAPI there.'
  }
  if (isObject(log) && Array.isArray(log.entries)) return 'This is a HAR recording of requests.'
  if (root.arazzo !== undefined) return 'This is an Arazzo description of workflows.'
  if (root.overlay !== undefined) return 'This is an OpenAPI Overlay. Apply it to its document first.'
  if (isObject(root.__schema) || (isObject(root.data) && isObject(root.data.__schema))) {
    return 'This is a GraphQL schema (the answer to an introspection query).'
  }
  if (textOf(kind).startsWith('discovery#')) return 'This is a Google API Discovery document.'
  if (root.smithy !== undefined) return 'This is a Smithy model. Convert it to OpenAPI with Smithy first.'
  if (root.gatehouse !== undefined) return 'This is an export of Gatehouse. Import it under Settings.'
  if (root.mcpServers !== undefined) return 'This is a list of MCP servers. Import it as a configuration.'
  if (typeof root.apiVersion === 'string' && typeof kind === 'string') return 'This is a Kubernetes manifest.'
  if (isObject(root.paths)) {
    return 'This document has paths, but no field "openapi" or "swagger" that says which version it is. Add it.'
  }
  if (textOf($schema).includes('json-schema.org') || isJsonSchema(root)) {
    return 'This is a JSON Schema alone, without any operations.'
  }
  return isObject(info) ? 'This document has no field "openapi" or "swagger" that says what it is.' : undefined
}

function isPostman({ info, item, collection, ...rest }: Record<string, unknown>): boolean {
  if (rest._postman_variable_scope !== undefined) return true
  if (isObject(collection)) return isPostman(collection)
  if (!isObject(info)) return false
  return info._postman_id !== undefined || textOf(info.schema).includes('postman') || Array.isArray(item)
}

function isJsonSchema(root: Record<string, unknown>): boolean {
  return isObject(root.properties) || isObject(root.$defs) || (isObject(root.definitions) && root.info === undefined)
}

function unknownFields(root: Record<string, unknown>): string {
  const keys = Object.keys(root)
  if (keys.length === 0) return 'This is an empty object.'
  const shown = keys.slice(0, MOST_KEYS).map((key) => `"${key.slice(0, 40)}"`)
  const more = keys.length > MOST_KEYS ? ' and others' : ''
  return `This is not an OpenAPI document: its fields are ${shown.join(', ')}${more}, and "openapi" is not among them.`
}

function versionText(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : textOf(value).trim()
  return /^\d[\w.+-]{0,30}$/.test(text) ? text : undefined
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
