import { describe, expect, it } from 'vitest'
import { printJson } from '../../../../src/renderer/json/print.ts'
import { fromPlain, isObject, Unfinished, type JsonValue } from '../../../../src/renderer/json/value.ts'
import type { Field, FieldKind } from '../../../../src/renderer/ui/schema-form/field.ts'
import { readSchema } from '../../../../src/renderer/ui/schema-form/read-schema.ts'
import {
  fits,
  initialItem,
  initialValue,
  layoutOf,
  variantOf,
  variantValue,
} from '../../../../src/renderer/ui/schema-form/values.ts'

const initial = (schema: unknown) => {
  const value = initialValue(readSchema(schema), true)
  return value === undefined ? undefined : printJson(value, 0)
}
function read<Name extends FieldKind['kind']>(schema: unknown, kind: Name): Extract<Field, { kind: Name }> {
  const field = readSchema(schema)
  expect(field.kind).toBe(kind)
  return field as Extract<Field, { kind: Name }>
}

describe('a form starts with', () => {
  it('its defaults and what can have one value only, and nothing else', () => {
    const schema = {
      type: 'object',
      required: ['kind', 'city', 'tags', 'where', 'few', 'due'],
      properties: {
        kind: { const: 'report' },
        city: { type: 'string' },
        unit: { enum: ['c', 'f'], default: 'c' },
        days: { type: 'integer', default: 3 },
        tags: { type: 'array', items: { type: 'string' } },
        few: { type: 'array', items: {}, minItems: 1 },
        due: { type: ['object', 'null'], properties: { at: { default: 'now' } } },
        where: { type: 'object', required: ['lat'], properties: { lat: { type: 'number', default: 59.9 }, lon: {} } },
        optional: { type: 'object', properties: { x: { type: 'integer', default: 1 } } },
      },
    }
    expect(initial(schema)).toBe('{"kind":"report","unit":"c","days":3,"tags":[],"where":{"lat":59.9}}')
  })

  it('a default that does not fit its own type, as the schema says', () => {
    expect(initial({ type: 'object', properties: { n: { type: 'integer', default: 'many' } } })).toBe('{"n":"many"}')
  })
})

it.each([
  [{ type: 'string' }, '""'],
  [{ type: 'boolean' }, 'false'],
  [{ enum: [2, 1] }, '2'],
  [{ type: 'array', items: {}, minItems: 2 }, '[]'],
  [{ type: ['integer', 'null'] }, 'null'],
  [{ type: 'integer' }, ''],
  [{ type: 'integer', default: 7 }, '7'],
  [{ type: 'object', properties: { a: { type: 'string', default: 'x' } } }, '{"a":"x"}'],
  [{}, ''],
])('a new item of a list of %j starts as %s', (schema, expected) => {
  expect(printJson(initialItem(readSchema(schema)), 0)).toBe(expected)
})

describe('what a control can show', () => {
  it.each<[unknown, JsonValue | undefined, boolean]>([
    [{ type: 'string' }, 'x', true],
    [{ type: 'string' }, fromPlain(1), false],
    [{ type: 'string' }, null, false],
    [{ type: ['string', 'null'] }, null, true],
    [{ type: 'integer' }, fromPlain(1.5), true],
    [{ type: 'integer' }, new Unfinished('1.'), true],
    [{ type: 'integer' }, new Unfinished('{\n'), false],
    [{ type: 'integer' }, '1', false],
    [{ type: 'boolean' }, 'true', false],
    [{ enum: ['a', 1] }, fromPlain(1), true],
    [{ enum: ['a', 1] }, '1', false],
    [{ type: 'object', properties: { a: {} } }, fromPlain([]), false],
    [{ type: 'array', items: {} }, fromPlain({}), false],
    [{}, fromPlain({ anything: [] }), true],
    [{ type: 'string' }, undefined, true],
  ])('%j and %o: %s', (schema, value, expected) => {
    expect(fits(readSchema(schema), value)).toBe(expected)
  })
})

describe('one of several shapes', () => {
  const field = read(
    {
      oneOf: [
        {
          required: ['by', 'name'],
          properties: { by: { const: 'name' }, name: { type: 'string' }, exact: { type: 'boolean', default: true } },
        },
        { required: ['by'], properties: { by: { const: 'id' }, id: { type: 'integer' }, name: { type: 'integer' } } },
      ],
    },
    'variants',
  )
  const [byName, byId] = field.options

  it('is known by its tag', () => {
    expect(variantOf(field, fromPlain({ by: 'id' }))).toBe(byId)
    expect(variantOf(field, fromPlain({ by: 'other' }))).toBeUndefined()
    expect(variantOf(field, 'name')).toBeUndefined()
  })

  it('takes over what fits when it changes', () => {
    if (!byName || !byId) throw new Error('two options')
    const named = variantValue(field, byName, undefined)
    expect(printJson(named, 0)).toBe('{"by":"name","exact":true}')
    const kept = variantValue(field, byName, fromPlain({ by: 'id', id: 1, name: 'Oslo', exact: false }))
    expect(printJson(kept, 0)).toBe('{"by":"name","name":"Oslo","exact":false}')
    expect(printJson(variantValue(field, byId, kept), 0)).toBe('{"by":"id"}')
  })
})

describe('the layout of an object', () => {
  const names = (properties: readonly { name: string }[]) => properties.map(({ name }) => name)

  it('shows all of a small one, and names what the schema does not', () => {
    const field = read({ type: 'object', properties: { a: {}, b: {} } }, 'object')
    const value = fromPlain({ a: 1, x: 2, y: 3 })
    const layout = layoutOf(field, isObject(value) ? value : undefined, new Set())
    expect(names(layout.shown)).toEqual(['a', 'b'])
    expect(layout.optional).toEqual([])
    expect(layout.unknown).toEqual(['x', 'y'])
  })

  it('of 500 properties shows the required ones and those with a value', () => {
    const properties = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`f${index}`, { type: 'string' }]))
    const field = read({ type: 'object', properties, required: ['f7', 'f499'] }, 'object')
    const layout = layoutOf(field, undefined, new Set(['f100']))
    expect(names(layout.shown)).toEqual(['f7', 'f100', 'f499'])
    expect(layout.optional).toHaveLength(497)
  })
})
