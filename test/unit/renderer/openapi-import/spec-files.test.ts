import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import {
  documentsAmong,
  readSpecTexts,
  specOf,
  textOfBytes,
} from '../../../../src/renderer/features/openapi-import/spec-files.ts'
import { unzipDocuments } from '../../../../src/shared/unzip-documents.ts'

const file = (path: string, content: string | Uint8Array<ArrayBuffer>) => ({
  path,
  file: new File([content], path.split('/').at(-1) ?? path),
})

describe('files that were dropped', () => {
  it('are a document and what stands beside it, in their places', async () => {
    const texts = await readSpecTexts([
      file('spec/swagger.json', '{"swagger":"2.0"}'),
      file('common/Error.json', '{"type":"object"}'),
      file('README.md', '# openapi: no'),
    ])
    const [root, ...others] = documentsAmong(texts)
    expect(others).toEqual([])
    expect(root && specOf(root, texts)).toEqual({
      name: 'swagger.json',
      text: '{"swagger":"2.0"}',
      files: { 'spec/swagger.json': '{"swagger":"2.0"}', 'common/Error.json': '{"type":"object"}' },
    })
  })

  it('have to be some, and readable', async () => {
    await expect(readSpecTexts([])).rejects.toThrow('There is no file')
    await expect(readSpecTexts([file('a.png', 'x'), file('b.png', 'y')])).rejects.toThrow('no JSON or YAML file')
  })

  it('may be UTF-16, as their first bytes say', () => {
    expect(textOfBytes(new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]))).toBe('{}')
    expect(textOfBytes(strToU8('{"é":1}'))).toBe('{"é":1}')
  })
})

describe('an archive', () => {
  it('is unpacked without what is no document', async () => {
    const bytes = zipSync({
      'api/openapi.yaml': strToU8('openapi: 3.1.0'),
      'api/logo.png': strToU8('x'),
      '__MACOSX/api/openapi.yaml': strToU8('x'),
    })
    const texts = await readSpecTexts([file('api.zip', new Uint8Array(bytes))])
    expect(texts).toEqual([{ path: 'api/openapi.yaml', text: 'openapi: 3.1.0' }])
  })

  it('that would grow without end is refused', () => {
    const bomb = zipSync({ 'a.json': new Uint8Array(20 << 20), 'b.json': new Uint8Array(20 << 20) })
    expect(bomb.length).toBeLessThan(100_000)
    expect(() => unzipDocuments(bomb)).toThrow('more than 32 MiB')
  })

  it('is refused where it says that it is small', () => {
    const bomb = zipSync({ 'a.json': new Uint8Array(33 << 20) })
    const view = new DataView(bomb.buffer)
    const list = view.getUint32(bomb.length - 6, true)
    for (const place of [22, list + 24]) view.setUint32(place, 5, true)
    expect(() => unzipDocuments(bomb)).toThrow('more than 32 MiB')
  })

  it('has the files that stand in it, not those that its list makes of the same bytes', () => {
    const archive = zipSync({ 'a.json': new Uint8Array(1 << 20) }, { level: 0 })
    const list = new DataView(archive.buffer).getUint32(archive.length - 6, true)
    const entry = archive.slice(list, archive.length - 22)
    new DataView(entry.buffer).setUint32(24, 5, true)
    const end = archive.slice(-22)
    for (const place of [8, 10]) new DataView(end.buffer).setUint16(place, 100, true)
    const parts = [archive.slice(0, list), ...Array.from({ length: 100 }, () => entry), end]
    const bytes = new Uint8Array(Buffer.concat(parts))
    expect(unzipDocuments(bytes).map((one) => one.bytes.length)).toEqual([1 << 20])
  })

  it('that ends too soon is refused', () => {
    const archive = zipSync({ 'a.json': strToU8('{"openapi":"3.1.0"}') }, { level: 0 })
    expect(() => unzipDocuments(archive.slice(0, 45))).toThrow('This is no zip archive, or it is damaged.')
  })

  it('that is none, or has nothing in it, says so', () => {
    expect(() => unzipDocuments(strToU8('not a zip'))).toThrow('This is no zip archive, or it is damaged.')
    expect(() => unzipDocuments(zipSync({ 'a.png': strToU8('x') }))).toThrow('no JSON or YAML file')
  })
})
