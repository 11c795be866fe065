import type { RestToolPreview, RestTry } from '../../shared/contract/openapi.ts'
import type { RestTool } from '../../shared/contract/rest.ts'
import { AppError } from '../base/app-error.ts'
import { defaultUpstreamLimits } from '../upstream/limits.ts'
import type { SecretFilter } from '../upstream/secret-filter.ts'
import type { UpstreamAnswer } from '../upstream/upstream.ts'
import { errorResult } from './answer/answer.ts'
import { formatBytes } from './answer/answer-text.ts'
import { ApiClient } from './client/api-client.ts'
import { ArgumentCheck } from './arguments/argument-check.ts'
import { bodyKind } from './media-type.ts'
import { percentEncoded } from './request/percent-encoding.ts'
import { withToken } from './authorized-request.ts'
import { buildRequest, type BuiltRequest } from './request/request-builder.ts'
import { callTool } from './rest-call.ts'
import type { RestPlace } from './rest-place.ts'
import { restSecretFilter } from './rest-secret-filter.ts'
import type { RestSecrets } from '../upstream/upstream.ts'
import { definitionOf, tokensOf } from './tool-definition.ts'
import { toolProblems } from './tool-problems.ts'
import { UnfitArguments } from './arguments/unfit-arguments.ts'

/** A REST API that a tool is looked at or tried with. */
export interface RestConnection {
  rest: RestPlace
  secrets: RestSecrets
}

type ShownRequest = RestToolPreview['request']

const MASK = '••••'
/** A word in front of a credential that is none itself. */
const SCHEME = /^(?:Bearer|Basic|Token|ApiKey|Key|Digest|DPoP) /i
const SHOWN_CHARACTERS = 64 * 1024

/** The tool as an agent sees it, and the request that these arguments make. Nothing is sent. */
export async function previewTool(
  { rest, secrets }: RestConnection,
  tool: RestTool,
  args: Readonly<Record<string, unknown>>,
): Promise<RestToolPreview> {
  const definition = definitionOf(tool)
  const facts = { tool: { ...definition }, tokens: tokensOf(definition) }
  const problems = toolProblems(tool)
  try {
    const fitting = await new ArgumentCheck().fit(tool, args)
    const request = shownRequest(rest, secrets, tool, fitting)
    return { ...facts, request: problems.length === 0 ? request : null, problems }
  } catch (error) {
    if (!(error instanceof UnfitArguments)) throw error
    const found = error.problems.map(({ path, message }) => ({
      path: path === '' ? 'arguments' : `arguments.${path}`,
      message,
    }))
    return { ...facts, request: null, problems: problems.length > 0 ? problems : found }
  }
}

/** One call of a tool that need not be stored: what was sent, how it was answered, and what an agent would get of it. */
export async function tryTool(
  { rest, secrets }: RestConnection,
  tool: RestTool,
  args: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<RestTry> {
  const filter = restSecretFilter(secrets)
  const { connectTimeoutMs } = defaultUpstreamLimits
  const check = new ArgumentCheck()
  const client = new ApiClient({ place: rest, tlsKey: secrets.tlsKey, connectTimeoutMs })
  let request: ShownRequest = null
  try {
    request = shownRequest(rest, secrets, tool, await check.fit(tool, args))
    const startedAt = performance.now()
    const { answer, bytes, response } = await callTool(
      { place: rest, secrets, filter, client, check },
      tool,
      args,
      signal,
    )
    const headers = response.headers.map(([name, value]): [string, string] => [name, filter.text(value)])
    const duration = Math.round((performance.now() - startedAt) * 10) / 10
    return {
      request,
      response: { status: response.status, headers, duration_ms: duration, bytes: bytes ?? 0 },
      result: resultIn(answer),
    }
  } catch (error) {
    const failure = filter.error(error)
    if (failure instanceof UnfitArguments || failure instanceof AppError) {
      return { request, response: null, result: resultIn(errorResult(failure.message)) }
    }
    throw failure
  } finally {
    await client.close()
  }
}

/** The request with credentials masked: it is built with masks in their place, so that none can be missed. */
function shownRequest(
  rest: RestPlace,
  secrets: RestSecrets,
  tool: RestTool,
  args: Readonly<Record<string, unknown>>,
): ShownRequest {
  const masked = {
    headers: mapValues(secrets.headers, (value) => `${SCHEME.exec(value)?.[0] ?? ''}${MASK}`),
    query: mapValues(secrets.query, () => MASK),
    cookies: mapValues(secrets.cookies, () => MASK),
  }
  const filter = restSecretFilter(secrets)
  const plain = buildRequest(rest, tool, args, masked)
  const built = secrets.token === undefined ? plain : withToken(plain, `Bearer ${MASK}`)
  const shown = (text: string) => filter.text(text.replaceAll(percentEncoded(MASK), MASK))
  return {
    method: built.method,
    url: shown(built.url.href),
    headers: built.headers.map(([name, value]) => [name, shown(readable(value))]),
    body: bodyText(built, filter),
  }
}

function bodyText({ headers, body }: BuiltRequest, filter: SecretFilter): string | null {
  if (body === undefined) return null
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  const text = body.toString()
  // Of several parts one may be text and another one not.
  if (bodyKind(type) === 'binary' || /[\x00-\x08\ufffd]/.test(text)) return `${type}, ${formatBytes(body.length)}`
  return filter.text(text).slice(0, SHOWN_CHARACTERS)
}

/** A header's bytes as the text that they are. */
function readable(value: string): string {
  return /[\x80-\xff]/.test(value) && !value.includes(MASK) ? Buffer.from(value, 'latin1').toString() : value
}

/** An agent gets its bytes; here it is looked at. */
function resultIn({ bytes }: UpstreamAnswer): Record<string, unknown> {
  return JSON.parse(bytes.toString()) as Record<string, unknown>
}

function mapValues(values: Record<string, string>, map: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]))
}
