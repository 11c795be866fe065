import { describe, expect, it } from 'vitest'
import { fromPlain } from '../../../../src/renderer/json/value.ts'
import type { Field, FieldKind } from '../../../../src/renderer/ui/schema-form/field.ts'
import { readSchema } from '../../../../src/renderer/ui/schema-form/read-schema.ts'

type Kind<Name extends FieldKind['kind']> = Extract<Field, { kind: Name }>

function read<Name extends FieldKind['kind']>(schema: unknown, kind: Name): Kind<Name> {
  const field = readSchema(schema)
  expect(field.kind, 'reason' in field ? field.reason : '').toBe(kind)
  return field as Kind<Name>
}

const reason = (schema: unknown) => read(schema, 'json').reason
const options = (schema: unknown) => read(schema, 'choice').options.map(({ label, value }) => [label, value] as const)
const propertiesOf = (field: Field) => {
  if (field.kind !== 'object') throw new Error(`not an object but ${field.kind}`)
  return field.properties
}
const property = (schema: unknown, name: string) =>
  propertiesOf(readSchema(schema)).find((each) => each.name === name)?.field

describe('simple fields', () => {
  it('are read with the words of the schema', () => {
    const field = readSchema({
      type: 'object',
      required: ['city'],
      properties: {
        city: { type: 'string', title: 'City', description: 'Where', default: 'Oslo', examples: ['Bergen'] },
        days: { type: 'integer', minimum: 1, maximum: 10 },
        loud: { type: 'boolean', deprecated: true },
      },
    })
    expect(propertiesOf(field).map(({ name, required, field: { kind } }) => [name, required, kind])).toEqual([
      ['city', true, 'text'],
      ['days', false, 'number'],
      ['loud', false, 'boolean'],
    ])
    expect(propertiesOf(field)[0]?.field).toMatchObject({
      title: 'City',
      description: 'Where',
      fallback: 'Oslo',
      examples: ['Bergen'],
    })
    expect(propertiesOf(field)[2]?.field.deprecated).toBe(true)
  })

  it.each([
    [{ minimum: 1, maximum: 10 }, '1 to 10'],
    [{ minimum: 0 }, 'at least 0'],
    [{ exclusiveMinimum: 0, multipleOf: 0.5 }, 'more than 0, a multiple of 0.5'],
    [{ minimum: 0, exclusiveMinimum: true, maximum: 9 }, 'more than 0, at most 9'],
    [{ maximum: 5, exclusiveMaximum: 4 }, 'less than 4'],
    [{ minimum: 'many' }, ''],
  ])('a number tells its range: %j', (limits, range) => {
    expect(read({ type: 'number', ...limits }, 'number').range).toBe(range)
  })

  it.each([
    [{ format: 'password' }, { secret: true, long: false }],
    [{ writeOnly: true }, { secret: true }],
    [{ maxLength: 5_000 }, { long: true, maxLength: 5_000 }],
    [{ format: 'textarea' }, { long: true }],
    [{ format: 'date-time' }, { format: 'date-time', secret: false }],
    [{ pattern: '(a+)+$' }, { pattern: '(a+)+$' }],
    [
      { format: 7, pattern: {}, maxLength: 'x' },
      { format: undefined, pattern: undefined, maxLength: undefined },
    ],
  ])('a text knows what it is for: %j', (schema, expected) => {
    expect(read({ type: 'string', ...schema }, 'text')).toMatchObject(expected)
  })

  it('nullable in any of its spellings is flattened', () => {
    for (const schema of [
      { type: ['string', 'null'] },
      { anyOf: [{ type: 'string' }, { type: 'null' }] },
      { oneOf: [{ const: null }, { type: 'string' }] },
      { anyOf: [{ type: ['string', 'null'] }] },
    ]) {
      expect(read(schema, 'text').nullable, JSON.stringify(schema)).toBe(true)
    }
    expect(read({ title: 'Due', anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }] }, 'text')).toMatchObject(
      {
        title: 'Due',
        format: 'date',
      },
    )
  })
})

describe('choices', () => {
  it('keep the type of each value, and tell two apart that read alike', () => {
    expect(options({ enum: ['a', 1, true, '1', { x: 1 }] })).toEqual([
      ['a', 'a'],
      ['1', fromPlain(1)],
      ['true', true],
      ['"1"', '1'],
      ['{"x":1}', fromPlain({ x: 1 })],
    ])
  })

  it('are made of constants with titles', () => {
    const union = { oneOf: [{ const: 'c', title: 'Celsius' }, { const: 'f', title: 'Fahrenheit' }, { type: 'null' }] }
    expect(options(union)).toEqual([
      ['Celsius', 'c'],
      ['Fahrenheit', 'f'],
    ])
    expect(read(union, 'choice').nullable).toBe(true)
    expect(options({ anyOf: [{ enum: ['a', 'b'] }, { const: 3 }] }).map(([label]) => label)).toEqual(['a', 'b', '3'])
  })

  it('take null out of an enum, and do not show an empty text as nothing', () => {
    expect(read({ enum: ['a', null] }, 'choice')).toMatchObject({ nullable: true, options: [{ label: 'a' }] })
    expect(options({ enum: ['', ' ', 'a'] }).map(([label]) => label)).toEqual(['""', '" "', 'a'])
  })

  it('have one option where there is one value, and none twice', () => {
    expect(options({ const: 'v1' })).toEqual([['v1', 'v1']])
    expect(options({ enum: ['a', 'b', 'a'] }).map(([label]) => label)).toEqual(['a', 'b'])
  })

  it('of thousands are typed', () => {
    read({ type: 'string', enum: Array.from({ length: 5_000 }, (_, index) => `v${index}`) }, 'text')
  })
})

describe('objects, lists and references', () => {
  const address = { type: 'object', properties: { street: { type: 'string' } }, required: ['street'] }

  it('are resolved locally, through any spelling of a pointer', () => {
    const schema = {
      type: 'object',
      $defs: { 'home/address': address },
      definitions: { '50% off': { type: 'integer' } },
      properties: {
        home: { $ref: '#/$defs/home~1address', description: 'At night' },
        rate: { $ref: '#/definitions/50%25%20off' },
        list: { type: 'array', items: { $ref: '#/$defs/home~1address' }, minItems: 1, maxItems: 3 },
      },
    }
    expect(property(schema, 'home')).toMatchObject({ kind: 'object', description: 'At night' })
    expect(property(schema, 'rate')).toMatchObject({ kind: 'number', integer: true })
    expect(property(schema, 'list')).toMatchObject({ kind: 'list', minItems: 1, maxItems: 3, item: { kind: 'object' } })
  })

  it('are merged where several stand side by side', () => {
    const schema = {
      $defs: { address, named: { properties: { name: { type: 'string' } }, required: ['name'] } },
      allOf: [{ $ref: '#/$defs/address' }, { $ref: '#/$defs/named' }, { $ref: '#/$defs/address' }, true],
      properties: { age: { type: 'integer' } },
    }
    expect(propertiesOf(readSchema(schema)).map(({ name, required }) => [name, required])).toEqual([
      ['age', false],
      ['street', true],
      ['name', true],
    ])
    expect(reason({ allOf: [{ type: 'string' }, { type: 'integer' }] })).toBe('it has to match several schemas at once')
    expect(reason({ type: 'string', allOf: [{ minLength: 1 }, { minLength: 2 }] })).toContain('several schemas')
  })

  it('are told apart by a constant', () => {
    const field = read(
      {
        oneOf: [
          {
            title: 'By name',
            required: ['by', 'name'],
            properties: { by: { const: 'name' }, name: { type: 'string' } },
          },
          { required: ['by'], properties: { by: { enum: ['id'] }, id: { type: 'integer' } } },
        ],
      },
      'variants',
    )
    expect(field.tag).toBe('by')
    expect(field.options.map(({ label, value, field: { properties } }) => [label, value, properties.length])).toEqual([
      ['By name', 'name', 1],
      ['id', 'id', 1],
    ])
  })

  it('with alternatives that only require something are a form', () => {
    const schema = {
      type: 'object',
      properties: { id: { type: 'string' }, url: { type: 'string' } },
      anyOf: [{ required: ['id'] }, { required: ['url'] }],
    }
    expect(propertiesOf(readSchema(schema))).toHaveLength(2)
  })

  it('of any name beside the known ones stay open', () => {
    expect(read({ properties: { a: {} }, additionalProperties: { type: 'string' } }, 'object').open).toBe(true)
    expect(read({ properties: { a: {} }, additionalProperties: false }, 'object').open).toBe(false)
    expect(read({ properties: { a: {} }, if: {}, then: {} }, 'object').open).toBe(true)
  })

  it('take no arguments where the tool has none', () => {
    expect(read({ type: 'object' }, 'object').properties).toEqual([])
    expect(read({ type: 'object', properties: {}, additionalProperties: false }, 'object').properties).toEqual([])
  })

  it('may be named like a prototype', () => {
    const schema = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"integer"}}}',
    ) as unknown
    expect(propertiesOf(readSchema(schema)).map(({ name, field: { kind } }) => [name, kind])).toEqual([
      ['__proto__', 'text'],
      ['constructor', 'number'],
    ])
    expect(reason({ $ref: '#/constructor' })).toContain('not in the schema')
  })
})

describe('what no form shows is written as JSON, with the reason', () => {
  it.each([
    [true, 'any value is allowed'],
    [undefined, 'any value is allowed'],
    [false, 'its schema is not usable'],
    ['string', 'its schema is not usable'],
    [[], 'its schema is not usable'],
    [{}, 'its schema does not say what it is'],
    [{ kind: 'geo' }, 'its schema does not say what it is'],
    [{ type: 'geo' }, 'its type "geo" is not known'],
    [{ type: ['string', 'integer'] }, 'it can be string or integer'],
    [{ type: 'array', items: [{ type: 'string' }] }, 'each place in the list has its own schema'],
    [{ type: 'array', prefixItems: [{ type: 'string' }] }, 'it uses prefixItems'],
    [{ type: 'object', patternProperties: { '^x': {} } }, 'it uses patternProperties'],
    [{ type: 'object', additionalProperties: { type: 'string' } }, 'any names are allowed in it'],
    [{ oneOf: [{ type: 'string' }, { type: 'object' }] }, 'it can have several shapes'],
    [{ anyOf: [true, { type: 'string' }] }, 'it can have several shapes'],
    [
      { $ref: 'https://example.com/schema.json' },
      'it refers to https://example.com/schema.json, which is not in the schema',
    ],
    [{ $ref: '#/$defs/gone' }, 'it refers to #/$defs/gone, which is not in the schema'],
    [{ $ref: '#/%E0%A4%A' }, 'it refers to #/%E0%A4%A, which is not in the schema'],
    [{ $ref: 7 }, 'its schema is not usable'],
    [{ allOf: [{ $ref: '#' }] }, 'it refers to itself'],
    [{ type: 'object', properties: 'none', additionalProperties: true }, 'any names are allowed in it'],
  ])('%j', (schema, expected) => {
    expect(reason(schema)).toBe(expected)
  })

  it('a tree, where it begins to repeat itself', () => {
    const node = {
      type: 'object',
      properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#/$defs/node' } } },
    }
    const field = property({ type: 'object', properties: { root: { $ref: '#/$defs/node' } }, $defs: { node } }, 'root')
    expect(field).toMatchObject({
      kind: 'object',
      properties: [
        { name: 'name' },
        { name: 'children', field: { kind: 'list', item: { kind: 'json', reason: 'it refers to itself' } } },
      ],
    })
  })

  it('references that lead in a circle, or on without end', () => {
    const circle = { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } }
    expect(reason(circle)).toBe('it refers to itself')
    const chain = Object.fromEntries(
      Array.from({ length: 50_000 }, (_, index) => [`d${index}`, { $ref: `#/$defs/d${index + 1}` }]),
    )
    expect(reason({ $ref: '#/$defs/d0', $defs: chain })).toBe('it refers to too many other schemas')
  })

  it('what is nested deeply or means too many fields', () => {
    let deep: unknown = { type: 'string' }
    for (let level = 0; level < 12; level++) deep = { type: 'object', properties: { next: deep } }
    expect(JSON.stringify(readSchema(deep))).toContain('nested deeper than 8 levels')

    // Each level names the next one ten times: 10^7 fields.
    const $defs = Object.fromEntries(
      Array.from({ length: 7 }, (_, level) => [
        `l${level}`,
        {
          type: 'object',
          properties: Object.fromEntries(
            Array.from({ length: 10 }, (_, key) => [`p${key}`, { $ref: `#/$defs/l${level + 1}` }]),
          ),
        },
      ]),
    )
    expect(
      JSON.stringify(readSchema({ $ref: '#/$defs/l0', $defs: { ...$defs, l7: { type: 'string' } } })).length,
    ).toBeLessThan(3_000_000)
  })

  it('a default nested a hundred thousand times', () => {
    const bomb = JSON.parse(`{"type":"string","default":${'['.repeat(5_000)}${']'.repeat(5_000)}}`) as unknown
    expect(readSchema(bomb).kind).toBe('text')
  })

  it('500 properties are a form all the same', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`field_${index}`, { type: 'string' }]),
    )
    expect(propertiesOf(readSchema({ type: 'object', properties }))).toHaveLength(500)
  })
})
