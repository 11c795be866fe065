import Ajv from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { bodySchema, mapped, onlyTool, openApi, swagger, warningsOf } from './mapped.ts'

const text = { type: 'string' }

describe('OpenAPI 3.0 in JSON Schema 2020-12', () => {
  test.each([
    [{ type: 'string', nullable: true }, { type: ['string', 'null'] }],
    [
      { type: 'string', nullable: true, enum: ['a'] },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    [{ enum: ['a'], nullable: true }, { enum: ['a', null] }],
    [{ nullable: true }, {}],
    [{ allOf: [text], nullable: true }, { type: ['string', 'null'] }],
    [
      { oneOf: [text, { type: 'integer' }], nullable: true, description: 'D.' },
      { oneOf: [text, { type: 'integer' }, { type: 'null' }], description: 'D.' },
    ],
    [{ anyOf: [text, { type: 'integer' }], nullable: true }, { anyOf: [text, { type: 'integer' }, { type: 'null' }] }],
    [{ 'x-nullable': true, type: 'integer' }, { type: ['integer', 'null'] }],
    [
      { type: 'integer', minimum: 1, exclusiveMinimum: true },
      { type: 'integer', exclusiveMinimum: 1 },
    ],
    [
      { type: 'number', maximum: 9, exclusiveMaximum: false, minimum: '1' },
      { type: 'number', maximum: 9, minimum: 1 },
    ],
    [{ type: 'number', exclusiveMinimum: true }, { type: 'number' }],
    [
      { type: 'string', format: 'byte' },
      { type: 'string', contentEncoding: 'base64' },
    ],
    [
      { type: 'string', format: 'binary' },
      { type: 'string', contentEncoding: 'base64', contentMediaType: 'application/octet-stream' },
    ],
    [
      { type: 'string', format: 'date-time' },
      { type: 'string', format: 'date-time' },
    ],
    [
      {
        type: 'string',
        example: 'a',
        examples: ['a'],
        xml: {},
        externalDocs: {},
        'x-any': 1,
        discriminator: {},
        id: 'x',
      },
      text,
    ],
    [
      { type: 'string', minLength: 0, maxLength: '5', pattern: '^[\\w\\-]+$' },
      { ...text, maxLength: 5, pattern: '^[\\w\\-]+$' },
    ],
    [
      { type: 'string', pattern: '^a\\-b\\_c$' },
      { ...text, pattern: '^a-b_c$' },
    ],
    [{ type: 'string', pattern: '(?i)abc' }, text],
    [{ type: 'string', minLength: -1, maxLength: 'many', multipleOf: 0 }, text],
    [
      { type: 'array', items: [text, { type: 'integer' }] },
      { type: 'array', prefixItems: [text, { type: 'integer' }] },
    ],
    [
      { type: 'array', items: text, uniqueItems: true, minItems: 1 },
      { type: 'array', items: text, uniqueItems: true, minItems: 1 },
    ],
    [{ type: 'any' }, {}],
    [{ type: 'int' }, {}],
    [{ type: ['string', 'null'] }, { type: ['string', 'null'] }],
    [
      { type: 'string', enum: [true, 1.5, 'a', 'a'] },
      { type: 'string', enum: ['true', '1.5', 'a'] },
    ],
    [
      { type: 'integer', enum: ['1', '2'] },
      { type: 'integer', enum: [1, 2] },
    ],
    [{ type: 'object', enum: ['a', 'b'] }, { enum: ['a', 'b'] }],
    [{ type: 'string', enum: [] }, text],
    [{ type: 'string', enum: 'a' }, text],
    [
      { type: 'integer', default: '10' },
      { type: 'integer', default: 10 },
    ],
    [
      { type: 'boolean', default: 'true' },
      { type: 'boolean', default: true },
    ],
    [{ type: 'integer', default: 'none' }, { type: 'integer' }],
    [
      { type: 'object', properties: { a: text }, required: ['a', 'a', 1, null] },
      { type: 'object', properties: { a: text }, required: ['a'] },
    ],
    [
      { type: 'object', properties: { a: { type: 'string', required: true } }, required: true },
      { type: 'object', properties: { a: text } },
    ],
    [
      { type: 'object', additionalProperties: {} },
      { type: 'object', additionalProperties: true },
    ],
    [
      { type: 'object', additionalProperties: text },
      { type: 'object', additionalProperties: text },
    ],
    [
      { type: 'object', properties: { a: null, b: 'string' } },
      { type: 'object', properties: { a: {}, b: {} } },
    ],
    [
      { type: 'string', description: '<p>See <a href="x">this</a> &amp; <code>that</code>.</p>' },
      { ...text, description: 'See this & that.' },
    ],
  ])('%j', (given, expected) => {
    expect(bodySchema(given)).toEqual(expected)
  })

  test('a property called $ref is a property, and $ref in data is data', () => {
    const schema = {
      type: 'object',
      properties: { $ref: { type: 'string' }, a: { enum: [{ $ref: '#/no' }], default: { $ref: '#/no' } } },
    }
    expect(bodySchema(schema)).toEqual(schema)
  })

  test('beside a reference only a description and nullable are heard', () => {
    const components = { Big: { type: 'object', properties: { a: text, b: { $ref: '#/components/schemas/Big' } } } }
    const given = { $ref: '#/components/schemas/Big', description: 'D.', nullable: true, maxProperties: 1 }
    expect(bodySchema(given, components)).toMatchObject({
      anyOf: [{ $ref: '#/$defs/Big' }, { type: 'null' }],
      description: 'D.',
    })
  })
})

describe('OpenAPI 3.1', () => {
  const in31 = (schema: unknown, components = {}) => bodySchema(schema, components, '3.1.0')

  test.each([
    [
      { type: ['string', 'null'], const: 'a' },
      { type: ['string', 'null'], const: 'a' },
    ],
    [
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: 'https://a.test/x',
        $anchor: 'a',
        $comment: 'c',
        ...text,
      },
      text,
    ],
    [
      { anyOf: [text, { type: 'null' }], title: 'Name', default: null },
      { type: ['string', 'null'], default: null },
    ],
    [
      { exclusiveMinimum: 1, type: 'integer' },
      { exclusiveMinimum: 1, type: 'integer' },
    ],
    [{ dependentRequired: { a: ['b', 1], c: 'd' } }, { dependentRequired: { a: ['b'] } }],
    [true, {}],
    [
      { type: 'array', prefixItems: [text], items: false },
      { type: 'array', prefixItems: [text], items: false },
    ],
    [
      { type: 'object', patternProperties: { '^x-': text, '(': text }, propertyNames: { minLength: 2 } },
      { type: 'object', patternProperties: { '^x-': text }, propertyNames: { minLength: 2 } },
    ],
  ])('%j', (given, expected) => {
    expect(in31(given)).toEqual(expected)
  })

  test('keywords beside a reference are kept', () => {
    const components = { List: { type: 'array', items: { $ref: '#/components/schemas/List' } } }
    expect(in31({ $ref: '#/components/schemas/List', maxItems: 2 }, components)).toMatchObject({
      $ref: '#/$defs/List',
      maxItems: 2,
    })
  })

  test('a pasted schema finds its own definitions', () => {
    const components = {
      Pasted: { type: 'object', properties: { a: { $ref: '#/$defs/Inner' } }, $defs: { Inner: { type: 'integer' } } },
      Named: {
        $id: 'https://a.test/named',
        type: 'object',
        properties: { a: { $ref: '#/$defs/Inner' } },
        $defs: { Inner: { type: 'boolean' } },
      },
    }
    expect(in31({ $ref: '#/components/schemas/Pasted' }, components)).toEqual({
      type: 'object',
      properties: { a: { type: 'integer' } },
    })
    expect(in31({ $ref: 'https://a.test/named' }, components)).toEqual({
      type: 'object',
      properties: { a: { type: 'boolean' } },
    })
  })
})

describe('what belongs to one direction', () => {
  const User = {
    type: 'object',
    required: ['id', 'name', 'password'],
    properties: {
      id: { type: 'integer', readOnly: true },
      name: text,
      password: { type: 'string', writeOnly: true },
      born: { $ref: '#/components/schemas/ReadOnlyDate' },
      made: { allOf: [{ $ref: '#/components/schemas/ReadOnlyDate' }, { readOnly: true }] },
      friend: { $ref: '#/components/schemas/User' },
    },
  }
  const ReadOnlyDate = { type: 'string', format: 'date', readOnly: true }
  const schema = { $ref: '#/components/schemas/User' }
  const tool = onlyTool(
    openApi(
      {
        '/x': {
          put: {
            requestBody: { required: true, content: { 'application/json': { schema } } },
            responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } },
          },
        },
      },
      { components: { schemas: { User, ReadOnlyDate } } },
    ),
  )

  test('readOnly is no part of a request, at any depth', () => {
    expect(tool.parameters.map(({ name, required }) => [name, required])).toEqual([
      ['name', true],
      ['password', true],
      ['friend', false],
    ])
    expect(tool.$defs?.User).toEqual({
      type: 'object',
      required: ['name', 'password'],
      properties: { name: text, password: text, friend: { $ref: '#/$defs/User' } },
    })
  })

  test('writeOnly is no part of an answer', () => {
    expect(tool.output_schema).toMatchObject({ type: 'object', required: ['id', 'name'] })
    expect(Object.keys(tool.output_schema?.properties as object)).toEqual(['id', 'name', 'born', 'made', 'friend'])
  })

  test('alternatives that only differed in it are no exclusive ones', () => {
    const of = (id: string) => ({ type: 'object', properties: { [id]: { ...text, readOnly: true }, name: text } })
    expect(bodySchema({ oneOf: [of('a'), { ...of('b'), required: ['name'] }] })).toHaveProperty('anyOf')
    expect(bodySchema({ oneOf: [text, { type: 'integer' }] })).toHaveProperty('oneOf')
  })
})

describe('allOf', () => {
  const Base = { type: 'object', required: ['id'], properties: { id: { type: 'integer' } }, description: 'Base.' }

  test('of plain objects is one object', () => {
    const given = {
      allOf: [
        { $ref: '#/components/schemas/Base' },
        { type: 'object', required: ['name'], properties: { name: text } },
      ],
      description: 'Both.',
    }
    expect(bodySchema(given, { Base })).toEqual({
      type: 'object',
      required: ['id', 'name'],
      properties: { id: { type: 'integer' }, name: text },
      description: 'Both.',
    })
  })

  test('of one schema and what is said about it is that schema', () => {
    expect(bodySchema({ allOf: [{ $ref: '#/components/schemas/Base' }, { description: 'Mine.' }] }, { Base })).toEqual({
      ...Base,
      description: 'Mine.',
    })
  })

  test('that says different things of one property says both', () => {
    const of = (schema: unknown) => ({ type: 'object', properties: { a: schema } })
    expect(bodySchema({ allOf: [of({ ...text, maxLength: 5 }), of({ ...text, minLength: 2 })] })).toEqual(
      of({ ...text, maxLength: 5, minLength: 2 }),
    )
    expect(bodySchema({ allOf: [of({ ...text, maxLength: 5 }), of({ ...text, maxLength: 3 })] })).toEqual(
      of({ ...text, maxLength: 5, allOf: [{ ...text, maxLength: 3 }] }),
    )
  })

  test('that can not be one is kept', () => {
    const open = { type: 'object', properties: { a: text }, additionalProperties: { type: 'integer' } }
    const schema = bodySchema({ allOf: [open, { type: 'object', properties: { b: text } }] })
    const validate = new Ajv({ strict: false }).compile(schema)
    expect([validate({ a: 'x', b: 1 }), validate({ a: 'x', c: 1 }), validate({ c: 'x' })]).toEqual([false, true, false])
    expect(schema).toHaveProperty('allOf')
  })

  test('of a base that names its heirs is the heir', () => {
    const refs = ['Cat', 'Dog'].map((name) => ({ $ref: `#/components/schemas/${name}` }))
    const Pet = { required: ['name'], properties: { name: text }, oneOf: refs, discriminator: { propertyName: 'kind' } }
    const heir = (kind: string) => ({
      allOf: [
        { $ref: '#/components/schemas/Pet' },
        { required: ['kind'], properties: { kind: { ...text, enum: [kind] } } },
      ],
    })
    for (const name of ['Pet', 'Cat']) {
      const schema = bodySchema({ $ref: `#/components/schemas/${name}` }, { Pet, Cat: heir('cat'), Dog: heir('dog') })
      const validate = new Ajv({ strict: false }).compile(schema)
      expect(validate({ name: 'Tom', kind: 'cat' })).toBe(true)
      expect(validate({ name: 'Tom', kind: 'dog' })).toBe(name === 'Pet')
      expect(validate({ kind: 'cat' })).toBe(false)
    }
  })

  test.each(['allOf', 'anyOf', 'oneOf'])('that is made of itself by %s is opened and told', (keyword) => {
    const schemas = {
      A: { [keyword]: [{ $ref: '#/components/schemas/B' }, { properties: { a: text } }] },
      B: { [keyword]: [{ $ref: '#/components/schemas/A' }, { properties: { b: text } }] },
    }
    const document = openApi(
      {
        '/x': {
          post: { requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/A' } } } } },
        },
      },
      { components: { schemas } },
    )
    expect(() => new Ajv({ strict: false }).compile(onlyTool(document).input_schema)({ a: 'x' })).not.toThrow()
    expect(warningsOf(document).join()).toContain('without end')
  })
})

describe('definitions', () => {
  test('recursive schemas keep their references, with no more than can be reached', () => {
    const Node = {
      type: 'object',
      properties: { next: { $ref: '#/components/schemas/Node' }, kind: { $ref: '#/components/schemas/Kind' } },
    }
    const schema = bodySchema({ $ref: '#/components/schemas/Node' }, { Node, Kind: text, Unused: text })
    expect(schema).toEqual({
      $ref: '#/$defs/Node',
      $defs: { Node: { type: 'object', properties: { next: { $ref: '#/$defs/Node' }, kind: text } } },
    })
  })

  test('what is used twice stands once', () => {
    const Address = {
      type: 'object',
      properties: { street: text, city: text, country: { ...text, description: 'ISO 3166.' } },
    }
    const of = { $ref: '#/components/schemas/Address' }
    expect(
      bodySchema({ type: 'object', properties: { from: of, to: { ...of, description: 'Where to.' } } }, { Address }),
    ).toEqual({
      type: 'object',
      properties: { from: { $ref: '#/$defs/Address' }, to: { $ref: '#/$defs/Address', description: 'Where to.' } },
      $defs: { Address },
    })
  })

  test('a reference that leads nowhere takes any value, and is told with its place', () => {
    const document = openApi({
      '/x': {
        post: {
          requestBody: { content: { 'application/json': { schema: { type: 'array', items: { $ref: '#/no' } } } } },
        },
      },
    })
    expect(onlyTool(document).body?.schema).toEqual({ type: 'array' })
    expect(warningsOf(document)).toEqual([
      '/paths/~1x/post/requestBody/content/application~1json/schema/items The schema refers to #/no, where nothing that fits stands; any value is taken here.',
    ])
  })

  test('schemas of other files do not get in the way of those of the document', () => {
    const Pet = { type: 'object', properties: { more: { $ref: '#/definitions/Pet' }, kind: { type: 'integer' } } }
    const other = { definitions: { Pet: { type: 'object', properties: { more: { $ref: '#/definitions/Pet' } } } } }
    const schema = {
      type: 'array',
      items: {
        type: 'object',
        properties: { a: { $ref: '#/definitions/Pet' }, b: { $ref: 'other.json#/definitions/Pet' } },
      },
    }
    const document = swagger(
      { '/x': { post: { parameters: [{ name: 'b', in: 'body', schema }] } } },
      { definitions: { Pet } },
    )
    const tool = onlyTool(document, { 'other.json': other })
    const names = Object.keys(tool.$defs ?? {})
    expect(names).toEqual(['Pet', expect.stringMatching(/^Pet_[0-9a-f]{4}$/)])
    expect(tool.$defs?.Pet).toEqual({
      type: 'object',
      properties: { more: { $ref: '#/$defs/Pet' }, kind: { type: 'integer' } },
    })
    expect(tool.$defs?.[names[1] ?? '']).toEqual({
      type: 'object',
      properties: { more: { $ref: `#/$defs/${names[1] ?? ''}` } },
    })
  })

  test('names are those that a reference can have as they are', () => {
    const schemas = { 'a b/c~d': { type: 'object', properties: { x: { $ref: '#/components/schemas/a%20b~1c~0d' } } } }
    const schema = bodySchema({ $ref: '#/components/schemas/a%20b~1c~0d' }, schemas)
    expect(Object.keys(schema.$defs as object)).toEqual(['a_b_c_d'])
  })

  test('a schema that nests without end is no reason to stop', () => {
    let deep: Record<string, unknown> = text
    for (let depth = 0; depth < 300; depth++) deep = { type: 'array', items: deep }
    const document = openApi({ '/x': { post: { requestBody: { content: { 'application/json': { schema: deep } } } } } })
    expect(mapped(document).tools).toHaveLength(1)
    expect(warningsOf(document).join()).toContain('nest more than')
  })
})
