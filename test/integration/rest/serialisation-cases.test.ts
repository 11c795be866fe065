import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { mapDocument } from '../../../src/main/rest/openapi/mapping/map-document.ts'
import { readDocument } from '../../../src/main/rest/openapi/reading/spec-document.ts'
import { argumentName } from '../../../src/main/rest/tool-definition.ts'
import type { RestSecrets } from '../../../src/main/upstream/upstream.ts'
import type { PreviewTool } from '../../../src/shared/contract/openapi.ts'
import { echoServer, NO_SECRETS, serveRest, type Sent } from './rest-harness.ts'

interface Case {
  id: string
  openapi: string
  server: string | null
  method: string
  path: string
  parameters: unknown[]
  args: Partial<Record<string, unknown>>
  requestBody?: unknown
  servers?: unknown[]
  swagger?: Record<string, unknown>
  securityScheme?: { type: string; scheme?: string; in?: string; name?: string }
  credential?: { token?: string; username?: string; password?: string; value?: string }
  expect: {
    url: string
    urlAnyOf?: string[]
    method: string
    headers?: Record<string, string>
    headersNot?: Record<string, string>
    headerPrefix?: boolean
    body?: string
    bodyAnyOf?: string[]
    bodyJson?: unknown
    parts?: { name: string; body: string; contentType?: string }[]
  }
}

const file = new URL('../../data/openapi/serialisation-cases.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }

/** The whole document that a case is a part of. */
function documentOf(given: Case): unknown {
  const { method, path, parameters, requestBody, swagger, securityScheme } = given
  const operation = { operationId: 'op', parameters, requestBody, responses: { 200: { description: '' } } }
  const info = { title: given.id, version: '1' }
  const paths = { [path]: { [method]: operation } }
  if (swagger) return { swagger: '2.0', info, ...swagger, paths }
  const servers = given.servers ?? [{ url: given.server }]
  const security = securityScheme && { components: { securitySchemes: { s: securityScheme } }, security: [{ s: [] }] }
  return { openapi: given.openapi, info, servers, paths, ...security }
}

/** As agents give them: by the name that the tool has for each. */
function argumentsFor({ parameters, body }: PreviewTool, args: Case['args']): Record<string, unknown> {
  const given = parameters.flatMap((parameter): [string, unknown][] => {
    const values = args[parameter.in] as Record<string, unknown> | undefined
    return values && Object.hasOwn(values, parameter.name) ? [[argumentName(parameter), values[parameter.name]]] : []
  })
  const whole = body?.schema !== undefined && args.body !== undefined ? [['body', args.body] as const] : []
  return Object.fromEntries([...given, ...whole])
}

function secretsFor({ securityScheme, credential }: Case): Partial<RestSecrets> {
  if (securityScheme === undefined || credential === undefined) return {}
  const { type, scheme, name = '' } = securityScheme
  if (type === 'http' && scheme === 'bearer') return { headers: { Authorization: `Bearer ${credential.token ?? ''}` } }
  if (type === 'http') {
    const pair = `${credential.username ?? ''}:${credential.password ?? ''}`
    return { headers: { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` } }
  }
  const value = { [name]: credential.value ?? '' }
  return securityScheme.in === 'query' ? { query: value } : { headers: value }
}

function partsIn({ headers, body }: Sent): unknown[] {
  const boundary = /boundary=(.*)$/.exec(headers['content-type'] ?? '')?.[1] ?? ''
  return body
    .toString()
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => {
      const [head = '', text = ''] = part.split('\r\n\r\n')
      const contentType = /content-type: (.*)/i.exec(head)?.[1]?.trim()
      return {
        name: /name="([^"]*)"/.exec(head)?.[1],
        body: text.replace(/\r\n$/, ''),
        ...(contentType && { contentType }),
      }
    })
}

describe('requests worked out from the specifications', () => {
  it('are all of them', () => expect(cases).toHaveLength(52))

  it.each(cases.map((given) => [given.id, given] as const))('%s', async (_id, given) => {
    const preview = mapDocument(readDocument(JSON.stringify(documentOf(given))))
    const [tool] = preview.tools
    if (tool === undefined) throw new Error(JSON.stringify(preview.warnings))
    const { origin, sent } = await echoServer()
    // The same request, to the server that notes it.
    const local = new URL(preview.base_url)
    const { input_schema: _, reads: _r, tokens: _t, warnings: _w, ...stored } = tool
    const { call } = serveRest(
      { base_url: origin + local.pathname, tools: [stored] },
      { ...NO_SECRETS, ...secretsFor(given) },
    )
    const result = await call(tool.name, argumentsFor(tool, given.args))
    expect(result.isError, result.text).toBeUndefined()

    const [request] = sent
    if (request === undefined) throw new Error('Nothing was sent.')
    const { expect: wanted } = given
    expect(request.method).toBe(wanted.method)
    expect([wanted.url, ...(wanted.urlAnyOf ?? [])]).toContain(local.origin + request.url)
    for (const [name, value] of Object.entries(wanted.headers ?? {})) {
      const header = String(request.headers[name.toLowerCase()])
      if (wanted.headerPrefix) expect(header.startsWith(value), header).toBe(true)
      else expect(header).toBe(value)
    }
    for (const [name, value] of Object.entries(wanted.headersNot ?? {})) {
      expect(request.headers[name.toLowerCase()]).not.toBe(value)
    }
    const body = request.body.toString()
    if (wanted.body !== undefined) expect([wanted.body, ...(wanted.bodyAnyOf ?? [])]).toContain(body)
    if (wanted.bodyJson !== undefined) expect(JSON.parse(body)).toStrictEqual(wanted.bodyJson)
    if (wanted.parts !== undefined) expect(partsIn(request)).toMatchObject(wanted.parts)
  })
})
