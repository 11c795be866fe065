import { describe, expect, test } from 'vitest'
import { mapped, onlyTool, openApi, swagger, warningsOf } from './mapped.ts'

const ok = { 200: { description: 'ok' } }
const text = { type: 'string' }
const get = (parameters: unknown, path = '/x') => openApi({ [path]: { get: { parameters, responses: ok } } })
const get2 = (parameters: unknown, path = '/x') => swagger({ [path]: { get: { parameters, responses: ok } } })

test('parameters of a path are those of its operations, which may have others in their place', () => {
  const document = openApi(
    {
      '/a/{id}': {
        parameters: [
          { $ref: '#/components/parameters/Id' },
          { name: 'page', in: 'query', schema: { type: 'integer' } },
        ],
        get: {
          parameters: [
            { name: 'page', in: 'query', required: true, schema: text },
            { name: 'q', in: 'query' },
          ],
        },
      },
    },
    {
      components: {
        parameters: { Id: { name: 'id', in: 'path', required: true, schema: text, description: 'Which.' } },
      },
    },
  )
  expect(onlyTool(document).parameters).toEqual([
    { name: 'id', in: 'path', required: true, description: 'Which.', schema: text },
    { name: 'page', in: 'query', required: true, description: '', schema: text },
    { name: 'q', in: 'query', required: false, description: '', schema: {} },
  ])
})

test('the template of the path says which path parameters there are', () => {
  const document = get([{ name: 'gone', in: 'path', required: true, schema: text }], '/a/{id}/{other}')
  const tool = onlyTool(document)
  expect(tool.parameters.map(({ name, in: place, required }) => [name, place, required])).toEqual([
    ['id', 'path', true],
    ['other', 'path', true],
  ])
  expect(tool.input_schema.required).toEqual(['id', 'other'])
  expect(tool.warnings).toHaveLength(3)
  expect(warningsOf(document)).toContain(
    '/paths/~1a~1{id}~1{other}/get/parameters/0 The path has no {gone}, so the parameter gone is left out.',
  )
})

test.each([
  ['/a/{Id}', 'id', '/a/{id}'],
  ['/a/{+id}', 'id', '/a/{id}'],
  ['/a/{id*}', 'id', '/a/{id}'],
  ['/a/{id:[0-9]+}', 'id', '/a/{id}'],
])('the placeholder in %s is the parameter that is declared', (path, name, expected) => {
  const tool = onlyTool(get([{ name, in: 'path', required: true, schema: text }], path))
  expect(tool.path).toBe(expected)
  expect(tool.parameters).toHaveLength(1)
  expect(tool.warnings).toEqual([])
})

test('headers that are made from elsewhere are no parameters', () => {
  const names = ['Accept', 'content-type', 'AUTHORIZATION', 'X-Trace']
  const tool = onlyTool(get(names.map((name) => ({ name, in: 'header', required: true, schema: text }))))
  expect(tool.parameters.map(({ name }) => name)).toEqual(['X-Trace'])
})

test.each([
  [{ in: 'query' }, {}],
  [{ in: 'query', style: 'form', explode: true }, {}],
  [{ in: 'query', style: 'form', explode: false }, { explode: false }],
  [{ in: 'query', style: 'spaceDelimited', explode: false }, { style: 'spaceDelimited' }],
  [
    { in: 'query', style: 'pipeDelimited', explode: true },
    { style: 'pipeDelimited', explode: true },
  ],
  [{ in: 'query', style: 'deepObject', explode: true }, { style: 'deepObject' }],
  [{ in: 'query', allowReserved: true }, { allow_reserved: true }],
  [
    { in: 'path', style: 'matrix', explode: true },
    { style: 'matrix', explode: true },
  ],
  [{ in: 'path', style: 'label' }, { style: 'label' }],
  [{ in: 'path', style: 'simple', explode: true }, { explode: true }],
  [{ in: 'header', explode: true }, { explode: true }],
  [{ in: 'cookie', explode: false }, { explode: false }],
])('the style of %j', (given, expected) => {
  const tool = onlyTool(get([{ name: 'a', schema: { type: 'array' }, ...given }], given.in === 'path' ? '/{a}' : '/x'))
  const { name: _, in: __, required: ___, description: ____, schema: _____, ...writing } = tool.parameters[0] ?? {}
  expect(writing).toEqual(expected)
  expect(tool.warnings).toEqual([])
})

test('a style that the place can not have is left out', () => {
  const tool = onlyTool(get([{ name: 'a', in: 'header', style: 'deepObject', schema: {} }]))
  expect(tool.parameters[0]).not.toHaveProperty('style')
  expect(tool.warnings).toEqual([
    'Parameter a has style "deepObject", which a header parameter can\'t have; simple is used.',
  ])
})

test('what a parameter says of itself it says once, as what its schema says where it says nothing', () => {
  const Page = { type: 'integer', description: 'Which page.' }
  const schema = { $ref: '#/components/schemas/Page' }
  const parameters = [
    { name: 'a', in: 'query', schema },
    { name: 'b', in: 'query', schema, description: 'Mine.' },
  ]
  const tool = onlyTool(openApi({ '/x': { get: { parameters } } }, { components: { schemas: { Page } } }))
  expect(tool.parameters).toMatchObject([
    { description: 'Which page.', schema: { type: 'integer' } },
    { description: 'Mine.', schema: { type: 'integer' } },
  ])
  expect(JSON.stringify(tool.input_schema).split('Which page.')).toHaveLength(2)
})

test('a parameter may be written in a media type', () => {
  const content = { 'application/json': { schema: { type: 'object', properties: { a: text } } } }
  const [parameter] = onlyTool(get([{ name: 'f', in: 'query', content }])).parameters
  expect(parameter).toMatchObject({ content_type: 'application/json', schema: { properties: { a: text } } })
})

test.each([
  ['csv', 'query', { explode: false }],
  [undefined, 'query', { explode: false }],
  ['ssv', 'query', { style: 'spaceDelimited' }],
  ['tsv', 'query', { style: 'tabDelimited' }],
  ['pipes', 'query', { style: 'pipeDelimited' }],
  ['multi', 'query', {}],
  ['csv', 'path', {}],
  ['pipes', 'path', { style: 'pipeDelimited' }],
  ['csv', 'header', {}],
])('collectionFormat %s in %s of Swagger 2.0', (collectionFormat, place, expected) => {
  const parameter = { name: 'a', in: place, type: 'array', items: { type: 'integer' }, collectionFormat }
  const tool = onlyTool(get2([parameter], place === 'path' ? '/{a}' : '/x'))
  const { name: _, in: __, required: ___, description: ____, schema, ...writing } = tool.parameters[0] ?? {}
  expect(writing).toEqual(expected)
  expect(schema).toEqual({ type: 'array', items: { type: 'integer' } })
})

test('keywords of a parameter of Swagger 2.0 are its schema, and a schema is one as well', () => {
  const { parameters } = onlyTool(
    get2([
      {
        name: 'a',
        in: 'query',
        type: 'integer',
        format: 'int32',
        minimum: 1,
        default: '5',
        enum: [1, 5],
        description: 'A.',
      },
      { name: 'b', in: 'query', schema: { type: 'boolean' } },
      { name: 'c', in: 'query', type: 'array' },
      { name: 'd', in: 'query', required: 'true', type: 'string' },
    ]),
  )
  expect(parameters).toEqual([
    {
      name: 'a',
      in: 'query',
      required: false,
      description: 'A.',
      schema: { type: 'integer', format: 'int32', minimum: 1, enum: [1, 5], default: 5 },
    },
    { name: 'b', in: 'query', required: false, description: '', schema: { type: 'boolean' } },
    { name: 'c', in: 'query', required: false, description: '', schema: { type: 'array' }, explode: false },
    { name: 'd', in: 'query', required: false, description: '', schema: text },
  ])
})

test('shared parameters of Swagger 2.0 are found', () => {
  const document = swagger(
    { '/x': { post: { parameters: [{ $ref: '#/parameters/Limit' }, { $ref: '#/parameters/Body' }] } } },
    {
      parameters: {
        Limit: { name: 'limit', in: 'query', type: 'integer' },
        Body: { name: 'thing', in: 'body', required: true, schema: { type: 'array', items: text } },
      },
    },
  )
  const tool = onlyTool(document)
  expect(tool.parameters.map(({ name }) => name)).toEqual(['limit'])
  expect(tool.body).toMatchObject({ required: true, schema: { type: 'array', items: text } })
})

describe('OpenAPI 3.2', () => {
  const queryString = (content: unknown) => ({
    ...get([{ name: 'q', in: 'querystring', required: true, content }]),
    openapi: '3.2.0',
  })

  test('a whole query that is a form has its properties as parameters', () => {
    const schema = { type: 'object', required: ['a'], properties: { a: text, b: { type: 'array', items: text } } }
    const encoding = { b: { style: 'pipeDelimited', explode: false } }
    const tool = onlyTool(queryString({ 'application/x-www-form-urlencoded': { schema, encoding } }))
    expect(tool.parameters).toMatchObject([
      { name: 'a', in: 'query', required: true },
      { name: 'b', in: 'query', required: false, style: 'pipeDelimited' },
    ])
  })

  test('a whole query in another type is left out', () => {
    const tool = onlyTool(queryString({ 'application/json': { schema: { type: 'object' } } }))
    expect(tool.parameters).toEqual([])
    expect(tool.warnings).toEqual(['The query is described as a whole in application/json; it is left out.'])
  })

  test('QUERY and additional methods are operations', () => {
    const paths = { '/x': { query: {}, additionalOperations: { COPY: {}, TRACE: {}, 'BAD METHOD': {} } } }
    const { tools, operation_count, warnings } = mapped({ ...openApi(paths), openapi: '3.2.0' })
    expect(tools.map(({ method, name, reads }) => [method, name, reads])).toEqual([
      ['QUERY', 'query_x', true],
      ['COPY', 'copy_x', false],
    ])
    expect(operation_count).toBe(4)
    expect(warnings.map(({ message }) => message)).toEqual([
      'TRACE /x has a method that is not for agents; it is left out.',
      'BAD METHOD /x has a method that HTTP does not know; it is left out.',
    ])
  })
})

describe('arguments', () => {
  const names = (...given: [name: string, place: string][]) =>
    onlyTool(get(given.map(([name, place]) => ({ name, in: place, schema: text })))).parameters.map(
      ({ name, argument }) => argument ?? name,
    )

  test('have names that model APIs take', () => {
    const long = 'x'.repeat(80)
    const given = names(
      ['filter[name]', 'query'],
      ['$top', 'query'],
      ['ids[]', 'query'],
      ['größe', 'query'],
      ['名前', 'query'],
      [long, 'query'],
      ['plain.name-1', 'query'],
    )
    expect(given).toEqual([
      'filter_name',
      'top',
      'ids',
      'gro_e',
      expect.stringMatching(/^field_[0-9a-f]{6}$/),
      expect.stringMatching(/^x{55}_[0-9a-f]{8}$/),
      'plain.name-1',
    ])
  })

  test('that share a name are told apart by their place', () => {
    expect(names(['id', 'header'], ['id', 'query'], ['$id', 'query'], ['id', 'cookie'])).toEqual([
      'id_header',
      'id',
      'id_query',
      'id_cookie',
    ])
  })

  test('a parameter called body makes way for the body', () => {
    const requestBody = { content: { 'application/json': { schema: { type: 'array' } } } }
    const parameters = [{ name: 'body', in: 'query', required: true, schema: text }]
    const tool = onlyTool(openApi({ '/x': { post: { parameters, requestBody } } }))
    expect(tool.parameters).toMatchObject([{ name: 'body', argument: 'body_query' }])
    expect(tool.input_schema).toMatchObject({ properties: { body_query: text, body: { type: 'array' } } })
    expect(tool.input_schema.required).toEqual(['body_query'])
  })
})

describe('what is wrong with one parameter costs no other', () => {
  test.each([
    ['null', null, 'A parameter is not an object; it is left out.'],
    ['a text', 'id', 'A parameter is not an object; it is left out.'],
    ['a broken reference', { $ref: '#/components/parameters/No' }, /refers to #\/components\/parameters\/No/],
    ['an outside reference', { $ref: 'common.yaml#/Id' }, /refers to common\.yaml, which was not given/],
    ['no name', { in: 'query', schema: text }, 'A parameter has no name; it is left out.'],
    ['a place that there is not', { name: 'a', in: 'nowhere' }, /is in "nowhere", which there is not/],
    ['no place', { name: 'a', schema: text }, /is in no place/],
    ['formData in OpenAPI 3', { name: 'a', in: 'formData' }, /is in formData, which only Swagger 2.0 has/],
    ['a second of one name', { name: 'good', in: 'query', schema: text }, /two parameters good in query/],
  ])('%s', (_, parameter, warning) => {
    const tool = onlyTool(get([{ name: 'good', in: 'query', schema: { type: 'integer' } }, parameter]))
    expect(tool.parameters).toMatchObject([{ name: 'good', schema: { type: 'integer' } }])
    expect(tool.warnings).toEqual([expect.stringMatching(warning)])
    expect(mapped(get([{ name: 'good', in: 'query' }, parameter])).warnings[0]).toMatchObject({
      operation: 'GET /x',
      pointer: '/paths/~1x/get/parameters/1',
    })
  })

  test('parameters that are no list', () => {
    const tool = onlyTool(get({ a: { name: 'a', in: 'query', schema: text } }))
    expect(tool.parameters).toMatchObject([{ name: 'a' }])
    expect(tool.warnings).toHaveLength(1)
  })

  test('a place in other letters, or none where the template has it', () => {
    const tool = onlyTool(get([{ name: 'id' }, { name: 'q', in: 'Query' }], '/a/{id}'))
    expect(tool.parameters).toMatchObject([
      { name: 'id', in: 'path' },
      { name: 'q', in: 'query' },
    ])
  })
})
