import { describe, expect, it } from 'vitest'
import { MAX_DOCUMENT_BYTES } from '../../../../src/shared/contract/words.ts'
import { AppError } from '../../../../src/main/base/app-error.ts'
import { readDocument, type SpecDocument } from '../../../../src/main/rest/openapi/reading/spec-document.ts'
import { corpus, corpusSpec } from '../../../helpers/openapi-corpus.ts'

const HEAD = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\n'

describe('documents of the corpus', () => {
  it.each(corpus.filter(({ expect: what }) => what !== 'error'))(
    '$id',
    { timeout: 60_000 },
    ({ id, version, notes }) => {
      const { text, files } = corpusSpec(id)
      const document = readDocument(text, files)
      expect(document.formatName).toBe(`${version === '2.0' ? 'Swagger' : 'OpenAPI'} ${version}`)
      expect(document.warnings).toEqual([])
      expect(document.files.size > 0, notes).toBe(notes.includes('outside'))
    },
  )

  it.each([
    ['sp-newer-version', /Swagger 3\.0.*no such version/],
    ['sp-not-swagger', /JSON Schema/],
    ['sp-old-version', /Swagger 1\.2/],
  ])('%s is refused', (id, sentence) => {
    expect(refusal(corpusSpec(id).text)).toMatchObject({
      code: 'invalid_input',
      message: matching(sentence),
    })
  })
})

describe('versions', () => {
  it.each([
    ['openapi: 3.0.3', 'openapi-3.0', 'OpenAPI 3.0.3'],
    ['openapi: 3.0', 'openapi-3.0', 'OpenAPI 3.0'],
    ['openapi: 3.1', 'openapi-3.1', 'OpenAPI 3.1'],
    ['openapi: "3.1.0-rc1"', 'openapi-3.1', 'OpenAPI 3.1.0-rc1'],
    ['openapi: 3.2.0', 'openapi-3.2', 'OpenAPI 3.2.0'],
    ['swagger: 2.0', 'swagger-2.0', 'Swagger 2.0'],
    ['swagger: "2.0"', 'swagger-2.0', 'Swagger 2.0'],
    ['{"swagger": 2, "paths": {}}', 'swagger-2.0', 'Swagger 2.0'],
    ['{"openapi": 3.1, "paths": {}}', 'openapi-3.1', 'OpenAPI 3.1'],
  ])('%s', (text, format, formatName) => {
    expect(readDocument(text)).toMatchObject({ format, formatName })
  })

  it.each([
    ['openapi: 4.0.0', /OpenAPI 4\.0\.0.*newer/],
    ['openapi: 3.3.0', /OpenAPI 3\.3\.0.*newer/],
    ['openapi: 3.10.0', /OpenAPI 3\.10\.0.*newer/],
    ['openapi: 2.0', /OpenAPI 2.*no such version/],
    ['openapi: {a: 1}', /"openapi" is no version/],
    ['swagger: latest', /"swagger" is no version/],
    ['swaggerVersion: "1.2"\napis: []', /Swagger 1\.2/],
    ['info: {title: T}\npaths: {}', /no field "openapi" or "swagger"/],
  ])('refuses %s', (text, sentence) => {
    expect(refusal(text).message).toMatch(sentence)
  })
})

describe('what is passed over', () => {
  it.each([
    ['a byte order mark', '\uFEFF{"openapi": "3.1.0"}'],
    ['a byte order mark before YAML', `\uFEFF${HEAD}`],
    ['comments in JSON', '{\n // one\n "openapi": "3.1.0", /* two */ "paths": {}\n}'],
    ['trailing commas', '{"openapi": "3.1.0", "paths": {"/a": {},},}'],
    ['YAML in braces', '{openapi: 3.1.0, paths: {}}'],
    ['a document start and an empty end', '---\nopenapi: 3.1.0\n...\n---\n# nothing\n'],
    ['a directive', '%YAML 1.1\n---\nopenapi: 3.1.0\n'],
    ['line ends of Windows', HEAD.replaceAll('\n', '\r\n')],
  ])('%s', (_name, text) => {
    expect(readDocument(text)).toMatchObject({ format: 'openapi-3.1', warnings: [] })
  })

  it('takes merge keys, and one anchor for more operations than the parser would', () => {
    const paths = Array.from({ length: 500 }, (_, index) => `  /p${index}: {<<: *common, summary: ${index}}\n`).join('')
    const { root, warnings } = readDocument(
      `x-common: &common {responses: {200: &ok {description: ok}}}\n${HEAD}paths:\n${paths}`,
    )
    expect(root.paths).toMatchObject({ '/p499': { summary: 499, responses: { 200: { description: 'ok' } } } })
    expect(warnings).toEqual([])
  })

  it('reads tags as nothing but text', () => {
    const { root } = readDocument(
      `${HEAD}x-a: !!binary aGk=\nx-b: !Include other.yaml\nx-c: !!js/function "x"\nx-d: yes\nx-e: 2020-01-01`,
    )
    expect(root).toMatchObject({ 'x-a': 'aGk=', 'x-b': 'other.yaml', 'x-c': 'x', 'x-d': 'yes', 'x-e': '2020-01-01' })
  })
})

describe('double keys', () => {
  it.each([
    [
      'JSON',
      '{\n  "openapi": "3.1.0",\n  "paths": {\n    "/a": {"get": {}},\n    "/a": {"post": {}}\n  }\n}',
      'Line 5, column 5',
    ],
    ['YAML', `${HEAD}paths:\n  /a: {get: {}}\n  /a: {post: {}}\n`, 'Line 5, column 3'],
  ])('are told of in %s, and the last counts', (_name, text, place) => {
    const { root, warnings } = readDocument(text)
    expect(root.paths).toEqual({ '/a': { post: {} } })
    expect(warnings).toEqual([
      {
        message: `${place}: the key "/a" stands here for the second time. The last one counts.`,
        pointer: '',
        operation: null,
      },
    ])
  })

  it('does not take the same name in two places, or escaped quotes, for a double', () => {
    const text = JSON.stringify({ openapi: '3.1.0', a: { a: { a: 'a": "a' } }, '\\"': [{ a: 1 }, { a: '\\\\":' }] })
    expect(readDocument(text).warnings).toEqual([])
  })
})

describe('places', () => {
  it.each([
    ['truncated JSON', '{\n  "openapi": "3.1.0",\n  "paths": {\n    "/a": {', /^Line 4, column 12: the JSON ends here/],
    ['a truncated text in it', '{\n  "openapi": "3.1', /^Line 2, column 14: .*does not end/],
    ['a comma that is missing', '{\n  "openapi": "3.1.0"\n  "paths": {}\n}', /^Line 3, column 3: .*comma/],
    ['single quotes', '{"openapi": "3.1.0",\r\n"x": {\'a\': [}}', /^Line 2, column 7: .*double quotes/],
    ['something behind it', '{"openapi": "3.1.0"}\n{"a": 1}', /^Line 2, column 1: .*ended/],
    ['a tab in YAML', 'openapi: 3.1.0\npaths:\n\t/a: {}\n', /^Line 3, column 1: .*tab/],
    ['a tab behind spaces', 'openapi: 3.1.0\npaths:\n  /a:\n  \tget: {}\n', /^Line 4, column 3: .*tab/],
    ['bad indentation', 'openapi: 3.1.0\ninfo:\n    title: T\n  version: 1\n', /^Line 4, column 1: /],
    ['an open quote', `${HEAD}x: "abc\n`, /^Line 4, column 1: .*Missing closing/],
    ['a second document', `${HEAD}---\nopenapi: 3.0.0\n`, /^Line 3, column 1: a second YAML document/],
    ['an unknown alias', `${HEAD}x:\n  - *nothing\n`, /^Line 4, column 5: .*&nothing/],
    ['an alias of itself', `${HEAD}x: &me\n  y: *me\n`, /^Line 4, column 6: .*\*me/],
  ])('%s', (_name, text, message) => {
    expect(refusal(text)).toMatchObject({ code: 'invalid_input', message: matching(message) })
  })

  it('finds the fault at the end of a large JSON text', () => {
    const { text } = corpusSpec('kubernetes-1.10')
    expect(refusal(text.slice(0, 3_000_000)).message).toMatch(/^Line \d+, column \d+: /)
  })

  it('names a bomb of aliases, written as lists or as merges', () => {
    const lists = 'abcdefghi'
      .split('')
      .map(
        (name, index, all) =>
          `${name}: &${name} [${index === 0 ? 'lol' : ''}${`*${all[index - 1] ?? ''},`.repeat(index === 0 ? 0 : 9)}]`,
      )
    expect(refusal(`${HEAD}${lists.join('\n')}`).message).toMatch(
      /^Line \d+, column \d+: the aliases .* repeat more than/,
    )
  })

  it.each([
    ['JSON', `{"openapi":"3.1.0","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['JSON in objects', `{"openapi":"3.1.0","x":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`],
    ['YAML', `${HEAD}x: ${'['.repeat(100_000)}`],
    ['YAML that the parser can take', `${HEAD}x: ${'['.repeat(500)}${']'.repeat(500)}`],
    [
      'YAML by aliases',
      `${HEAD}${Array.from({ length: 30 }, (_, n) => `x${n}: &a${n} ${'['.repeat(20)}${n === 0 ? '' : `*a${n - 1}`}${']'.repeat(20)}\n`).join('')}`,
    ],
  ])('names %s that nests without end', (_name, text) => {
    expect(refusal(text).message).toMatch(/nests deeper/)
  })
})

describe('limits', () => {
  it('counts the document once, and all files together', () => {
    const text = `{"openapi":"3.1.0","x":"${'é'.repeat(MAX_DOCUMENT_BYTES / 4)}"}`
    expect(readDocument(text, { 'a.json': text }).path).toBe('a.json')
    expect(refusal(text, { 'b.json': text.slice(1) })).toMatchObject({
      code: 'too_large',
      message: matching(/32 MiB/),
    })
    expect(refusal(text + text)).toMatchObject({ code: 'too_large', details: [{ path: 'spec' }] })
  })

  it('takes 20,000 operations and no more', () => {
    const paths = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`/${index}`, { get: {}, parameters: [] }]))
    expect(readDocument(JSON.stringify({ openapi: '3.1.0', paths: paths(20_000) })).format).toBe('openapi-3.1')
    expect(refusal(JSON.stringify({ openapi: '3.1.0', paths: paths(20_001) })).message).toMatch(/20,001 operations/)
  })
})

describe('names that would pollute', () => {
  it.each([
    [
      'JSON',
      '{"openapi":"3.1.0","paths":{"__proto__":{"polluted":true},"/a":{"constructor":{"prototype":{"polluted":1}}}}}',
    ],
    ['YAML', `${HEAD}paths:\n  __proto__: {polluted: true}\n  /a: {constructor: {prototype: {polluted: 1}}}\n`],
    [
      'a merge',
      `${HEAD}x: &x {__proto__: {polluted: true}}\npaths: {<<: *x, /a: {constructor: {prototype: {polluted: 1}}}}\n`,
    ],
  ])('in %s', (_name, text) => {
    const { root, warnings } = readDocument(text)
    const paths = root.paths as Record<string, unknown>
    expect(Object.keys(paths)).toEqual(['/a'])
    expect(paths['/a']).toEqual({ constructor: { prototype: { polluted: 1 } } })
    expect(Object.getPrototypeOf(paths)).toBe(Object.prototype)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(warnings.some(({ message }) => message.includes('__proto__'))).toBe(true)
  })

  it('leaves numbers out that JSON does not have', () => {
    const { root, warnings } = readDocument(`${HEAD}x: {maximum: .inf, minimum: 1, list: [.nan, 2]}\n`)
    expect(root.x).toEqual({ minimum: 1, list: [null, 2] })
    expect(warnings.map(({ message }) => message.split(':')[0])).toEqual(['/x/maximum', '/x/list/0'])
  })
})

it('says where a character was lost', () => {
  expect(readDocument(`${HEAD}x: caf\uFFFD\n`).warnings).toMatchObject([
    { message: matching(/^Line 3, column 7: .*UTF-8/) },
  ])
})

/** `expect.stringMatching` is of type any. */
function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}

function refusal(text: string, files?: Record<string, string>): AppError {
  let document: SpecDocument
  try {
    document = readDocument(text, files)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error(`It was read as ${document.formatName}.`)
}
