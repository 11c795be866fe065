import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { exportDocument } from '../../../../src/main/rest/openapi/export/export-document.ts'
import { type ExportedApi, withoutSecrets } from '../../../../src/main/rest/openapi/export/exported-api.ts'
import { mapDocument } from '../../../../src/main/rest/openapi/mapping/map-document.ts'
import { asTool } from '../../../../src/main/rest/openapi/mapping/preview-tool.ts'
import { readDocument } from '../../../../src/main/rest/openapi/reading/spec-document.ts'
import type { OpenApiPreview } from '../../../../src/shared/contract/openapi.ts'
import type { RestParameter, RestTool, RestToolInput } from '../../../../src/shared/contract/rest.ts'
import { corpus, corpusSpec } from '../../../helpers/openapi-corpus.ts'
import { imported, restTool } from './rest-tools.ts'
import { OAuthSettings } from '../../../../src/shared/contract/oauth.ts'

/**
 * The schema of OpenAPI 3.1 documents (spec.openapis.org/oas/3.1/schema/2021-04-15, Apache-2.0), with that of JSON Schema
 * in the place where a dialect may put its own.
 */
const oas31 = JSON.parse(
  readFileSync(new URL('../../../data/oas-3.1.schema.json', import.meta.url), 'utf8').replaceAll(
    '"$dynamicRef": "#meta"',
    '"$ref": "https://json-schema.org/draft/2020-12/schema"',
  ),
) as object
const ajv = new Ajv2020({ strict: false, validateFormats: false })
const isOpenApi31 = ajv.compile(oas31)

const ENDPOINTS = { authorization_url: 'https://as.example/authorize', token_url: 'https://as.example/token' }
const CLIENT_CREDENTIALS = { grant_type: 'client_credentials', token_url: 'https://as.example/token' } as const

function oauth(settings: Partial<OAuthSettings>): OAuthSettings {
  return OAuthSettings.parse(settings)
}

function api(tools: readonly RestTool[], given: Partial<ExportedApi> = {}): ExportedApi {
  return {
    name: 'pets',
    display_name: 'Pets',
    description: '',
    auth_type: 'none',
    auth_header_prefix: 'Bearer',
    auth: {},
    rest: {
      base_url: 'https://api.example.com/v1',
      headers: {},
      timeout_s: 60,
      max_concurrency: 16,
      retries: 2,
      max_answer_kib: 256,
    },
    tools,
    ...given,
  }
}

/** The text of an export, which is a valid document. */
function exported(given: ExportedApi, leftOut: readonly string[] = []): string {
  const document = exportDocument(given, leftOut, mapDocument)
  isOpenApi31(document)
  expect(isOpenApi31.errors).toBeNull()
  return JSON.stringify(document)
}

function readAgain(text: string): OpenApiPreview {
  return mapDocument(readDocument(text))
}

/** What comes back of tools that went out and in again. */
function roundTrip(tools: readonly RestTool[]): RestTool[] {
  const preview = readAgain(exported(api(tools)))
  expect(preview.warnings).toEqual([])
  return preview.tools.map(asTool)
}

/** A tool that was made by hand becomes one of the operation that it is in the document. */
function withoutOperation({ operation: _, ...tool }: RestTool): Omit<RestTool, 'operation'> {
  return tool
}

function byHand(given: Partial<RestToolInput>): void {
  const tool = restTool({ name: 'one', ...given })
  const [back, ...others] = roundTrip([tool])
  expect(others).toEqual([])
  if (back === undefined) throw new Error('it is gone')
  expect(withoutOperation(back)).toEqual(tool)
  // What came in once stays as it is.
  expect(roundTrip([back])).toEqual([back])
}

describe('documents of others', () => {
  const documents = corpus.filter(({ expect: expected }) => expected !== 'error')

  it.each(documents)('$id imports as it was, once it is exported', { timeout: 120_000 }, ({ id }) => {
    const { text, files } = corpusSpec(id)
    const preview = mapDocument(readDocument(text, files))
    const tools = preview.tools.map(asTool)
    const { auth_type, auth_header_prefix, auth } = preview.auth
    const base_url = preview.base_url.startsWith('http') ? preview.base_url : 'https://api.example.com'
    const whole = api(tools, { auth_type, auth_header_prefix, auth })
    const out = exported({ ...whole, rest: { ...whole.rest, base_url } })
    const again = readAgain(out)
    expect(again.tools.map(asTool).sort(byName)).toEqual(JSON.parse(JSON.stringify(tools.sort(byName))))
    expect(again.base_url).toBe(base_url)
    expect(again.auth).toMatchObject({ auth_type, auth_header_prefix, auth })
    // What an export adds for itself is the small part.
    expect(out.length).toBeLessThan(2 * JSON.stringify(tools).length + 10_000)
  })
})

describe('tools made by hand', () => {
  const query = (given: object) => ({ parameters: [{ name: 'q', in: 'query' as const, ...given }] })

  it.each<[what: string, given: Partial<RestToolInput>]>([
    ['title and description', { title: 'Pets', description: 'All *pets*.\n\nReally.' }],
    ['names of arguments', query({ argument: 'search', schema: { type: 'string' } })],
    ['hidden constants', query({ constant: 'open', schema: { type: 'string' } })],
    ['a constant that is null', query({ constant: null })],
    ['a constant that is an object', query({ constant: { a: [1, 'x'] }, style: 'deepObject' })],
    ['a style of Swagger 2.0', query({ style: 'tabDelimited', explode: false, schema: { type: 'array' } })],
    [
      'a style of OpenAPI 3.2',
      { parameters: [{ name: 'c', in: 'cookie', style: 'cookie', schema: { type: 'array' } }] },
    ],
    ['allowed reserved characters', query({ allow_reserved: true, explode: false })],
    ['a media type', query({ content_type: 'application/json', schema: { type: 'object' } })],
    ['a header that OpenAPI ignores', { parameters: [{ name: 'Accept', in: 'header', schema: { type: 'string' } }] }],
    [
      'two parameters of one name in one place',
      {
        parameters: [
          { name: 'q', in: 'query', argument: 'a' },
          { name: 'q', in: 'query', argument: 'b', constant: 1 },
        ],
      },
    ],
    [
      'a path parameter',
      {
        path: '/pets/{id}',
        parameters: [{ name: 'id', in: 'path', required: true, style: 'matrix', schema: { type: 'integer' } }],
      },
    ],
    ['a fixed query', { path: '/pets?type=open&x=%20y' }],
    ['a server of its own', { base_url: 'https://uploads.example.com/v2' }],
    ['a projection', { projection: '$.items[*].name' }],
    ['several projections', { projection: { names: '$..name', first: '$.items[0]' } }],
    ['annotations', { method: 'DELETE', annotations: { destructiveHint: false, readOnlyHint: true } }],
    [
      'a body of one value',
      {
        method: 'POST',
        body: {
          content_type: 'application/json',
          required: true,
          description: 'It.',
          schema: { type: 'object', properties: { a: { type: 'string' } } },
        },
      },
    ],
    ['a body of text', { method: 'PUT', body: { content_type: 'text/plain', schema: { type: 'string' } } }],
    ['a body of bytes', { method: 'PUT', body: { content_type: 'application/octet-stream', schema: {} } }],
    [
      'a body of fields between other parameters',
      {
        method: 'POST',
        body: { content_type: 'multipart/form-data', required: false },
        parameters: [
          { name: 'file', in: 'body', required: true, content_type: 'image/png', schema: { type: 'string' } },
          { name: 'q', in: 'query' },
          { name: 'tags', in: 'body', style: 'pipeDelimited', explode: false, schema: { type: 'array' } },
          { name: 'kind', in: 'body', constant: 'x', argument: 'of', description: 'Which.' },
        ],
      },
    ],
    ['a body of a GET', { body: { content_type: 'application/json', schema: { type: 'array' } } }],
    ['no fields in a body', { method: 'POST', body: { content_type: 'application/json' } }],
    ['an answer', { output_schema: { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] } }],
    [
      'schemas that are true and false',
      {
        parameters: [
          { name: 'a', in: 'query', schema: true },
          { name: 'b', in: 'query', schema: false },
        ],
      },
    ],
    [
      'keywords that nobody knows',
      query({ schema: { type: 'string', 'x-own': { a: 1 }, $comment: 'why', contentEncoding: 'base64' } }),
    ],
    [
      'a property called $ref',
      query({ schema: { type: 'object', properties: { $ref: { type: 'string' }, constructor: {} } } }),
    ],
    [
      'data that looks like a reference',
      query({ schema: { enum: [{ $ref: '#/$defs/A' }], default: { $ref: '#/$defs/A' } } }),
    ],
    ['a reference to nothing', query({ schema: { $ref: '#/$defs/Nothing' } })],
    ['a method that OpenAPI 3.1 does not have', { method: 'PURGE', path: '/cache' }],
    ['QUERY', { method: 'QUERY', path: '/search', body: { content_type: 'application/json', schema: {} } }],
    [
      'definitions that refer to each other',
      {
        ...query({ schema: { $ref: '#/$defs/A' } }),
        $defs: { A: { properties: { b: { $ref: '#/$defs/B%20b' } } }, 'B b': { items: { $ref: '#/$defs/A' } } },
        output_schema: {
          type: 'object',
          properties: { a: { $ref: '#/$defs/A' }, own: { $ref: '#/$defs/Own' } },
          $defs: { Own: { type: 'string' } },
        },
      },
    ],
  ])('%s', (_what, given) => byHand(given))

  it('of one path and method are told apart', () => {
    const tools = ['list', 'search', 'other'].map((name) => restTool({ name, path: '/pets', description: name }))
    expect(roundTrip(tools).map(withoutOperation)).toEqual(tools)
  })

  it('with definitions of one name that are not the same keep their own', () => {
    const tool = (name: string, type: string) =>
      imported({
        name,
        path: `/${name}`,
        parameters: [{ name: 'q', in: 'query', schema: { $ref: '#/$defs/Outer' } }],
        $defs: { Outer: { type: 'array', items: { $ref: '#/$defs/Inner' } }, Inner: { type } },
        output_schema: {
          type: 'object',
          properties: { a: { $ref: '#/$defs/Inner' } },
          $defs: { Inner: { type: 'object', title: type } },
        },
      })
    const tools = [tool('a', 'string'), tool('b', 'number'), tool('c', 'string')]
    expect(roundTrip(tools)).toEqual(tools)
    const { components } = JSON.parse(exported(api(tools))) as { components: { schemas: object } }
    // Two of each: `Outer` says the same, and means what it refers to.
    expect(Object.keys(components.schemas)).toHaveLength(2 + 2 + 2)
  })

  it('keep what was remembered of their operation', () => {
    const operation = {
      path: '/pets#search',
      method: 'POST',
      id: 'pets/search',
      tags: ['Pets', 'All'],
      deprecated: true,
    }
    const tool = restTool({ name: 'search', method: 'POST', path: '/pets', operation })
    expect(roundTrip([tool])).toEqual([tool])
  })

  it('of any make come back as they were', { timeout: 60_000 }, () => {
    for (let seed = 1; seed <= 60; seed++) byHand(arbitraryTool(randomOf(seed)))
  })
})

describe('the API itself', () => {
  it.each<Partial<ExportedApi>>([
    { auth_type: 'none' },
    { auth_type: 'bearer' },
    { auth_type: 'bearer', auth_header_prefix: 'Token' },
    { auth_type: 'bearer', auth: { header_name: 'X-Auth' } },
    { auth_type: 'basic' },
    { auth_type: 'api_key', auth_header_prefix: '', auth: { in: 'query', header_name: 'key' } },
    { auth_type: 'api_key', auth: { in: 'cookie', header_name: 'session' } },
    { auth_type: 'oauth2' },
    { auth_type: 'oauth2', auth: { oauth: oauth({ scopes: ['read', 'write'], redirect: 'deep_link' }) } },
    { auth_type: 'oauth2', auth: { oauth: oauth({ issuer: 'https://as.example/', client_id: 'gatehouse' }) } },
    { auth_type: 'oauth2', auth: { oauth: oauth({ ...ENDPOINTS, revocation_url: 'https://as.example/r' }) } },
    { auth_type: 'oauth2', auth: { oauth: oauth({ ...CLIENT_CREDENTIALS, audience: 'https://api.example' }) } },
  ])('keeps how it is authenticated: %j', (auth) => {
    const whole = api([imported({ name: 'list' })], auth)
    const { auth_type, auth_header_prefix } = whole
    const preview = readAgain(exported(whole))
    expect(preview.auth).toMatchObject(
      auth_type === 'none' ? { auth_type } : { auth_type, auth_header_prefix, auth: whole.auth },
    )
  })

  it.each<[string, Partial<OAuthSettings>, unknown, string[]]>([
    [
      'a sign-in',
      { ...ENDPOINTS, scopes: ['read'] },
      {
        type: 'oauth2',
        flows: {
          authorizationCode: {
            authorizationUrl: 'https://as.example/authorize',
            tokenUrl: 'https://as.example/token',
            scopes: { read: '' },
          },
        },
      },
      ['read'],
    ],
    [
      'client credentials',
      CLIENT_CREDENTIALS,
      { type: 'oauth2', flows: { clientCredentials: { tokenUrl: 'https://as.example/token', scopes: {} } } },
      [],
    ],
    [
      'an issuer',
      { issuer: 'https://as.example/tenant' },
      {
        type: 'openIdConnect',
        openIdConnectUrl: 'https://as.example/tenant/.well-known/openid-configuration',
      },
      [],
    ],
    ['a server that says it itself', {}, { type: 'oauth2', flows: {} }, []],
  ])('tells other readers of OAuth with %s', (_what, settings, scheme, scopes) => {
    const auth = { oauth: oauth(settings) }
    const document = exportDocument(api([imported({ name: 'list' })], { auth_type: 'oauth2', auth }), [], mapDocument)
    expect(document).toMatchObject({
      security: [{ oauth2: scopes }],
      components: { securitySchemes: { oauth2: scheme } },
    })
    // All of it stands in the words of OpenAPI.
    expect(document).not.toHaveProperty('x-gatehouse.auth')
  })

  it('keeps its address, what it is called, and how it is reached', () => {
    const rest = {
      base_url: 'https://api.example.com/v1',
      headers: { 'X-Team': 'blue' },
      timeout_s: 5,
      max_concurrency: 1,
      retries: 0,
      max_answer_kib: 8,
    }
    const preview = readAgain(exported(api([], { rest, description: 'All pets.' })))
    const { base_url, ...connection } = rest
    expect(preview).toMatchObject({ title: 'Pets', description: 'All pets.', base_url, connection, tools: [] })
  })

  it('says to other readers what it can', () => {
    const tool = imported({
      name: 'get_pet',
      title: 'Get a pet',
      description: 'One.',
      path: '/pets/{id}',
      parameters: [
        { name: 'id', in: 'path', required: true, schema: { $ref: '#/$defs/Id' } },
        { name: 'view', in: 'query', constant: 'full' },
      ],
      $defs: { Id: { type: 'integer' } },
    })
    const document = JSON.parse(exported(api([tool], { auth_type: 'bearer' }))) as unknown
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Pets' },
      servers: [{ url: 'https://api.example.com/v1' }],
      security: [{ bearer: [] }],
      paths: {
        '/pets/{id}': {
          get: {
            operationId: 'get_pet',
            summary: 'Get a pet',
            description: 'One.',
            parameters: [
              { name: 'id', in: 'path', required: true, schema: { $ref: '#/components/schemas/Id' } },
              { name: 'view', in: 'query', required: true, schema: { const: 'full' } },
            ],
          },
        },
      },
      components: {
        schemas: { Id: { type: 'integer' } },
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      },
    })
  })
})

describe('secrets', () => {
  const redact = (text: string) => text.replaceAll('hunter2hunter2', '[redacted]')
  const secret = 'ghp_0123456789abcdefghij'

  it('stay here, and their places are named', () => {
    const tools = [
      restTool({
        name: 'list',
        path: `/pets?type=open&api_key=abc`,
        parameters: [
          { name: 'token', in: 'query', constant: 'abc' },
          { name: 'x', in: 'header', constant: secret },
          { name: 'kind', in: 'query', constant: 'open' },
        ],
      }),
    ]
    const rest = { ...api([]).rest, headers: { 'X-Api-Key': 'abc', 'X-Team': 'blue', 'X-Other': 'hunter2hunter2' } }
    const clean = withoutSecrets(api(tools, { rest }), redact)
    expect(clean.leftOut).toEqual([
      'headers.X-Api-Key',
      'headers.X-Other',
      'tools.list.path',
      'tools.list.parameters.token',
      'tools.list.parameters.x',
    ])
    const text = exported(clean.api, clean.leftOut)
    for (const word of ['abc', secret, 'hunter2']) expect(text).not.toContain(word)
    const preview = readAgain(text)
    expect(preview.tools[0]).toMatchObject({
      path: '/pets?type=open',
      parameters: [{ name: 'kind', constant: 'open' }],
    })
    expect(preview.warnings.map(({ message }) => message)).toContainEqual(expect.stringContaining('headers.X-Api-Key'))
  })
})

describe('an extension that somebody else wrote', () => {
  const document = (extension: unknown, operation: unknown) =>
    JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'x', version: '1' },
      servers: [{ url: 'https://x.example' }],
      paths: { '/a': { get: { operationId: 'a', 'x-gatehouse': operation } } },
      'x-gatehouse': extension,
    })
  const own = { version: 1 }

  it.each([
    ['no object', 'yes', {}],
    ['another version', { version: 2 }, {}],
    ['headers that are none', { ...own, connection: { headers: { 'a\nb': 'c' } } }, {}],
  ])('is left out where it is %s', (_what, extension, operation) => {
    const preview = readAgain(document(extension, operation))
    expect(preview.tools.map(({ name }) => name)).toEqual(['a'])
    expect(preview).not.toHaveProperty('connection')
  })

  it.each([
    { set: { '/name': 'not a name' } },
    { set: { '': 'x' } },
    { set: 7 },
    { order: ['query.nothing'] },
    { set: { '/path': '/a b' } },
    { without: ['/method'] },
  ])('is left out with a warning where no tool comes of it: %j', (operation) => {
    const preview = readAgain(document(own, operation))
    expect(preview.tools).toMatchObject([{ name: 'a', path: '/a', method: 'GET' }])
    expect(preview.warnings).toMatchObject([{ pointer: '/paths/~1a/get/x-gatehouse', operation: 'GET /a' }])
  })

  it('never says who hears the credentials', () => {
    const connection = {
      base_url: 'https://evil.example',
      proxy_url: 'http://evil.example',
      ca: '-----BEGIN CERTIFICATE-----',
      credential_origins: ['https://evil.example'],
      headers: {},
    }
    const preview = readAgain(document({ ...own, connection }, {}))
    expect(JSON.stringify(preview)).not.toContain('evil')
  })

  it('gives no name twice', () => {
    const tools = [restTool({ name: 'a', method: 'PURGE' })]
    expect(readAgain(document({ ...own, tools }, {})).tools.map(({ name }) => name)).toEqual(['a', 'a_2'])
  })
})

function byName(one: RestTool, other: RestTool): number {
  return one.name < other.name ? -1 : 1
}

/** Numbers below 1 that are the same for one seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function arbitraryTool(random: () => number): Partial<RestToolInput> {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item
  const maybe = <Value extends object>(value: Value): Value | object => (random() < 0.4 ? value : {})
  const schema = (depth = 0): Record<string, unknown> => ({
    ...maybe({ type: pick<unknown>(['string', 'integer', ['string', 'null'], 'array', 'object']) }),
    ...maybe({ description: pick(['What.', 'A\nB']) }),
    ...maybe({ default: pick<unknown>([1, 'x', null, [], { a: 1 }]) }),
    ...maybe({ enum: [1, 'a', null] }),
    ...maybe({ minLength: 1, maxLength: 9, pattern: '^a' }),
    ...(depth < 2 ? maybe({ properties: { a: schema(depth + 1), $ref: schema(depth + 1) }, required: ['a'] }) : {}),
    ...(depth < 2 ? maybe({ anyOf: [schema(depth + 1), { $ref: '#/$defs/D' }] }) : {}),
    ...(depth < 2 ? maybe({ items: pick<unknown>([schema(depth + 1), true, { $ref: '#/$defs/D' }]) }) : {}),
  })
  const inBody = random() < 0.4
  const places = ['query', 'header', 'cookie', ...(inBody ? ['body'] : [])] as RestParameter['in'][]
  const parameters = Array.from({ length: Math.floor(random() * 5) }, (_, index) => ({
    name: `${pick(['id', 'X-Thing', 'filter[a]', 'ünï', 'p'])}${index}`,
    in: pick(places),
    required: random() < 0.5,
    schema: pick<RestParameter['schema']>([schema(), schema(), true]),
    ...maybe({ argument: `arg_${index}` }),
    ...maybe({ description: 'Of a parameter.' }),
    ...maybe({ style: pick(['form', 'simple', 'deepObject', 'pipeDelimited'] as const) }),
    ...maybe({ explode: pick([true, false]) }),
    ...maybe({ allow_reserved: true }),
    ...(random() < 0.2 ? { constant: pick<NonNullable<RestParameter['constant']>>(['v', 1, ['x']]) } : {}),
    ...(random() < 0.2 ? { content_type: 'application/json' } : {}),
  }))
  const types = ['application/json', 'multipart/form-data', 'application/x-www-form-urlencoded', 'text/csv']
  const isWhole = random() < 0.5 && !parameters.some((one) => one.in === 'body')
  return {
    method: pick(['GET', 'POST', 'DELETE', 'QUERY']),
    path: pick(['/', '/a', '/a/b?c=d', '/ü/%7B']),
    parameters,
    body: inBody ? { content_type: pick(types), ...(isWhole && { schema: schema() }) } : null,
    $defs: { D: { type: 'object', properties: { d: { $ref: '#/$defs/D' } } } },
    ...maybe({ output_schema: { type: 'object', ...schema() } }),
    ...maybe({ title: 'T', description: 'D' }),
  }
}
