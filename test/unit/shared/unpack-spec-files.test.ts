import { gzipSync } from 'node:zlib'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { specFileSet, unpackSpecFiles } from '../../../src/shared/unpack-spec-files.ts'

const SPEC = '{"openapi":"3.1.0","paths":{}}'
const zip = (files: Record<string, string | Uint8Array>) =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([path, content]) => [path, typeof content === 'string' ? strToU8(content) : content]),
    ),
  )

describe('a zip archive', () => {
  it('is its texts by path, and the document among them', () => {
    const set = unpackSpecFiles(
      zip({
        'repo/README.md': '# API',
        'repo/logo.png': new Uint8Array(100),
        'repo/package.json': '{"openapi-tool":"1","swagger-ui":"2"}',
        'repo/spec/api.yaml': 'openapi: 3.1.0\n',
        'repo/spec/parts/Pet.json': '{"properties":{"openapi":{"type":"string"}}}',
        'repo/.github/ci.yaml': 'on: push',
        '__MACOSX/repo/spec/._api.yaml': 'openapi: 3.1.0\n',
      }),
    )
    expect(set).toEqual({
      main: 'repo/spec/api.yaml',
      text: 'openapi: 3.1.0\n',
      candidates: ['repo/spec/api.yaml'],
      files: {
        'repo/package.json': '{"openapi-tool":"1","swagger-ui":"2"}',
        'repo/spec/api.yaml': 'openapi: 3.1.0\n',
        'repo/spec/parts/Pet.json': '{"properties":{"openapi":{"type":"string"}}}',
      },
    })
  })

  it('keeps nothing whose path leads outside', () => {
    const files = {
      'a.json': SPEC,
      '../b.json': '{}',
      '/etc/c.json': '{}',
      'C:\\d.json': '{}',
      '..\\e.json': '{}',
      'x/../f.json': '{}',
    }
    expect(Object.keys(unpackSpecFiles(zip(files)).files).sort()).toEqual(['a.json', 'f.json'])
  })

  it('may have a file called __proto__', () => {
    const { files } = unpackSpecFiles(zip({ 'a.json': SPEC, '__proto__/x.json': '{"polluted":1}' }))
    expect(Object.keys(files)).toContain('__proto__/x.json')
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  it.each([
    [
      'too many files',
      () => zip(Object.fromEntries(Array.from({ length: 2001 }, (_, index) => [`${index}.json`, '{}']))),
      /2000 files/,
    ],
    ['too many bytes', () => zip({ 'a.json': SPEC, 'b.json': new Uint8Array(33 * 1024 * 1024) }), /32 MiB/],
    ['no document in it', () => zip({ 'a.json': '{}' }), /None of these files/],
    ['its end cut off', () => zip({ 'a.json': SPEC }).slice(0, 60), /damaged/],
  ])('is refused with %s', (_name, bytes, sentence) => {
    expect(() => unpackSpecFiles(bytes())).toThrow(sentence)
  })

  it('is not believed when it says that its files are small', () => {
    const bytes = zip({ 'a.json': SPEC, 'b.json': new Uint8Array(8 * 1024 * 1024) })
    const size = new Uint8Array(new Uint32Array([8 * 1024 * 1024]).buffer)
    for (let at = 0; at < bytes.length - 4; at++) {
      if (size.every((byte, index) => bytes[at + index] === byte)) bytes.set([10, 0, 0, 0], at)
    }
    let text: string | undefined
    try {
      text = unpackSpecFiles(bytes).files['b.json']
    } catch (error) {
      expect(String(error)).toMatch(/damaged/)
    }
    expect((text ?? '').length).toBeLessThanOrEqual(10)
  })
})

describe('gzip', () => {
  it('is unpacked, and its name without the end', () => {
    expect(unpackSpecFiles(gzipSync(SPEC), 'api.json.gz')).toMatchObject({ main: 'api.json', text: SPEC })
  })

  it('is stopped when it unpacks to more than is read', () => {
    expect(() => unpackSpecFiles(gzipSync(new Uint8Array(36 * 1024 * 1024)))).toThrow(/32 MiB/)
  })

  it('may be damaged', () => {
    expect(() => unpackSpecFiles(new Uint8Array([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))).toThrow(/damaged/)
  })
})

it('takes plain text as it is, without its byte order mark', () => {
  expect(unpackSpecFiles(strToU8(`\uFEFF${SPEC}`), 'a/b.json')).toMatchObject({
    main: 'a/b.json',
    text: SPEC,
    files: { 'a/b.json': SPEC },
  })
})

it('puts the likeliest document first', () => {
  const { main, candidates } = specFileSet({
    'v2/openapi.yaml': 'openapi: 3.0.0',
    'zoo.yaml': 'swagger: "2.0"',
    'api.yaml': '"openapi": 3.1.0',
    'x.yaml': 'a:\n  openapi: 1',
  })
  expect(main).toBe('api.yaml')
  expect(candidates).toEqual(['api.yaml', 'zoo.yaml', 'v2/openapi.yaml'])
})
