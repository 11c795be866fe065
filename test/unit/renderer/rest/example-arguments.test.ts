import { expect, it } from 'vitest'
import { exampleArguments } from '../../../../src/renderer/features/rest/example-arguments.ts'
import { RestTool } from '../../../../src/shared/contract/rest.ts'

const argumentsOf = (parameters: unknown[], more: object = {}) =>
  exampleArguments(RestTool.parse({ name: 't', method: 'GET', path: '/', parameters, ...more }))
const required = (name: string, schema: unknown) => ({ name, in: 'query', required: true, schema })

it('gives what is required, and what names a value itself', () => {
  expect(
    argumentsOf([
      required('a', { type: 'string' }),
      { name: 'b', in: 'query', schema: { type: 'string' } },
      { name: 'c', in: 'query', schema: { type: 'string', default: 'usual' } },
      { name: 'd', in: 'query', schema: { type: 'string' }, constant: 'x' },
      { name: 'id', in: 'path', argument: 'invoice', schema: { type: 'string', format: 'uuid' } },
    ]),
  ).toEqual({ a: 'text', c: 'usual', invoice: expect.stringMatching(/^[0-9a-f-]{36}$/) as string })
})

it('takes values that the schema names: examples, then the default, then the first of a list', () => {
  expect(
    argumentsOf([
      required('a', { examples: ['e'], default: 'd', enum: ['f'] }),
      required('b', { default: 'd', enum: ['f'] }),
      required('c', { enum: ['f', 'g'] }),
      required('d', { const: 0 }),
      required('e', { example: null }),
    ]),
  ).toEqual({ a: 'e', b: 'd', c: 'f', d: 0, e: null })
})

it('fits types and their limits', () => {
  expect(
    argumentsOf([
      required('least', { type: 'integer', minimum: 2.5 }),
      required('above', { type: 'integer', exclusiveMinimum: 4 }),
      required('most', { type: 'number', maximum: -3 }),
      required('step', { type: 'integer', multipleOf: 5, minimum: 7 }),
      required('long', { type: 'string', minLength: 6 }),
      required('short', { type: 'string', maxLength: 2 }),
      required('list', { type: 'array', items: { type: 'boolean' } }),
      required('either', { type: ['null', 'integer'] }),
      required('when', { type: 'string', format: 'date' }),
    ]),
  ).toEqual({
    least: 3,
    above: 5,
    most: -3,
    step: 10,
    long: 'textxx',
    short: 'te',
    list: [true],
    either: 1,
    when: '2026-01-31',
  })
})

it('follows what schemas refer to, and ends where they lead to themselves', () => {
  const $defs = {
    Node: {
      type: 'object',
      properties: { name: { type: 'string' }, next: { $ref: '#/$defs/Node' } },
      required: ['name'],
    },
    Loop: { $ref: '#/$defs/Loop' },
    Both: { allOf: [{ $ref: '#/$defs/Node' }, { type: 'object', properties: { size: { type: 'integer' } } }] },
  }
  const body = { content_type: 'application/json', schema: { $ref: '#/$defs/Both' } }
  expect(
    argumentsOf([required('loop', { $ref: '#/$defs/Loop' }), required('gone', { $ref: '#/$defs/No' })], {
      $defs,
      body,
    }),
  ).toEqual({ loop: null, gone: null, body: { name: 'text', size: 1 } })
})
