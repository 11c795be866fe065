import { describe, expect, it } from 'vitest'
import { withBodyKind, withContentType } from '../../../../src/renderer/features/rest/body-kinds.ts'
import { pastedPath, proposedName, withPath } from '../../../../src/renderer/features/rest/path-parameters.ts'
import { projectionOfText, projectionText } from '../../../../src/renderer/features/rest/projection-text.ts'
import { textOfValue, valueOfText, withType } from '../../../../src/renderer/features/rest/schema-types.ts'
import {
  draftOfTool,
  emptyParameter,
  emptyTool,
  type ToolDraft,
} from '../../../../src/renderer/features/rest/tool-draft.ts'
import { copyName, withTool } from '../../../../src/renderer/features/rest/tool-list.ts'
import { toolOfDraft } from '../../../../src/renderer/features/rest/tool-of-draft.ts'
import { RestTool } from '../../../../src/shared/contract/rest.ts'

const none: ReadonlySet<string> = new Set()
const draft = (changes: Partial<ToolDraft> = {}): ToolDraft => ({
  ...emptyTool(),
  name: 'get_invoice',
  path: '/invoices',
  ...changes,
})
const problemsOf = (given: ToolDraft, taken = none) =>
  Object.fromEntries(toolOfDraft(given, taken).problems.map(({ field, message }) => [field, message]))

describe('a stored tool through the editor', () => {
  const everything = RestTool.parse({
    name: 'search',
    title: 'Search',
    description: 'Finds.',
    method: 'POST',
    path: '/search/{kind}?fixed=1',
    base_url: 'https://other.example.com',
    parameters: [
      { name: 'kind', in: 'path', required: true, schema: { enum: ['a', 1] }, style: 'matrix', explode: true },
      {
        name: 'filter[x]',
        argument: 'x',
        in: 'query',
        schema: { type: 'string', default: '12' },
        allow_reserved: true,
      },
      { name: 'any', in: 'query', schema: { default: '12' } },
      { name: 'empty', in: 'query', schema: { type: 'string', default: '' } },
      { name: 'limit', in: 'query', schema: { type: 'integer', default: 5, maximum: 9 } },
      {
        name: 'tags',
        in: 'query',
        schema: { type: ['array', 'null'], default: ['a'] },
        content_type: 'application/json',
      },
      { name: 'never', in: 'query', schema: false },
      { name: 'v', in: 'header', schema: { type: 'string' }, constant: '2' },
      { name: 'flag', in: 'cookie', schema: { type: 'boolean' }, constant: false },
    ],
    body: {
      content_type: 'application/json',
      required: true,
      description: 'All of it.',
      schema: { $ref: '#/$defs/Q' },
    },
    $defs: { Q: { type: 'object' } },
    output_schema: { type: 'object' },
    annotations: { readOnlyHint: true, ours: false },
    projection: { total: '$.total', names: '$.items[*].name' },
    operation: { path: '/search/{kind}', method: 'POST', tags: ['x'], deprecated: true },
  })

  it('is the same when nothing was changed', () => {
    expect(toolOfDraft(draftOfTool(everything), none)).toEqual({ tool: everything, problems: [] })
  })

  it('keeps a body that is made of fields', () => {
    const tool = RestTool.parse({
      name: 'create',
      method: 'POST',
      path: '/x',
      parameters: [{ name: 'amount', in: 'body', required: true, schema: { type: 'number' } }],
      body: { content_type: 'application/x-www-form-urlencoded' },
    })
    expect(toolOfDraft(draftOfTool(tool), none).tool).toEqual(tool)
  })
})

describe('the path', () => {
  const rows = ({ parameters }: ToolDraft) => parameters.map(({ in: place, name }) => `${place} ${name}`)

  it('brings a row for each placeholder, in front of the others, and takes it away', () => {
    const query = emptyParameter({ name: 'q' })
    const two = withPath(draft({ parameters: [query] }), '/a/{id}/b/{no}')
    expect(rows(two)).toEqual(['path id', 'path no', 'query q'])
    expect(two.parameters[0]?.required).toBe(true)
    expect(rows(withPath(two, '/a/{id}'))).toEqual(['path id', 'query q'])
    expect(rows(withPath(two, '/a'))).toEqual(['query q'])
  })

  it('keeps what was written about a placeholder while its name is changed, letter by letter', () => {
    const one = withPath(draft(), '/a/{id}')
    const described = { ...one, parameters: one.parameters.map((row) => ({ ...row, description: 'Which one' })) }
    const renamed = withPath(withPath(described, '/a/{idx}'), '/a/{index}')
    expect(renamed.parameters).toMatchObject([{ name: 'index', description: 'Which one' }])
    const open = withPath(renamed, '/a/{index')
    expect(open.parameters).toEqual([])
    expect(withPath(open, '/a/{index}').parameters).toMatchObject([{ name: 'index', description: 'Which one' }])
  })

  it('is taken out of what is pasted', () => {
    expect(pastedPath('DELETE https://api.example.com/v1/a/{id}', 'https://api.example.com/v1/')).toEqual({
      method: 'DELETE',
      path: '/a/{id}',
    })
    expect(pastedPath('/getting', '')).toEqual({ path: '/getting' })
  })

  it('names the tool', () => {
    expect(proposedName('GET', '/invoices/{id}/lines?x=1')).toBe('get_invoices_by_id_lines')
    expect(proposedName('POST', '/')).toBe('')
    expect(proposedName('GET', `/${'long-word/'.repeat(20)}`).length).toBeLessThanOrEqual(64)
  })
})

describe('what is wrong is told at its field', () => {
  it('of the tool', () => {
    expect(problemsOf(draft({ name: '', path: '' }))).toEqual({
      name: 'Enter a name.',
      path: 'Enter a path, for example /invoices/{id}.',
    })
    expect(problemsOf(draft({ path: 'invoices' }))).toEqual({ path: 'A path begins with /.' })
    expect(problemsOf(draft(), new Set(['get_invoice']))).toHaveProperty('name')
    expect(problemsOf(draft({ base_url: 'nowhere' }))).toHaveProperty('base_url')
    expect(problemsOf(draft({ projection: 'items' }))).toHaveProperty('projection')
    expect(problemsOf(draft({ output_schema: { value: undefined, text: '{' } }))).toEqual({
      output_schema: 'This is not JSON yet.',
    })
  })

  it('of its parameters', () => {
    const parameters = [
      emptyParameter({ name: 'q' }),
      emptyParameter({ name: 'q' }),
      emptyParameter({ name: 'q', in: 'header' }),
      emptyParameter({ name: '' }),
      emptyParameter({ name: 'n', schema: { value: { type: 'integer' } }, fallback: 'ten' }),
      emptyParameter({ name: 'c', schema: { value: { type: 'boolean' } }, constant: 'maybe' }),
      emptyParameter({ name: 'id', in: 'path' }),
    ]
    expect(problemsOf(draft({ parameters }))).toEqual({
      'parameters.1.name': 'q is listed twice.',
      'parameters.2.argument': 'q is already an argument. Give this one another name for agents.',
      'parameters.3.name': 'Enter a name.',
      'parameters.4.default': 'Enter a whole number.',
      'parameters.5.constant': 'Enter true or false.',
      'parameters.6.name': 'The path has no {id}.',
    })
  })

  it('but a name that agents cannot use gets one that they can', () => {
    const parameters = [emptyParameter({ name: 'filter[status]' })]
    expect(toolOfDraft(draft({ parameters }), none).tool?.parameters).toMatchObject([
      { name: 'filter[status]', argument: 'filter_status' },
    ])
  })
})

describe('a body', () => {
  const fields = [
    emptyParameter({ name: 'q' }),
    emptyParameter({ name: 'amount', in: 'body', required: true, description: 'In cents' }),
  ]
  it('of fields becomes one value and fields again', () => {
    const start = draft({ parameters: fields, body: { ...emptyTool().body, kind: 'fields' } })
    const whole = withBodyKind(start, 'value')
    expect(whole.parameters.map(({ name }) => name)).toEqual(['q'])
    expect(whole.body.schema.value).toEqual({
      type: 'object',
      properties: { amount: { type: 'string', description: 'In cents' } },
      required: ['amount'],
    })
    const again = withBodyKind(whole, 'fields')
    expect(again.parameters[1]).toMatchObject({ name: 'amount', in: 'body', required: true, description: 'In cents' })
  })

  it('of text or bytes is one value', () => {
    const text = withContentType(draft({ body: { ...emptyTool().body, kind: 'fields' } }), 'text/plain')
    expect(text.body).toMatchObject({
      kind: 'value',
      content_type: 'text/plain',
      schema: { value: { type: 'string' } },
    })
  })
})

it('reads values by the type that is asked for', () => {
  expect(valueOfText('12', 'string')).toEqual({ value: '12' })
  expect(valueOfText('12', 'any')).toEqual({ value: 12 })
  expect(valueOfText('twelve', 'any')).toEqual({ value: 'twelve' })
  expect(valueOfText('[1]', 'array')).toEqual({ value: [1] })
  expect(valueOfText('1.5', 'integer')).toHaveProperty('problem')
  expect(textOfValue('12', 'any')).toBe('"12"')
  expect(textOfValue('12', 'string')).toBe('12')
  expect(withType({ type: 'string', pattern: 'x', title: 'T' }, 'integer')).toEqual({ type: 'integer', title: 'T' })
})

it('writes one JSONPath or several', () => {
  expect(projectionOfText('$.items[*]')).toEqual({ value: '$.items[*]' })
  expect(projectionOfText('a: $.a\n\nb:$.b')).toEqual({ value: { a: '$.a', b: '$.b' } })
  expect(projectionText({ a: '$.a', b: '$.b' })).toBe('a: $.a\nb: $.b')
  expect(projectionOfText('a: $.a\na: $.b')).toEqual({ problem: 'a is listed twice.' })
})

it('puts a tool into the list as it is now, unless somebody else changed it', () => {
  const [one, two] = ['one', 'two'].map((name) => RestTool.parse({ name, method: 'GET', path: '/' }))
  if (!one || !two) throw new Error('There are two.')
  expect(withTool([one, two], { ...two, title: 'T' }, two)).toEqual([one, { ...two, title: 'T' }])
  expect(withTool([one], two, undefined)).toEqual([one, two])
  expect(withTool([one, { ...two, title: 'Theirs' }], two, two)).toBeUndefined()
  expect(withTool([one], two, two)).toBeUndefined()
  expect(copyName('a', new Set(['a', 'a_2']))).toBe('a_3')
})
