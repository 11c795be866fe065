import type { RestTool } from '../../shared/contract/rest.ts'
import { sendAuthorized } from './authorized-request.ts'
import { resultOf, type ApiResult } from './answer/answer.ts'
import type { ApiClient, ApiResponse } from './client/api-client.ts'
import type { ArgumentCheck } from './arguments/argument-check.ts'
import { buildRequest, type BuiltRequest } from './request/request-builder.ts'
import type { RestPlace } from './rest-place.ts'
import type { RestSecrets } from '../upstream/upstream.ts'
import type { SecretFilter } from '../upstream/secret-filter.ts'

/** What a call needs of its integration. */
export interface CallTools {
  place: RestPlace
  secrets: RestSecrets
  filter: SecretFilter
  client: ApiClient
  check: ArgumentCheck
}

export interface CallOutcome extends ApiResult {
  request: BuiltRequest
  response: Pick<ApiResponse, 'status' | 'headers'>
}

/** One call of a tool. Rejects with `UnfitArguments`, with AppError where no answer came, and with the signal's reason. */
export async function callTool(
  { place, secrets, filter, client, check }: CallTools,
  tool: RestTool,
  args: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<CallOutcome> {
  const fitting = await check.fit(tool, args)
  const request = buildRequest(place, tool, fitting, secrets)
  const rules = {
    maxBytes: place.max_answer_kib * 1024,
    filter,
    outputFault: (value: unknown) => check.outputFault(tool, value),
  }
  return sendAuthorized(
    request,
    async (response) => ({ ...(await resultOf(response, tool, rules)), request, response }),
    { client, filter, token: secrets.token, timeoutMs: place.timeout_s * 1_000, signal },
  )
}
