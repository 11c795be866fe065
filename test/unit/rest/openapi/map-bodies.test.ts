import { describe, expect, test } from 'vitest'
import { mapped, onlyTool, openApi, swagger, warningsOf } from './mapped.ts'

const text = { type: 'string' }
const file = { type: 'string', contentEncoding: 'base64' }
type Json = Record<string, unknown>

const post = (requestBody: unknown, rest: Json = {}, parameters: unknown[] = []) =>
  onlyTool(openApi({ '/x': { post: { parameters, requestBody } } }, rest))
const json = (schema: unknown, required = true) => ({ required, content: { 'application/json': { schema } } })
const body2 = (parameters: unknown[], operation: Json = {}, rest: Json = {}) =>
  onlyTool(swagger({ '/x': { post: { parameters, ...operation } } }, rest))

const Thing = {
  type: 'object',
  required: ['a'],
  properties: { a: { ...text, description: 'A.' }, b: { type: 'integer' } },
}

describe('a JSON body', () => {
  test('that is a plain object has its properties as arguments', () => {
    const tool = post(json({ $ref: '#/components/schemas/Thing' }), { components: { schemas: { Thing } } })
    expect(tool.body).toEqual({ content_type: 'application/json', required: true, description: '' })
    expect(tool.parameters).toEqual([
      { name: 'a', in: 'body', required: true, description: 'A.', schema: text },
      { name: 'b', in: 'body', required: false, description: '', schema: { type: 'integer' } },
    ])
    expect(tool.input_schema).toEqual({
      type: 'object',
      properties: { a: { ...text, description: 'A.' }, b: { type: 'integer' } },
      required: ['a'],
      additionalProperties: false,
    })
  })

  test.each([
    ['is optional with fields that are not', json(Thing, false)],
    ['has alternatives', json({ ...Thing, oneOf: [{ required: ['a'] }, { required: ['b'] }] })],
    ['takes further fields', json({ ...Thing, additionalProperties: text })],
    ['takes any further fields', json({ ...Thing, additionalProperties: true })],
    ['is a list', json({ type: 'array', items: Thing })],
    ['has no properties', json({ type: 'object' })],
    ['has nothing but what the API sets', json({ type: 'object', properties: { id: { ...text, readOnly: true } } })],
    ['is anything', json({})],
    ['has no schema', { required: true, content: { 'application/json': {} } }],
  ])('that %s is one argument', (_, requestBody) => {
    const tool = post(requestBody)
    expect(tool.parameters).toEqual([])
    expect(tool.body?.schema).toBeDefined()
    expect(tool.input_schema).toMatchObject({ properties: { body: {} } })
    expect(tool.input_schema.required).toEqual(requestBody.required ? ['body'] : undefined)
  })

  test('is one argument where a field has the name of another parameter', () => {
    const tool = post(json(Thing), {}, [{ name: 'a', in: 'query', schema: text }])
    expect(tool.parameters).toEqual([{ name: 'a', in: 'query', required: false, description: '', schema: text }])
    expect(tool.body?.schema).toEqual(Thing)
  })

  test('is flat where it is optional and so are its fields', () => {
    const tool = post(json({ type: 'object', properties: { a: text } }, false))
    expect(tool.body).toEqual({ content_type: 'application/json', required: false, description: '' })
    expect(tool.parameters).toMatchObject([{ name: 'a', in: 'body', required: false }])
  })

  test('has fields under names that a model can write', () => {
    const tool = post(json({ type: 'object', required: ['@type'], properties: { '@type': text, type: text } }))
    expect(tool.parameters).toMatchObject([{ name: '@type', argument: 'type_body' }, { name: 'type' }])
    expect(tool.input_schema.required).toEqual(['type_body'])
  })

  test('with a field that is required and described nowhere has it', () => {
    expect(post(json({ ...Thing, required: ['a', 'c'] })).parameters).toMatchObject([
      { name: 'a', required: true },
      { name: 'b', required: false },
      { name: 'c', required: true, schema: {} },
    ])
  })

  test('says what the document says of it, once', () => {
    const tool = post({ ...json({ type: 'array', description: 'Of the schema.' }), description: 'Of the body.' })
    expect(tool.body).toMatchObject({ description: 'Of the body.', schema: { type: 'array' } })
    expect(tool.body?.schema).not.toHaveProperty('description')
  })
})

describe('of several media types', () => {
  const of = (...types: string[]) =>
    post({ content: Object.fromEntries(types.map((type) => [type, { schema: { type: 'object' } }])) }).body
      ?.content_type

  test.each([
    [['application/xml', 'application/json'], 'application/json'],
    [['multipart/form-data', 'application/json; charset=utf-8'], 'application/json; charset=utf-8'],
    [['text/plain', 'application/vnd.x+json'], 'application/vnd.x+json'],
    [['multipart/form-data', 'application/x-www-form-urlencoded'], 'application/x-www-form-urlencoded'],
    [['application/octet-stream', 'text/csv'], 'text/csv'],
    [['application/json-patch+json', 'application/merge-patch+json'], 'application/merge-patch+json'],
    [['*/*'], 'application/json'],
    [['image/png'], 'image/png'],
  ])('%j', (types, expected) => {
    expect(of(...types)).toBe(expected)
  })

  test('JSON Patch is sent where the schema is a list', () => {
    const schema = { type: 'array', items: { type: 'object' } }
    const content = { 'application/merge-patch+json': { schema }, 'application/json-patch+json': { schema } }
    expect(post({ content }).body?.content_type).toBe('application/json-patch+json')
  })
})

describe('forms', () => {
  const form = (type: string, properties: unknown, encoding: unknown = {}, openapi = '3.0.3') => {
    const requestBody = { required: true, content: { [type]: { schema: { type: 'object', properties }, encoding } } }
    return onlyTool({ ...openApi({ '/x': { post: { requestBody } } }), openapi })
  }

  test('say how each field is written', () => {
    const object = { type: 'object' }
    const tool = form(
      'application/x-www-form-urlencoded',
      { a: object, b: object, c: { type: 'array' }, d: object, e: text },
      {
        a: { style: 'deepObject', explode: true },
        b: { style: 'form', explode: true },
        c: { explode: false },
        d: { contentType: 'application/json' },
        e: { allowReserved: true },
      },
    )
    expect(
      tool.parameters.map(({ name: _, in: __, required: ___, description: ____, schema: _____, ...rest }) => rest),
    ).toEqual([
      { style: 'deepObject' },
      { style: 'form' },
      { explode: false },
      { content_type: 'application/json' },
      { allow_reserved: true },
    ])
  })

  test('stay flat where a name is taken, because only fields say how they are written', () => {
    const content = { 'application/x-www-form-urlencoded': { schema: Thing } }
    const tool = post({ required: true, content }, {}, [{ name: 'a', in: 'query', schema: text }])
    expect(tool.parameters).toMatchObject([
      { name: 'a', in: 'query' },
      { name: 'a', in: 'body', argument: 'a_body', required: true },
      { name: 'b', in: 'body' },
    ])
  })

  test('in multipart have files as base64, but not a text that is base64 itself', () => {
    const properties = {
      one: { type: 'string', format: 'binary', description: 'The picture.' },
      many: { type: 'array', items: { type: 'string', format: 'binary' } },
      text: { type: 'string', format: 'byte' },
      shared: { $ref: '#/components/schemas/File' },
    }
    const tool = post(
      { required: true, content: { 'multipart/form-data': { schema: { type: 'object', properties } } } },
      { components: { schemas: { File: { type: 'string', format: 'binary' } } } },
    )
    expect(tool.parameters.map(({ schema, description }) => [schema, description])).toEqual([
      [file, 'The picture. Base64 or a data URL.'],
      [{ type: 'array', items: file }, 'Each one: Base64 or a data URL.'],
      [text, 'Base64.'],
      [file, 'Base64 or a data URL.'],
    ])
  })

  test('in multipart of 3.1 have files by their media type', () => {
    const properties = { a: { contentMediaType: 'image/png' }, b: {}, c: { type: 'object' }, d: text }
    const encoding = { b: { contentType: 'image/png, image/jpeg' }, c: { contentType: 'application/json' } }
    const { parameters } = form('multipart/form-data', properties, encoding, '3.1.0')
    expect(parameters).toMatchObject([
      { name: 'a', schema: { ...file, contentMediaType: 'image/png' } },
      { name: 'b', schema: file, content_type: 'image/png, image/jpeg' },
      { name: 'c', schema: { type: 'object' }, content_type: 'application/json' },
      { name: 'd', schema: text },
    ])
  })

  test('that are one argument say what their files are as well', () => {
    const schema = { type: 'object', required: ['a'], properties: { a: { type: 'string', format: 'binary' } } }
    const tool = post({ content: { 'multipart/form-data': { schema } } })
    expect(tool.body?.schema).toEqual({
      ...schema,
      properties: { a: { ...file, description: 'Base64 or a data URL.' } },
    })
  })
})

test.each([
  ['text/plain', { ...text, maxLength: 9 }, { ...text, maxLength: 9 }],
  ['application/xml', { type: 'object' }, text],
  ['text/csv', undefined, text],
  ['application/octet-stream', { type: 'string', format: 'binary' }, file],
  ['image/*', {}, file],
  ['application/zip', undefined, file],
])('a body of type %s is one string', (type, schema, expected) => {
  const tool = post({ required: true, content: { [type]: { schema } } })
  expect(tool.body).toMatchObject({ content_type: type, schema: expected })
  expect(tool.parameters).toEqual([])
})

describe('Swagger 2.0', () => {
  test('form fields are fields, urlencoded', () => {
    const tool = body2([
      { name: 'a', in: 'formData', type: 'string', required: true, description: 'A.' },
      { name: 'b', in: 'formData', type: 'array', items: text },
      { name: 'c', in: 'formData', type: 'array', items: text, collectionFormat: 'multi' },
    ])
    expect(tool.body).toEqual({ content_type: 'application/x-www-form-urlencoded', required: true, description: '' })
    expect(tool.parameters).toEqual([
      { name: 'a', in: 'body', required: true, description: 'A.', schema: text },
      {
        name: 'b',
        in: 'body',
        required: false,
        description: '',
        schema: { type: 'array', items: text },
        explode: false,
      },
      { name: 'c', in: 'body', required: false, description: '', schema: { type: 'array', items: text } },
    ])
  })

  test('a file makes the form multipart', () => {
    const tool = body2([{ name: 'f', in: 'formData', type: 'file', required: true }])
    expect(tool.body?.content_type).toBe('multipart/form-data')
    expect(tool.parameters).toMatchObject([{ schema: file, description: 'Base64 or a data URL.' }])
  })

  test.each([
    [{ consumes: ['multipart/form-data'] }, {}, 'multipart/form-data'],
    [{}, { consumes: ['multipart/form-data'] }, 'multipart/form-data'],
    [
      { consumes: ['application/x-www-form-urlencoded', 'multipart/form-data'] },
      {},
      'application/x-www-form-urlencoded',
    ],
    [{ consumes: ['application/json'] }, {}, 'application/x-www-form-urlencoded'],
  ])('%j below %j makes a form %s', (operation, rest, expected) => {
    expect(body2([{ name: 'a', in: 'formData', type: 'string' }], operation, rest).body?.content_type).toBe(expected)
  })

  test.each([
    [{}, {}, 'application/json'],
    [{ consumes: ['application/xml', 'application/vnd.x+json'] }, {}, 'application/vnd.x+json'],
    [{}, { consumes: ['text/plain'] }, 'text/plain'],
    [{ consumes: ['*/*'] }, {}, 'application/json'],
  ])('%j below %j makes a body %s', (operation, rest, expected) => {
    const tool = body2([{ name: 'b', in: 'body', schema: { type: 'string' } }], operation, rest)
    expect(tool.body?.content_type).toBe(expected)
  })

  test('a body beside form fields wins, and another body is left out', () => {
    const body = { name: 'b', in: 'body', schema: { type: 'array' } }
    const both = swagger({ '/x': { post: { parameters: [body, { name: 'a', in: 'formData', type: 'string' }] } } })
    expect(onlyTool(both)).toMatchObject({ parameters: [], body: { schema: { type: 'array' } } })
    expect(warningsOf(both).join()).toContain('the form fields are left out')
    const two = swagger({ '/x': { post: { parameters: [body, { ...body, name: 'c', schema: text }] } } })
    expect(onlyTool(two).body?.schema).toEqual({ type: 'array' })
    expect(warningsOf(two).join()).toContain('another body parameter (c)')
  })

  test('the body of an operation replaces that of its path, whatever it is called', () => {
    const document = swagger({
      '/x': {
        parameters: [{ name: 'a', in: 'body', schema: { type: 'array' } }],
        post: { parameters: [{ name: 'b', in: 'body', schema: text }] },
      },
    })
    expect(onlyTool(document)).toMatchObject({ body: { schema: text }, warnings: [] })
  })
})

describe('answers', () => {
  const answer = (responses: unknown, components: Json = {}) =>
    onlyTool(openApi({ '/x': { get: { responses } } }, { components })).output_schema
  const jsonAnswer = (schema: unknown) => ({ description: 'ok', content: { 'application/json': { schema } } })
  const Answer = { type: 'object', properties: { a: text } }

  test.each([
    ['an object', { 200: jsonAnswer(Answer) }, Answer],
    ['an object behind a reference', { 200: jsonAnswer({ $ref: '#/components/schemas/Answer' }) }, Answer],
    ['an object in another type of JSON', { 201: { content: { 'application/hal+json': { schema: Answer } } } }, Answer],
    ['properties without a type', { '2XX': jsonAnswer({ properties: { a: text } }) }, Answer],
    ['a list', { 200: jsonAnswer({ type: 'array' }) }, undefined],
    ['text', { 200: { content: { 'text/plain': { schema: text } } } }, undefined],
    ['nothing', { 204: { description: 'done' } }, undefined],
    ['an object, or nothing', { 200: jsonAnswer(Answer), 204: { description: 'done' } }, undefined],
    ['only errors', { default: jsonAnswer(Answer), 400: jsonAnswer(Answer) }, undefined],
    ['broken', { 200: { $ref: '#/components/responses/No' } }, undefined],
  ])('%s', (_, responses, expected) => {
    expect(answer(responses, { schemas: { Answer } })).toEqual(expected)
  })

  test('of different shapes are alternatives', () => {
    const other = { type: 'object', properties: { b: text } }
    expect(answer({ 200: jsonAnswer(Answer), 201: jsonAnswer(other) })).toEqual({
      type: 'object',
      anyOf: [Answer, other],
    })
  })

  test('that are too large are left out with the reason', () => {
    const properties = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`property_${index}`, text]))
    const document = openApi({ '/x': { get: { responses: { 200: jsonAnswer({ type: 'object', properties }) } } } })
    expect(onlyTool(document).output_schema).toBeUndefined()
    expect(warningsOf(document)).toEqual([
      expect.stringMatching(/^\/paths\/~1x\/get\/responses The schema of the answer has \d+ KiB/),
    ])
  })

  test('of Swagger 2.0 are JSON where the operation says so', () => {
    const of = (operation: Json) =>
      mapped(swagger({ '/x': { get: { responses: { 200: { schema: Answer } }, ...operation } } })).tools[0]
        ?.output_schema
    expect(of({})).toEqual(Answer)
    expect(of({ produces: ['application/xml', 'application/json'] })).toEqual(Answer)
    expect(of({ produces: ['text/csv'] })).toBeUndefined()
  })
})
