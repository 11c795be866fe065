import { describe, expect, it } from 'vitest'
import { AppError } from '../../../../src/main/base/app-error.ts'
import { applyImport } from '../../../../src/main/rest/openapi/reimport/apply-import.ts'
import { diffImport } from '../../../../src/main/rest/openapi/reimport/diff-import.ts'
import { RestTool } from '../../../../src/shared/contract/rest.ts'
import { imported, previewed, restTool } from './rest-tools.ts'

const limit = { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 } } as const
const list = imported({ name: 'list_pets', path: '/pets', description: 'Lists pets.', parameters: [limit] })
const get = imported({
  name: 'get_pet',
  path: '/pets/{id}',
  parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
})

function diff(sides: { base: readonly RestTool[] | null; mine: readonly RestTool[]; next: readonly RestTool[] }) {
  return diffImport({ ...sides, next: sides.next.map(previewed) })
}

/** The one tool that is changed, and how. */
function change(base: RestTool | null, mine: RestTool, next: RestTool) {
  const { changed } = diff({ base: base && [base], mine: [mine], next: [next] })
  const [only, ...others] = changed
  if (only === undefined || others.length > 0) throw new Error(`${changed.length} tools are changed`)
  // Whatever comes out can be stored.
  expect(RestTool.parse(only.after)).toEqual(only.after)
  return only
}

describe('what became of operations', () => {
  it('is nothing where the document says the same', () => {
    const answer = diff({ base: [list, get], mine: [list, get], next: [get, list] })
    expect(answer).toEqual({ added: [], changed: [], removed: [], deprecated: [], available: [], unchanged: 2 })
  })

  it('tells new ones from those that were there before and were not chosen', () => {
    const create = imported({ name: 'create_pet', method: 'POST', path: '/pets' })
    const answer = diff({ base: [list, get], mine: [list], next: [list, get, create] })
    expect(answer.added.map(({ name }) => name)).toEqual(['create_pet'])
    expect(answer.available.map(({ name }) => name)).toEqual(['get_pet'])
  })

  it('tells the tools whose operation is gone, and those that are deprecated now', () => {
    const old = { ...get, operation: { method: 'GET', path: '/pets/{id}', tags: [], deprecated: true } }
    const answer = diff({ base: [list, get], mine: [list, get], next: [old] })
    expect(answer.removed).toEqual([{ tool: 'list_pets', operation: 'GET /pets' }])
    expect(answer.deprecated).toEqual([{ tool: 'get_pet', operation: 'GET /pets/{id}' }])
    expect(diff({ base: [old], mine: [old], next: [old] }).deprecated).toEqual([])
  })

  it('leaves tools alone that came from another document', () => {
    const other = imported({ name: 'list_refunds', path: '/refunds' })
    expect(diff({ base: [list], mine: [list, other], next: [list] })).toMatchObject({ removed: [], unchanged: 1 })
  })

  it('leaves tools alone that were made by hand, even where an operation is the same', () => {
    const own = restTool({ name: 'list_pets', path: '/pets' })
    const answer = diff({ base: [list], mine: [own], next: [list] })
    expect(answer).toMatchObject({ changed: [], removed: [], unchanged: 0 })
    // Its name is taken.
    expect(answer.available.map(({ name }) => name)).toEqual(['list_pets_2'])
  })

  it('finds an operation by its id where its path has moved, and the tool keeps its name', () => {
    const moved = imported({ ...list, name: 'list_pets', path: '/v2/pets' })
    const renamed = { ...list, name: 'animals' }
    const { after, fields, tool, operation } = change(list, renamed, moved)
    expect({ tool, operation }).toEqual({ tool: 'animals', operation: 'GET /pets' })
    expect(fields).toEqual([{ path: 'path', before: '"/pets"', after: '"/v2/pets"', kept: false }])
    expect(after).toEqual({ ...moved, name: 'animals' })
  })

  it('finds an operation without an id whose path parameter is called otherwise', () => {
    const operation = { method: 'GET', path: '/pets/{id}' }
    const next = restTool({
      name: 'get_pets_pet_id',
      path: '/pets/{petId}',
      operation: { ...operation, path: '/pets/{petId}' },
      parameters: [{ name: 'petId', in: 'path', required: true, schema: { type: 'integer' } }],
    })
    const { after } = change(restTool({ ...get, operation }), restTool({ ...get, operation }), next)
    expect(after).toEqual({ ...next, name: 'get_pet' })
  })

  it('does not take what stands elsewhere for an operation that is still there', () => {
    const swapped = [imported({ name: 'list_pets', path: '/pets/{id}' }), imported({ name: 'get_pet', path: '/pets' })]
    const answer = diff({ base: [list, get], mine: [list, get], next: swapped })
    expect(answer.removed).toEqual([])
    expect(answer.changed.map(({ tool, after }) => [tool, after.operation?.path])).toEqual([
      ['list_pets', '/pets'],
      ['get_pet', '/pets/{id}'],
    ])
  })

  it('finds nothing by an id that two operations have', () => {
    const twins = ['/a', '/b'].map((path) => imported({ name: 'list_pets', path }))
    expect(diff({ base: [list], mine: [list], next: twins }).removed).toHaveLength(1)
  })
})

describe('field by field', () => {
  it('takes over what the document changes, down to keywords', () => {
    const next = {
      ...list,
      description: 'All pets.',
      parameters: [{ ...list.parameters[0], schema: { type: 'integer', maximum: 50, minimum: 1 } }],
    }
    const { after, fields } = change(list, list, RestTool.parse(next))
    expect(fields).toEqual([
      { path: 'description', before: '"Lists pets."', after: '"All pets."', kept: false },
      { path: 'parameters.limit.schema.maximum', before: '100', after: '50', kept: false },
      { path: 'parameters.limit.schema.minimum', before: null, after: '1', kept: false },
    ])
    expect(after).toEqual(next)
  })

  it('keeps edits by hand beside changes of the document', () => {
    const mine = RestTool.parse({
      ...list,
      name: 'pets',
      description: 'Mine.',
      projection: '$.items',
      parameters: [{ ...limit, argument: 'count', description: 'How many.', schema: { type: 'integer', maximum: 10 } }],
    })
    const next = RestTool.parse({
      ...list,
      description: 'Theirs.',
      parameters: [{ ...limit, required: true, schema: { type: 'integer', maximum: 200, default: 20 } }],
    })
    const { after, fields } = change(list, mine, next)
    expect(fields).toEqual([
      { path: 'description', before: '"Mine."', after: '"Theirs."', kept: true },
      { path: 'parameters.limit.required', before: 'false', after: 'true', kept: false },
      { path: 'parameters.limit.schema.maximum', before: '10', after: '200', kept: true },
      { path: 'parameters.limit.schema.default', before: null, after: '20', kept: false },
    ])
    expect(after).toEqual({
      ...mine,
      parameters: [{ ...mine.parameters[0], required: true, schema: { type: 'integer', maximum: 10, default: 20 } }],
    })
  })

  it('says nothing where somebody has made the change already', () => {
    const next = RestTool.parse({ ...list, description: 'All pets.' })
    expect(diff({ base: [list], mine: [next], next: [next] })).toMatchObject({ changed: [], unchanged: 1 })
  })

  it('says nothing of edits that the document does not touch', () => {
    const mine = RestTool.parse({ ...list, description: 'Mine.', title: 'Pets', parameters: [] })
    expect(diff({ base: [list], mine: [mine], next: [list] })).toMatchObject({ changed: [], unchanged: 1 })
  })

  it('adds parameters and takes away those that are gone', () => {
    const next = RestTool.parse({ ...list, parameters: [{ name: 'page', in: 'query', schema: { type: 'string' } }] })
    const { after, fields } = change(list, list, next)
    expect(after).toEqual(next)
    expect(fields.map(({ path, before, after: now }) => [path, before !== null, now !== null])).toEqual([
      ['parameters.page', false, true],
      ['parameters.limit', true, false],
    ])
  })

  it('keeps a parameter away that was deleted by hand, and says that it has changed', () => {
    const mine = RestTool.parse({ ...list, parameters: [] })
    const next = RestTool.parse({ ...list, parameters: [{ ...limit, required: true }] })
    const { after, fields } = change(list, mine, next)
    expect(after.parameters).toEqual([])
    expect(fields).toMatchObject([{ path: 'parameters.limit', before: null, kept: true }])
  })

  it('keeps hidden constants', () => {
    const mine = RestTool.parse({ ...list, parameters: [{ ...limit, constant: 25 }] })
    const next = RestTool.parse({ ...list, parameters: [{ ...limit, description: 'How many.' }] })
    expect(change(list, mine, next).after.parameters).toEqual([{ ...next.parameters[0], constant: 25 }])
  })

  it('tells parameters of one name in two places apart', () => {
    const both = RestTool.parse({ ...get, parameters: [...get.parameters, { name: 'id', in: 'query' }] })
    const next = RestTool.parse({
      ...both,
      parameters: [...get.parameters, { name: 'id', in: 'query', required: true }],
    })
    expect(change(both, both, next).fields.map(({ path }) => path)).toEqual(['parameters["id (query)"].required'])
  })

  it('leaves no argument name to two parameters', () => {
    const mine = RestTool.parse({ ...list, parameters: [{ ...limit, argument: 'page' }] })
    const next = RestTool.parse({ ...list, parameters: [limit, { name: 'page', in: 'query' }] })
    const { after } = change(list, mine, next)
    expect(after.parameters.map(({ name, argument = name }) => argument)).toEqual(['page', 'page_2'])
  })

  it('has every parameter that a kept path names, and no other', () => {
    const mine = RestTool.parse({ ...get, path: '/animals/{id}' })
    const next = RestTool.parse({
      ...get,
      path: '/pets/{petId}/{part}',
      operation: { ...get.operation, id: 'get_pet', path: '/pets/{petId}/{part}' },
      parameters: ['petId', 'part'].map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    })
    const { after } = change(get, mine, next)
    expect(after.path).toBe('/animals/{id}')
    expect(after.parameters).toEqual(get.parameters)
  })

  it.each(['constructor', '__proto__', 'a.b', 'toString'])('has no trouble with a property called %s', (property) => {
    const schema = (type: string) => ({
      type: 'object',
      properties: JSON.parse(`{${JSON.stringify(property)}: {"type": "${type}"}}`) as object,
    })
    const of = (type: string) => RestTool.parse({ ...list, parameters: [{ ...limit, schema: schema(type) }] })
    const { after, fields } = change(of('string'), of('string'), of('number'))
    expect(fields).toHaveLength(1)
    expect(JSON.stringify(after.parameters[0]?.schema)).toBe(JSON.stringify(schema('number')))
  })
})

describe('bodies', () => {
  const field = (name: string, type = 'string') => ({ name, in: 'body' as const, schema: { type } })
  const post = (given: object) =>
    RestTool.parse({ ...imported({ name: 'create_pet', method: 'POST', path: '/pets' }), ...given })
  const body = { content_type: 'application/json', required: true }
  const flat = post({ body, parameters: [field('name')] })
  const whole = post({ body: { ...body, schema: { type: 'array' } } })

  it('are one value or are made of fields, never both', () => {
    expect(change(flat, flat, whole).after).toEqual(whole)
    expect(change(whole, whole, flat).after).toEqual(flat)
    const edited = post({ body, parameters: [{ ...field('name'), description: 'Mine.' }] })
    expect(change(flat, edited, whole).after).toEqual(whole)
  })

  it('stay as they were made by hand in another form', () => {
    const next = post({ body, parameters: [field('name'), field('age')] })
    const { after, fields } = change(flat, whole, next)
    expect(after).toEqual(whole)
    expect(fields).toMatchObject([{ path: 'body', kept: true }])
  })

  it('are merged field by field in the same form', () => {
    const mine = post({ body, parameters: [{ ...field('name'), description: 'Mine.' }] })
    const next = post({
      body: { ...body, content_type: 'multipart/form-data' },
      parameters: [field('name', 'number'), field('age')],
    })
    const { after } = change(flat, mine, next)
    expect(after).toEqual({
      ...next,
      parameters: [{ ...next.parameters[0], description: 'Mine.' }, next.parameters[1]],
    })
  })
})

describe('definitions', () => {
  const refers = (name: string) => ({ ...limit, schema: { $ref: `#/$defs/${name}` } })
  const defs = { Old: { type: 'string' }, Deep: { $ref: '#/$defs/Old' } }
  const base = RestTool.parse({ ...list, parameters: [refers('Deep')], $defs: defs })

  it('change with the document', () => {
    const next = RestTool.parse({ ...base, $defs: { ...defs, Old: { type: 'number' } } })
    const { after, fields } = change(base, base, next)
    expect(fields).toEqual([{ path: '$defs.Old.type', before: '"string"', after: '"number"', kept: false }])
    expect(after).toEqual(next)
  })

  it('stay as long as something kept refers to them, and no longer', () => {
    const mine = RestTool.parse({
      ...base,
      parameters: [{ ...refers('Deep'), schema: { $ref: '#/$defs/Deep', maxLength: 3 } }],
    })
    const next = RestTool.parse({ ...list, parameters: [{ ...limit, schema: { type: 'boolean' } }] })
    const { after, fields } = change(base, mine, next)
    // `$ref` was not edited: the document has it no more.
    expect(after.parameters[0]?.schema).toEqual({ type: 'boolean', maxLength: 3 })
    expect(after.$defs).toBeUndefined()
    expect(fields.every(({ kept }) => !kept)).toBe(true)
    const own = RestTool.parse({ ...base, parameters: [{ ...limit, schema: { anyOf: [{ $ref: '#/$defs/Deep' }] } }] })
    const kept = change(base, own, RestTool.parse({ ...next, description: 'New.' }))
    expect(kept.after.$defs).toEqual(defs)
    expect(kept.fields.filter(({ path }) => path.startsWith('$defs')).every((field) => field.kept)).toBe(true)
  })
})

describe('without a former document', () => {
  it('takes every difference for a change, but for what no document says', () => {
    const mine = RestTool.parse({
      ...list,
      name: 'pets',
      projection: '$.items',
      description: 'Old.',
      parameters: [{ ...limit, argument: 'count', constant: 3 }],
    })
    const { after, fields } = change(null, mine, list)
    expect(fields).toMatchObject([{ path: 'description', kept: false }])
    expect(after).toEqual({ ...mine, description: 'Lists pets.' })
    expect(diff({ base: null, mine: [mine], next: [list, get] }).available.map(({ name }) => name)).toEqual(['get_pet'])
  })
})

describe('taking it over', () => {
  const own = restTool({ name: 'own', path: '/own' })
  const create = imported({ name: 'create_pet', method: 'POST', path: '/pets' })
  const newer = RestTool.parse({ ...list, description: 'All pets.' })
  const sides = { base: [list, get], mine: [{ ...list, name: 'pets' }, own, get], next: [newer, create].map(previewed) }
  const nothing = { add: [], change: [], remove: [] }

  it('changes what was chosen, in its place, and nothing else', () => {
    const tools = applyImport(sides, { add: ['create_pet'], change: ['pets'], remove: ['get_pet'] })
    expect(tools).toEqual([{ ...newer, name: 'pets' }, own, create])
    expect(applyImport(sides, nothing)).toEqual(sides.mine)
  })

  it('remembers where an operation is now, although its change was not taken', () => {
    const moved = imported({ ...list, name: 'list_pets', path: '/v2/pets' })
    const [pets] = applyImport({ ...sides, next: [previewed(moved)] }, nothing)
    expect(pets).toEqual({ ...list, name: 'pets', operation: moved.operation })
  })

  it('refuses names that are in none of the lists', () => {
    const choice = { add: ['list_pets'], change: ['own'], remove: ['pets'] }
    expect(() => applyImport(sides, choice)).toThrow(AppError)
    try {
      applyImport(sides, choice)
    } catch (error) {
      expect(error).toMatchObject({
        code: 'invalid_input',
        details: [{ path: 'add.0' }, { path: 'change.0' }, { path: 'remove.0' }],
      })
    }
  })
})
