import { describe, expect, it } from 'vitest'
import { outsideFile, readDocument, resolveRef } from '../../../../src/main/rest/openapi/reading/spec-document.ts'
import { corpusSpec } from '../../../helpers/openapi-corpus.ts'

function documentOf(root: Record<string, unknown>, files: Record<string, string> = {}) {
  return readDocument(JSON.stringify({ openapi: '3.1.0', ...root }), files)
}

describe('references inside of a document', () => {
  const document = documentOf({
    paths: { '/a/{b}': { get: { id: 'slash' } }, '/c~d': { tilde: true }, '/é %': { wide: true } },
    components: {
      schemas: {
        List: { items: [{ at: 0 }, { at: 1 }] },
        Again: { $ref: '#/components/schemas/List', description: 'beside' },
        Narrowed: { $ref: '#/components/schemas/List', minItems: 1 },
        One: { $ref: '#/components/schemas/Two' },
        Two: { $ref: '#/components/schemas/One' },
        Anchored: { $anchor: 'here', type: 'string' },
        $ref: { odd: true },
      },
    },
  })

  it.each([
    ['#', ''],
    ['#/paths/~1a~1{b}/get', '/paths/~1a~1{b}/get'],
    ['#/paths/~1a~1%7Bb%7D/get', '/paths/~1a~1{b}/get'],
    ['#/paths/~1c~0d', '/paths/~1c~0d'],
    ['#/paths/~1%C3%A9%20%25', '/paths/~1é %'],
    ['#/components/schemas/List/items/1', '/components/schemas/List/items/1'],
    ['#/components/schemas/Again', '/components/schemas/List'],
    ['#/components/schemas/Narrowed', '/components/schemas/Narrowed'],
    ['#here', '/components/schemas/Anchored'],
    ['#/components/schemas/$ref', '/components/schemas/$ref'],
  ])('%s', (reference, pointer) => {
    expect(resolveRef(document, '', reference)).toMatchObject({ path: '', pointer })
  })

  it.each(
    [
      '#/components/schemas/Missing',
      '#/components/schemas/List/items/2',
      '#/components/schemas/List/items/01',
      '#/components/schemas/List/items/length',
      '#/components/schemas/constructor',
      '#/components/schemas/List/items/0/at/toString',
      '#nowhere',
      '#/components/schemas/One',
      '#/%',
      '',
    ].filter((reference) => reference !== ''),
  )('%s leads nowhere', (reference) => {
    expect(resolveRef(document, '', reference)).toBeUndefined()
    expect(outsideFile(document, '', reference)).toBeUndefined()
  })

  it('takes the address that the document has by its own account', () => {
    const own = documentOf({ openapi: '3.2.0', $self: 'https://api.example/openapi.json', a: { b: 1 } })
    expect(resolveRef(own, '', 'https://api.example/openapi.json#/a/b')).toMatchObject({ value: 1, path: '' })
  })
})

describe('references to files', () => {
  it('are relative to the file that they stand in, back to the document as well', () => {
    const { text, files } = corpusSpec('petstore-separate__spec__swagger')
    const document = readDocument(text, files)
    expect(document.path).toBe('spec/swagger.json')
    expect([...document.files.keys()].sort()).toEqual([
      'common/Error.json',
      'spec/NewPet.json',
      'spec/Pet.json',
      'spec/parameters.json',
    ])
    expect(resolveRef(document, 'spec/NewPet.json', 'Pet.json#/properties/name')).toMatchObject({
      value: { type: 'string' },
      path: 'spec/Pet.json',
      pointer: '/properties/name',
    })
    expect(resolveRef(document, 'spec/NewPet.json', '../spec/./swagger.json#/swagger')?.value).toBe('2.0')
    expect(resolveRef(document, document.path, '../common/Error.json')?.path).toBe('common/Error.json')
  })

  it('may be given by their path beside the document', () => {
    const document = documentOf(
      { a: { $ref: '../common/a%20b.json#/c' } },
      { '../common/a b.json': '{"c": 5}', 'x.json': '{' },
    )
    expect(resolveRef(document, '', '../common/a%20b.json#/c')).toEqual({
      value: 5,
      path: '../common/a b.json',
      pointer: '/c',
    })
    expect([...document.files.keys()]).toEqual(['../common/a b.json'])
  })

  it('may go in a circle', () => {
    const { text, files } = corpusSpec('circular-files__circular')
    const document = readDocument(text, files)
    expect(resolveRef(document, document.path, '#/definitions/parent')?.path).toBe('definitions/parent.yaml')
    expect(resolveRef(document, 'definitions/parent.yaml', 'child.yaml')?.value).toMatchObject({ title: 'child' })
    expect(resolveRef(document, document.path, '#/definitions/thing')).toBeUndefined()
  })

  it.each([
    'https://evil.example/x.json#/a',
    'file:///etc/passwd',
    '/etc/passwd',
    '../../../../etc/passwd',
    'HTTP://127.0.0.1/x.json',
    '//evil.example/x.json',
    'missing.json#/a',
  ])('%s is named and leads nowhere', (reference) => {
    const document = documentOf({ a: { $ref: reference } }, { 'etc/passwd': 'root', 'other.json': '{}' })
    expect(resolveRef(document, '', reference)).toBeUndefined()
    expect(outsideFile(document, '', reference)).toBe(reference.split('#')[0])
    expect(document.files.size).toBe(0)
  })

  it('count as not given where they can not be read, with a warning that has the place', () => {
    const files = { 'bad.yaml': 'a: 1\n\tb: 2\n', 'page.json': '<html></html>', 'good.yaml': 'c: {$ref: bad.yaml}' }
    const document = documentOf({ a: { $ref: 'good.yaml#/c' }, b: { $ref: 'page.json' } }, files)
    expect([...document.files.keys()]).toEqual(['good.yaml'])
    expect(document.warnings.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^bad\.yaml: Line 2, column 1: .*tab/),
        expect.stringMatching(/^page\.json: .*HTML/),
      ]),
    )
    expect(resolveRef(document, '', 'good.yaml#/c')).toBeUndefined()
  })

  it('are found where a discriminator names them', () => {
    const document = documentOf(
      { a: { discriminator: { propertyName: 'k', mapping: { cat: './cat.yaml' } } } },
      { 'cat.yaml': 'type: object' },
    )
    expect([...document.files.keys()]).toEqual(['cat.yaml'])
  })
})
