import { describe, expect, test } from 'vitest'
import { isObject } from '../../../../src/main/base/is-object.ts'
import { mapped, onlyTool, openApi, swagger, warningsOf } from './mapped.ts'

type Json = Record<string, unknown>
const ids = (...operations: [path: string, method: string, operationId?: unknown][]) => {
  const paths: Record<string, Json> = {}
  for (const [path, method, operationId] of operations) {
    paths[path] = { ...paths[path], [method]: operationId === undefined ? {} : { operationId } }
  }
  const { tools } = mapped(openApi(paths))
  return tools.map(({ name }) => name)
}

describe('names of tools', () => {
  test('are made of the operationId, else of method and path', () => {
    expect(
      ids(
        ['/a', 'get', 'repos/list-for-org'],
        ['/b', 'get', 'List all «users»'],
        ['/invoices/{id}', 'get'],
        ['/', 'get'],
        ['/c', 'get', ''],
        ['/d', 'get', 42],
        ['/e', 'get', '取得'],
      ),
    ).toEqual(['repos_list-for-org', 'List_all_users', 'get_invoices_id', 'get', 'get_c', '42', 'get_e'])
  })

  test('are cut to 64 characters with all of them in a hash', () => {
    const long = 'a'.repeat(70)
    const [one, other] = ids(['/a', 'get', `${long}1`], ['/b', 'get', `${long}2`])
    expect(one).toMatch(/^a{55}_[0-9a-f]{8}$/)
    expect(other).toMatch(/^a{55}_[0-9a-f]{8}$/)
    expect(one).not.toBe(other)
  })

  test('that several operations have are told apart by method and path, in whatever order', () => {
    const operations: Parameters<typeof ids> = [
      ['/a', 'get', 'same'],
      ['/a', 'post', 'same'],
      ['/b/{id}', 'get', 'same'],
      ['/c', 'get', 'other'],
    ]
    const names = ['same_get_a', 'same_post_a', 'same_get_b_id', 'other']
    expect(ids(...operations)).toEqual(names)
    expect(new Set(ids(...operations.reverse()))).toEqual(new Set(names))
  })

  test('that come out the same are told apart by a hash', () => {
    const names = ids(['/a/{b}', 'get'], ['/a/b', 'get'], ['/a-b', 'get', 'a b'], ['/a.b', 'get', 'a.b'])
    expect(new Set(names).size).toBe(4)
    expect(names.every((name) => /^[A-Za-z0-9_-]{1,64}$/.test(name))).toBe(true)
  })
})

describe('paths', () => {
  test.each([
    ['/files/{id}#add_link', '/files/{id}'],
    ['/files?beta=true', '/files?beta=true'],
    ['/files?q={q}', '/files?q={q}'],
    ['users', '/users'],
    ['/with space', '/with%20space'],
    ['https://api.test/users', '/users'],
  ])('%s is %s', (path, expected) => {
    const { tools } = mapped(openApi({ [path]: { get: {} } }))
    expect(tools).toMatchObject([{ path: expected, operation: { path, method: 'GET' } }])
  })

  test('a fixed query has nothing that is a parameter', () => {
    const parameters = [{ name: 'q', in: 'query', schema: { type: 'string' } }]
    expect(onlyTool(openApi({ '/files?q={q}&x=1': { get: { parameters } } }))).toMatchObject({
      path: '/files?x=1',
      parameters: [{ name: 'q', in: 'query' }],
    })
  })

  test('of one path with several fragments are several tools', () => {
    const { tools } = mapped(openApi({ '/f/{id}#a': { get: {} }, '/f/{id}#b': { get: {} } }))
    expect(tools.map(({ name, path }) => [name, path])).toEqual([
      ['get_f_id_a', '/f/{id}'],
      ['get_f_id_b', '/f/{id}'],
    ])
  })

  test('behind a reference are found, in files as well', () => {
    const item = { get: { operationId: 'found' } }
    const document = openApi(
      { '/a': { $ref: '#/x-items/a' }, '/b': { $ref: 'b.json' }, '/c': { $ref: 'no.json' } },
      { 'x-items': { a: item } },
    )
    const { tools, warnings } = mapped(document, { 'b.json': { post: { operationId: 'beside' } } })
    expect(tools.map(({ name }) => name)).toEqual(['found', 'beside'])
    expect(warnings).toMatchObject([{ pointer: '/paths/~1c', message: expect.stringContaining('no.json') as string }])
  })
})

test('texts are for agents, without the markup of a page', () => {
  const long = 'One sentence. '.repeat(200)
  const { tools } = mapped(
    openApi({
      '/a': {
        get: {
          summary: 'List things.',
          description: '<p>Lists <b>all</b> [things](#things) below `<id>`.</p><!-- x -->',
        },
      },
      '/b': { get: { summary: 'Short', tags: ['x', 1, null], deprecated: true } },
      '/c': { get: { description: long } },
      '/d': { get: { description: 7 } },
    }),
  )
  expect(tools.map(({ title, description }) => [title, description.slice(0, 60)])).toEqual([
    ['List things', 'Lists all things below `<id>`.'],
    ['Short', 'Deprecated. Short'],
    [undefined, long.slice(0, 60)],
    [undefined, 'GET /d'],
  ])
  expect(tools[1]?.operation).toEqual({ path: '/b', method: 'GET', tags: ['x', '1'], deprecated: true })
  expect(tools[2]?.description.length).toBeLessThanOrEqual(1024)
  expect(tools[2]?.description.endsWith('One sentence.')).toBe(true)
})

describe('servers', () => {
  const servers = (...given: unknown[]) => mapped(openApi({}, { servers: given }))

  test.each([
    [{ url: 'https://a.test/v1/' }, 'https://a.test/v1'],
    [{ url: '/api/v1' }, '/api/v1'],
    [{ url: '/' }, ''],
    [{ url: '//a.test' }, 'https://a.test'],
    [{ url: 'api.example.com/v1' }, 'https://api.example.com/v1'],
    [{ url: 'localhost:3000' }, 'http://localhost:3000'],
    [{ url: 'https://a.test?x=1#y' }, 'https://a.test'],
    [{ url: 'https://user:secret@a.test' }, 'https://a.test'],
    [
      { url: 'https://{r}.a.test:{p}', variables: { r: { default: 'eu' }, p: { default: 8443 } } },
      'https://eu.a.test:8443',
    ],
    [{ url: 'https://{r}.a.test', variables: { r: { enum: ['us', 'eu'] } } }, 'https://us.a.test'],
    [{ url: 'https://{tenant}.a.test' }, ''],
  ])('%j is %s', (server, expected) => {
    expect(servers(server).base_url).toBe(expected)
  })

  test('a variable without a default is one to fill in, and no secret is shown', () => {
    expect(servers({ url: 'https://user:secret@{tenant}.a.test' }).servers).toEqual([
      {
        url: 'https://{tenant}.a.test',
        template: 'https://{tenant}.a.test',
        description: '',
        variables: [{ name: 'tenant', default: '', enum: [], description: '' }],
      },
    ])
  })

  test('what is no address of HTTP is left out', () => {
    const { servers: found, warnings } = servers({ url: 'wss://a.test' }, null, {}, { url: 'https://b.test' })
    expect(found.map(({ url }) => url)).toEqual(['https://b.test'])
    expect(warnings).toHaveLength(2)
  })

  test.each([
    [{ host: 'a.test', basePath: '/v1', schemes: ['http', 'https'] }, ['https://a.test/v1', 'http://a.test/v1']],
    [{ host: 'a.test' }, ['https://a.test']],
    [{ host: 'localhost:80', basePath: 'v1' }, ['http://localhost:80/v1']],
    [{ basePath: '/v1' }, ['/v1']],
    [{ host: 'a.test', schemes: ['wss'] }, ['https://a.test']],
    [{}, []],
  ])('%j of Swagger 2.0', (rest, expected) => {
    expect(mapped(swagger({}, rest)).servers.map(({ url }) => url)).toEqual(expected)
  })

  test.each([
    ['https://a.test/v1', { path: '/x' }],
    ['https://a.test/v1/sub', { path: '/sub/x' }],
    ['https://a.test/v2', { path: '/x', base_url: 'https://a.test/v2' }],
    ['https://b.test', { path: '/x', base_url: 'https://b.test' }],
    ['/v1/sub', { path: '/sub/x' }],
    ['/v2', { path: '/x', base_url: 'https://a.test/v2' }],
  ])('an operation at %s', (url, expected) => {
    const { path, base_url } = onlyTool(
      openApi({ '/x': { get: { servers: [{ url }] } } }, { servers: [{ url: 'https://a.test/v1' }] }),
    )
    expect({ path, ...(base_url !== undefined && { base_url }) }).toEqual(expected)
  })

  test('where the document names none, that of most operations is the address', () => {
    const of = (url: string) => ({ servers: [{ url }], get: {} })
    const preview = mapped(
      openApi({ '/a': of('https://a.test'), '/b': of('https://b.test'), '/c': of('https://b.test') }),
    )
    expect(preview.base_url).toBe('https://b.test')
    expect(preview.tools.map(({ base_url }) => base_url)).toEqual(['https://a.test', undefined, undefined])
  })
})

describe('authentication', () => {
  const authOf = (scheme: unknown, security: unknown = [{ S: [] }]) =>
    mapped(openApi({ '/x': { get: {} } }, { security, components: { securitySchemes: { S: scheme } } })).auth

  test.each([
    [
      { type: 'apiKey', in: 'header', name: 'X-Key' },
      { auth_type: 'api_key', auth: { header_name: 'X-Key', in: 'header' }, auth_header_prefix: '' },
    ],
    [
      { type: 'apiKey', in: 'query', name: 'key' },
      { auth_type: 'api_key', auth: { header_name: 'key', in: 'query' } },
    ],
    [
      { type: 'apiKey', in: 'cookie', name: 'sid' },
      { auth_type: 'api_key', auth: { header_name: 'sid', in: 'cookie' } },
    ],
    [
      { type: 'apiKey', in: 'header', name: 'Authorization', description: 'Bearer token' },
      { auth_type: 'api_key', auth_header_prefix: 'Bearer', auth: { header_name: 'Authorization', in: 'header' } },
    ],
    [{ type: 'http', scheme: 'basic' }, { auth_type: 'basic' }],
    [
      { type: 'http', scheme: 'Bearer', bearerFormat: 'JWT' },
      { auth_type: 'bearer', auth_header_prefix: 'Bearer', description: 'The token is a JWT.' },
    ],
    [
      { type: 'http', scheme: 'Token' },
      { auth_type: 'bearer', auth_header_prefix: 'Token' },
    ],
    [{ type: 'mutualTLS' }, { auth_type: 'none', description: 'Mutual TLS: enter a client certificate.' }],
  ])('%j', (scheme, expected) => {
    expect(authOf(scheme)).toMatchObject({ name: 'S', ...expected })
  })

  test('the scheme that most operations ask for is proposed', () => {
    const preview = mapped(
      openApi(
        {
          '/a': { get: {}, post: { security: [{ B: [] }] }, put: { security: [{ B: [] }, { A: [] }] } },
          '/b': { get: { security: [{ B: [] }] } },
        },
        {
          security: [{ A: [] }],
          components: {
            securitySchemes: { A: { type: 'http', scheme: 'basic' }, B: { type: 'http', scheme: 'bearer' } },
          },
        },
      ),
    )
    expect(preview.auth.name).toBe('B')
    expect(preview.auth_options.map(({ name }) => name)).toEqual(['A', 'B'])
  })

  test('none is proposed where nothing asks for one, or none can be used', () => {
    expect(authOf({ type: 'http', scheme: 'basic' }, [])).toMatchObject({ name: '', auth_type: 'none' })
    expect(authOf({ type: 'magic' })).toMatchObject({ auth_type: 'none' })
    expect(authOf(null)).toMatchObject({ auth_type: 'none' })
    expect(mapped(openApi({})).auth_options).toMatchObject([{ auth_type: 'none' }])
  })

  test('Swagger 2.0 has its own words', () => {
    const { auth, warnings } = mapped(
      swagger(
        { '/x': { get: {} } },
        {
          security: [{ O: ['a'], K: [] }],
          securityDefinitions: {
            O: {
              type: 'oauth2',
              flow: 'accessCode',
              tokenUrl: 'https://a.test/t',
              authorizationUrl: 'https://a.test/a',
              scopes: { a: 'A' },
            },
            K: { type: 'apiKey', in: 'header', name: 'X-K' },
          },
        },
      ),
    )
    expect(auth).toMatchObject({
      name: 'O',
      auth_type: 'oauth2',
      auth: { oauth: { authorization_url: 'https://a.test/a', token_url: 'https://a.test/t', scopes: ['a'] } },
    })
    expect(auth.description).toContain('authorization code at https://a.test/t')
    expect(warnings.map(({ message }) => message)).toEqual([
      'Requests need K beside O. Enter it as a secret header, if it is one.',
    ])
  })
})

describe('what is wrong in one place costs no other', () => {
  test('paths and operations that are none', () => {
    const document = openApi({
      '/good': { get: { operationId: 'good' }, post: null, put: 'x', trace: {}, parameters: null, 'x-a': {} },
      '/null': null,
      '/text': 'x',
      '/list': [],
      'x-extension': { get: {} },
    })
    const { tools, operation_count, warnings } = mapped(document)
    expect(tools.map(({ name }) => name)).toEqual(['good'])
    expect(operation_count).toBe(4)
    expect(warnings.map(({ operation, pointer }) => [operation, pointer])).toEqual([
      ['PUT /good', '/paths/~1good/put'],
      ['POST /good', '/paths/~1good/post'],
      ['TRACE /good', '/paths/~1good/trace'],
      [null, '/paths/~1text'],
      [null, '/paths/~1list'],
    ])
  })

  test.each([
    ['paths', { paths: [] }],
    ['paths', { paths: 'x' }],
    [
      'components',
      { components: null, paths: { '/x': { get: { parameters: [{ $ref: '#/components/parameters/A' }] } } } },
    ],
    ['info', { info: null }],
    ['info', { info: [] }],
    ['servers', { servers: {} }],
    ['security', { security: 'x' }],
    [
      'tags',
      {
        paths: { '/x': { get: { tags: 'a', summary: 1, operationId: {}, deprecated: 'x', security: 1, servers: 1 } } },
      },
    ],
    ['responses', { paths: { '/x': { get: { responses: [] } }, '/y': { get: { responses: { 200: null } } } } }],
    ['a body', { paths: { '/x': { post: { requestBody: [] } } } }],
    ['content', { paths: { '/x': { post: { requestBody: { content: { 'application/json': null } } } } } }],
    [
      'an encoding',
      {
        paths: {
          '/x': { post: { requestBody: { content: { 'multipart/form-data': { schema: 5, encoding: { a: 1 } } } } } },
        },
      },
    ],
    ['schemas', { components: { schemas: { A: null, __proto__: 1, constructor: { type: 'object' } } } }],
  ])('nonsense in %s', (_, rest) => {
    const document = openApi({}, rest)
    const wanted = isObject(document.paths) ? Object.keys(document.paths).length : 0
    expect(mapped(document).tools).toHaveLength(wanted)
  })

  test('names that objects inherit are names like any other', () => {
    const schema = {
      type: 'object',
      required: ['constructor'],
      properties: { constructor: { type: 'string' }, toString: {} },
    }
    const tool = onlyTool(
      openApi({
        '/{constructor}': { post: { requestBody: { required: true, content: { 'application/json': { schema } } } } },
      }),
    )
    expect(tool.parameters).toMatchObject([{ name: 'constructor', in: 'path' }])
    expect(tool.body?.schema).toEqual(schema)
    expect(warningsOf(openApi({ '/x': { get: { parameters: [{ $ref: '#/constructor' }] } } }))).toHaveLength(1)
  })

  test('many warnings are counted', () => {
    const parameters = Array.from({ length: 1500 }, () => null)
    const { warnings } = mapped(openApi({ '/x': { get: { parameters } } }))
    expect(warnings).toHaveLength(1001)
    expect(warnings.at(-1)?.message).toBe('There are 500 further warnings that are not listed.')
  })
})
