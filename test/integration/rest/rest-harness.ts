import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener } from 'node:http'
import { onTestFinished } from 'vitest'
import type { Connection } from '../../../src/shared/contract/integrations.ts'
import { RestSettings } from '../../../src/shared/contract/integrations.ts'
import type { RestToolInput } from '../../../src/shared/contract/rest.ts'
import { offerOf } from '../../../src/main/rest/rest-offer.ts'
import type { OwnTools } from '../../../src/main/upstream/own-tools.ts'
import type { RestSecrets } from '../../../src/main/upstream/upstream.ts'
import { RestUpstream } from '../../../src/main/rest/rest-upstream.ts'
import { OutputRing } from '../../../src/main/upstream/output-ring.ts'
import type { UpstreamAnswer } from '../../../src/main/upstream/upstream.ts'
import { serveHttp } from '../../helpers/serve-http.ts'

export const NO_SECRETS: RestSecrets = { headers: {}, query: {}, cookies: {} }

export interface Sent {
  method: string
  url: string
  headers: IncomingMessage['headers']
  rawHeaders: string[]
  body: Buffer
}

/** A server that notes what it is sent, and answers `{}` unless told otherwise. */
export async function echoServer(answer?: (sent: Sent, ...args: Parameters<RequestListener>) => void): Promise<{
  origin: string
  sent: Sent[]
}> {
  const sent: Sent[] = []
  const origin = await serveHttp((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers, rawHeaders } = request
      const told = { method, url, headers, rawHeaders, body: Buffer.concat(chunks) }
      sent.push(told)
      if (answer) answer(told, request, response)
      else response.setHeader('content-type', 'application/json').end('{}')
    })
  })
  return { origin, sent }
}

export interface Served {
  upstream: RestUpstream
  output: OutputRing
  states: Connection['state'][]
  /** The result of a call; throws for a JSON-RPC error. */
  call: (name: string, args?: unknown, signal?: AbortSignal) => Promise<CallResult>
  /** The answer as it is. */
  ask: (method: string, params: string, signal?: AbortSignal) => Promise<UpstreamAnswer>
}

export interface CallResult {
  content: { type: string; text?: string; data?: string; mimeType?: string; resource?: Record<string, string> }[]
  structuredContent?: unknown
  isError?: boolean
  /** Of the result's JSON. */
  json: string
  /** Of its first content. */
  text: string
}

/** A REST API for the test that is running. */
export function serveRest(
  rest: { base_url: string; tools: RestToolInput[] } & Record<string, unknown>,
  secrets: Partial<RestSecrets> | (() => RestSecrets) = {},
  own?: OwnTools,
): Served {
  const output = new OutputRing()
  const states: Connection['state'][] = []
  const settings = RestSettings.parse(rest)
  const upstream = new RestUpstream(
    {
      protocol: 'rest',
      lastKnown: offerOf(settings.tools, own?.definitions),
      id: randomUUID(),
      workspace: 'default',
      slug: 'api',
      rest: settings,
      own,
      secrets: typeof secrets === 'function' ? secrets : () => ({ ...NO_SECRETS, ...secrets }),
    },
    {
      listener: {
        connectionChanged: ({ connection }) => states.push(connection.state),
        offerChanged: () => undefined,
        said: () => undefined,
      },
      log: { info: () => undefined, warn: () => undefined },
      limits: { connectTimeoutMs: 2_000 },
      output,
    },
  )
  onTestFinished(() => upstream.close())
  const ask: Served['ask'] = async (method, params, signal) => {
    const session = await upstream.session({ signal })
    return session.request({ method, params: Buffer.from(params), ...(signal && { signal }) })
  }
  const call: Served['call'] = async (name, args = {}, signal) => {
    const answer = await ask('tools/call', `{"name":${JSON.stringify(name)},"arguments":${asJson(args)}}`, signal)
    const json = answer.bytes.toString()
    if (answer.kind === 'error') throw new Error(json)
    const result = JSON.parse(json) as CallResult
    return { ...result, json, text: result.content[0]?.text ?? '' }
  }
  return { upstream, output, states, call, ask }
}

function asJson(args: unknown): string {
  return typeof args === 'string' ? args : JSON.stringify(args)
}
