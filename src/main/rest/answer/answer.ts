import type { RestTool } from '../../../shared/contract/rest.ts'
import { isObject } from '../../base/is-object.ts'
import { nestsTooDeep } from '../../base/json-depth.ts'
import { messageOf } from '../../base/message-of.ts'
import type { SecretFilter } from '../../upstream/secret-filter.ts'
import type { UpstreamAnswer } from '../../upstream/upstream.ts'
import { readAnswer, type AnswerBody } from './answer-body.ts'
import { answerText, compactJson, cutText, formatBytes } from './answer-text.ts'
import type { ApiResponse } from '../client/api-client.ts'
import { apiMessage, pageMessage } from './api-message.ts'
import { remedy, statusLine } from './error-text.ts'
import { writeJson } from '../exact-numbers.ts'
import { essenceOf, isJson, isText } from '../media-type.ts'
import { projected } from './projection.ts'
import { retryAfterMs } from '../client/retry-after.ts'
import { outputSchemaOf } from '../tool-definition.ts'

export interface AnswerRules {
  maxBytes: number
  filter: SecretFilter
  /** Where an answer differs from what agents were told of it. */
  outputFault: (value: unknown) => Promise<string | undefined>
}

/** The result of a call, and what is known of the answer that it was made of. */
export interface ApiResult {
  answer: UpstreamAnswer
  /** Null: it was not read to its end. */
  bytes: number | null
}

/** A JSON answer that a projection shortens may be longer than what agents get. */
const PROJECTED_BYTES = 32 * 1024 * 1024
/** Of an API's own account of an error. */
const ERROR_CHARACTERS = 8_000
/** Clients that read without a limit of their own run out of stack further down. */
const MAX_LEVELS = 500
/** What is of interest of an answer without a body. */
const TOLD_HEADERS = ['location', 'content-location', 'operation-location', 'retry-after']
const HEAD_HEADERS = [
  'content-type',
  'content-length',
  'etag',
  'last-modified',
  'x-total-count',
  'link',
  ...TOLD_HEADERS,
]

type Content = Record<string, unknown>

/** The MCP result that an agent gets of an API's answer. */
export async function resultOf(response: ApiResponse, tool: RestTool, rules: AnswerRules): Promise<ApiResult> {
  const { header, body } = response
  const { maxBytes, filter } = rules
  const isFailure = response.status < 200 || response.status >= 300
  const announced = header('content-encoding') === undefined ? Number(header('content-length') ?? NaN) : NaN
  const wholeBytes = tool.projection !== undefined && !isFailure ? Math.max(PROJECTED_BYTES, maxBytes) : maxBytes
  const endBytes = Math.ceil(maxBytes / 2) + filter.reach
  const read = await readAnswer(body, Number.isNaN(announced) ? undefined : announced, { wholeBytes, endBytes })
  const answer = isFailure ? failure(response, read, filter) : await success(response, read, tool, rules)
  return { answer, bytes: read.total }
}

/** A result of one text, for what a model can mend. */
export function errorResult(text: string): UpstreamAnswer {
  return result([{ type: 'text', text }], { isError: true })
}

async function success(
  response: ApiResponse,
  read: AnswerBody,
  tool: RestTool,
  rules: AnswerRules,
): Promise<UpstreamAnswer> {
  const { filter, maxBytes } = rules
  const contentType = response.header('content-type') ?? ''
  if (read.head.length === 0) return empty(response, tool, rules)
  const isUnnamed = contentType === '' && startsAsJson(read.head)
  const looksJson = isJson(contentType) || isUnnamed
  if (!looksJson && contentType !== '' && !isText(contentType)) return binary(response, read, contentType, maxBytes)
  if (read.tail !== null) return cut(read, contentType, tool, rules)
  const text = filter.text(answerText(read.head, contentType, looksJson))
  const parsed = looksJson ? parsedJson(text, read.head) : undefined
  if (parsed !== undefined) return json(text, parsed.value, tool, rules)
  if (text.length > maxBytes) return cut(read, contentType, tool, rules)
  return unstructured(text, tool, `The API answered ${essenceOf(contentType) || 'text'}, not JSON.`)
}

async function json(whole: string, parsed: unknown, tool: RestTool, rules: AnswerRules): Promise<UpstreamAnswer> {
  let text = whole
  let value = parsed
  if (tool.projection !== undefined) {
    try {
      value = await projected(whole, parsed, tool.projection)
      text = writeJson(value)
      value = JSON.parse(text)
    } catch (error) {
      return errorResult(`The API answered, but ${messageOf(error)} An administrator has to correct the tool.`)
    }
    if (Buffer.byteLength(text) > rules.maxBytes) {
      const bytes = Buffer.from(text)
      const end = Math.ceil(rules.maxBytes / 2) + rules.filter.reach
      const ends = { head: bytes.subarray(0, end), tail: bytes.subarray(-end), total: bytes.length }
      return cut(ends, 'application/json', tool, rules)
    }
  }
  const compact = compactJson(text)
  if (nestsTooDeep(Buffer.from(compact), MAX_LEVELS)) return unstructured(compact, tool, 'It nests too deep.')
  const wrapper = wrapperFor(value, tool)
  const structured = wrapper === undefined ? value : { [wrapper]: value }
  const content = [{ type: 'text', text: compact }]
  const fault = await rules.outputFault(structured)
  if (fault !== undefined) return unstructured(compact, tool, `It is not as the tool describes it: ${fault}.`)
  if (!isObject(structured)) return result(content)
  const bytes = wrapper === undefined ? compact : `{${JSON.stringify(wrapper)}:${compact}}`
  return result(content, { structured, structuredText: bytes })
}

/** Structured content is an object. A list becomes one where the tool describes an object with a list as its one field. */
function wrapperFor(value: unknown, tool: RestTool): string | undefined {
  const properties = Array.isArray(value) ? outputSchemaOf(tool)?.properties : undefined
  const fields = isObject(properties) ? Object.entries(properties) : []
  const [name, schema] = fields[0] ?? []
  return fields.length === 1 && isObject(schema) && schema.type === 'array' ? name : undefined
}

/**
 * A text where the tool promised a structure. Clients refuse a result without it unless it is an error, and the agent
 * would not get to see what happened; so it is one that says that the call has worked.
 */
function unstructured(text: string, tool: RestTool, why: string): UpstreamAnswer {
  if (outputSchemaOf(tool) === undefined) return result([{ type: 'text', text }])
  const note = `The call has worked, but its answer comes as text only. ${why} Do not repeat it for that.`
  return result([{ type: 'text', text: `${note}\n\n${text}` }], { isError: true })
}

function cut(read: AnswerBody, contentType: string, tool: RestTool, { maxBytes, filter }: AnswerRules): UpstreamAnswer {
  return unstructured(cutText(read, contentType, maxBytes, filter), tool, 'It is too long.')
}

async function empty(response: ApiResponse, tool: RestTool, rules: AnswerRules): Promise<UpstreamAnswer> {
  const names = response.method === 'HEAD' ? HEAD_HEADERS : TOLD_HEADERS
  const told = names.flatMap((name) => {
    const value = response.header(name)
    return value === undefined ? [] : [`${name}: ${rules.filter.text(value)}`]
  })
  const text = [statusLine(response.status), ...told].join('\n')
  if (outputSchemaOf(tool) === undefined) return result([{ type: 'text', text }])
  const fault = await rules.outputFault({})
  if (fault !== undefined) return unstructured(text, tool, 'The API answered nothing.')
  return result([{ type: 'text', text }], { structured: {}, structuredText: '{}' })
}

function binary({ url }: ApiResponse, read: AnswerBody, contentType: string, maxBytes: number): UpstreamAnswer {
  const mimeType = essenceOf(contentType)
  if (read.tail !== null) {
    const size = read.total === null ? 'more than 64 MiB' : formatBytes(read.total)
    return errorResult(
      `The call has worked, but its answer is ${mimeType} of ${size}, and this integration passes on ${formatBytes(maxBytes)} at most. An administrator can raise that (max_answer_kib).`,
    )
  }
  const data = read.head.toString('base64')
  const kind = mimeType.split('/')[0]
  if (kind === 'image' || kind === 'audio') return result([{ type: kind, data, mimeType }])
  // Without its query, where credentials may be.
  return result([{ type: 'resource', resource: { uri: url.origin + url.pathname, mimeType, blob: data } }])
}

function failure(response: ApiResponse, read: AnswerBody, filter: SecretFilter): UpstreamAnswer {
  const { status, method, url, foreignTarget, header } = response
  const contentType = header('content-type') ?? ''
  const first = `HTTP ${statusLine(status)} from ${method} ${url.pathname}`
  if (foreignTarget !== undefined) {
    const target = filter.text(foreignTarget.href)
    return errorResult(
      `${first}\nIt redirects to another origin, where credentials are not sent: ${target}\nIf this API has moved there, an administrator has to change its base URL.`,
    )
  }
  const isReadable = contentType === '' || isText(contentType)
  // An error may be JSON whatever type it has.
  const text = isReadable ? filter.text(answerText(read.head, contentType, startsAsJson(read.head))).trim() : ''
  const isPage = /^<!doctype html|^<html/i.test(text) || essenceOf(contentType) === 'text/html'
  const value = parsedJson(text, read.head)?.value
  const said = isPage ? pageMessage(text) : apiMessage(value ?? '')
  const body = isPage ? '' : (value === undefined ? text : compactJson(text)).slice(0, ERROR_CHARACTERS)
  const advice = remedy(status, method, retryAfterMs(header('retry-after'), Date.now()))
  // A short answer whose message has been found says nothing more.
  const isTold = value !== undefined && said !== '' && isObject(value) && Object.keys(value).length === 1
  const lines = [
    first,
    said,
    advice,
    ...(body === '' || body === said || (isTold && typeof Object.values(value)[0] === 'string') ? [] : ['', body]),
  ]
  return errorResult(filter.text(lines.filter((line, index) => line !== '' || index > 2).join('\n')))
}

function startsAsJson(bytes: Buffer): boolean {
  return /^[\s\ufeff]*[[{]/.test(bytes.toString('latin1', 0, 64))
}

/** `bytes`: of the text, or of one that differs by what was masked in it. */
function parsedJson(text: string, bytes: Buffer): { value: unknown } | undefined {
  if (nestsTooDeep(bytes)) return undefined
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

interface ResultFacts {
  structured?: unknown
  /** JSON text of the same, as the API wrote its numbers. */
  structuredText?: string
  isError?: boolean
}

function result(
  content: readonly Content[],
  { structured, structuredText, isError }: ResultFacts = {},
): UpstreamAnswer {
  const members = [
    `"content":${JSON.stringify(content)}`,
    ...(structuredText === undefined ? [] : [`"structuredContent":${structuredText}`]),
    ...(isError === true ? ['"isError":true'] : []),
  ]
  const value = {
    content,
    ...(structuredText !== undefined && { structuredContent: structured }),
    ...(isError === true && { isError }),
  }
  return { kind: 'result', bytes: Buffer.from(`{${members.join(',')}}`), value }
}
