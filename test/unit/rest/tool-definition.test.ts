import { describe, expect, it } from 'vitest'
import { definitionOf, inputSchemaOf, tokensOf } from '../../../src/main/rest/tool-definition.ts'
import { RestTool, type RestToolInput } from '../../../src/shared/contract/rest.ts'

const tool = (input: Partial<RestToolInput> = {}) =>
  RestTool.parse({ name: 'get_thing', method: 'GET', path: '/things/{id}', ...input })

describe('the arguments of a REST tool', () => {
  it('are its parameters, without the constants, and nothing else', () => {
    const schema = inputSchemaOf(
      tool({
        parameters: [
          { name: 'id', in: 'path', schema: { type: 'string' }, description: 'Which one.' },
          { name: 'page[size]', argument: 'page_size', in: 'query', schema: { type: 'integer', description: 'Own.' } },
          { name: 'X-Need', in: 'header', required: true },
          { name: 'v', in: 'query', constant: 2 },
        ],
      }),
    )
    expect(schema).toStrictEqual({
      type: 'object',
      properties: {
        id: { type: 'string', description: 'Which one.' },
        page_size: { type: 'integer', description: 'Own.' },
        'X-Need': {},
      },
      required: ['id', 'X-Need'],
      additionalProperties: false,
    })
  })

  it('have a body that is one value as `body`', () => {
    const body = { content_type: 'text/plain', required: true, description: 'Words.', schema: { type: 'string' } }
    expect(inputSchemaOf(tool({ body }))).toStrictEqual({
      type: 'object',
      properties: { body: { type: 'string', description: 'Words.' } },
      required: ['body'],
      additionalProperties: false,
    })
  })

  it('bring only those definitions that they lead to, however far', () => {
    const schema = inputSchemaOf(
      tool({
        parameters: [
          { name: 'node', in: 'body', schema: { $ref: '#/$defs/Node' } },
          { name: 'data', in: 'body', schema: { enum: [{ $ref: '#/$defs/Data' }] } },
          { name: 'named', in: 'body', schema: { properties: { $ref: { type: 'string' } } } },
        ],
        $defs: {
          Node: { properties: { next: { $ref: '#/$defs/Node' }, leaf: { $ref: '#/$defs/a~1b%20c/properties/x' } } },
          'a/b c': { properties: { x: true } },
          Data: {},
          Unused: { $ref: '#/$defs/Node' },
        },
      }),
    )
    expect(Object.keys(schema.$defs as object)).toStrictEqual(['Node', 'a/b c'])
  })

  it('may be called __proto__', () => {
    const schema = inputSchemaOf(tool({ parameters: [{ name: '__proto__', in: 'query', schema: { type: 'string' } }] }))
    expect(JSON.stringify(schema.properties)).toBe('{"__proto__":{"type":"string"}}')
  })
})

describe('a REST tool as agents see it', () => {
  it.each([
    ['GET', { readOnlyHint: true, openWorldHint: true }],
    ['QUERY', { readOnlyHint: true, openWorldHint: true }],
    ['PUT', { idempotentHint: true, openWorldHint: true }],
    ['DELETE', { destructiveHint: true, idempotentHint: true, openWorldHint: true }],
    ['POST', { openWorldHint: true }],
    ['PATCH', { openWorldHint: true }],
  ])('hints at what %s does', (method, annotations) => {
    expect(definitionOf(tool({ method })).annotations).toStrictEqual(annotations)
  })

  it('has the hints that were set by hand instead', () => {
    const { annotations } = definitionOf(tool({ method: 'POST', annotations: { readOnlyHint: true } }))
    expect(annotations).toStrictEqual({ openWorldHint: true, readOnlyHint: true })
  })

  it('promises of its answers only what APIs keep', () => {
    const { outputSchema } = definitionOf(
      tool({
        output_schema: {
          required: ['id'],
          properties: { id: { type: 'string', format: 'uuid' }, of: { oneOf: [{ $ref: '#/$defs/A' }, true] } },
          additionalProperties: false,
        },
        $defs: { A: { type: 'object', required: ['b'], properties: { required: { type: 'string' } } }, B: {} },
      }),
    )
    expect(outputSchema).toStrictEqual({
      type: 'object',
      properties: { id: { type: 'string' }, of: { anyOf: [{ $ref: '#/$defs/A' }, true] } },
      $defs: { A: { type: 'object', properties: { required: { type: 'string' } } } },
    })
  })

  it('promises nothing of what a projection makes of an answer', () => {
    expect(definitionOf(tool({ output_schema: { type: 'object' }, projection: '$.a' }))).not.toHaveProperty(
      'outputSchema',
    )
  })

  it('costs a quarter of its bytes', () => {
    const definition = definitionOf(tool({ description: 'ä'.repeat(4_000) }))
    expect(tokensOf(definition)).toBeGreaterThan(2_000)
    expect(tokensOf(definition)).toBeLessThan(2_100)
  })
})
