import { describe, expect, it } from 'vitest'
import { ModernMeta } from '../../../src/main/upstream/modern-meta.ts'

const meta = new ModernMeta('2026-07-28', '{"name":"gatehouse","version":"1"}')
const ours = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'gatehouse', version: '1' },
}
const added = (params: string) => meta.addTo(Buffer.from(params)).toString()

describe('the _meta of a request to a modern server', () => {
  it('is put in where there is none', () => {
    expect(JSON.parse(added('{}'))).toEqual({ _meta: ours })
    expect(JSON.parse(added(' { "name" : "x" }'))).toEqual({ _meta: ours, name: 'x' })
  })

  it('is completed where it says something else', () => {
    expect(JSON.parse(added('{"name":"x","_meta":{"vendor":1}}'))).toEqual({ name: 'x', _meta: { vendor: 1, ...ours } })
    expect(JSON.parse(added('{"_meta":{ }}'))).toEqual({ _meta: ours })
  })

  it.each([
    '{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"},"n":12345678901234567890}',
    '{"_meta":null}',
    '{"_meta":[{}]}',
  ])('is left alone: %s', (params) => {
    expect(added(params)).toBe(params)
  })

  it('leaves every other byte as it was', () => {
    const rest = '"n":12345678901234567890 ,"s":"\\u00e9 \\"_meta\\":{}" }'
    expect(added(`{${rest}`)).toMatch(/^\{"_meta":\{.*\},/)
    expect(added(`{${rest}`).endsWith(rest)).toBe(true)
  })
})
