import { describe, expect, it } from 'vitest'
import { eraToTry, judgeDiscover } from '../../../src/main/upstream/negotiate.ts'

const judge = (kind: 'result' | 'error', value: unknown) => judgeDiscover({ kind, value, bytes: Buffer.alloc(0) })

describe('what an answer to server/discover says', () => {
  it('our version among the supported ones: modern', () => {
    const value = {
      supportedVersions: ['2027-01-01', '2026-07-28'],
      capabilities: { tools: {} },
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'a', version: '1', title: 'A' } },
    }
    expect(judge('result', value)).toEqual({
      kind: 'modern',
      opening: {
        era: 'modern',
        protocolVersion: '2026-07-28',
        capabilities: { tools: {} },
        serverInfo: { name: 'a', version: '1', title: 'A' },
        instructions: null,
      },
    })
  })

  it('no such method: legacy, in the same connection', () => {
    expect(judge('error', { code: -32601, message: 'Method not found' })).toEqual({ kind: 'legacy' })
  })

  it.each([
    ['another error', 'error', { code: -32602, message: 'Invalid params' }],
    ['an error of another library', 'error', { code: 0, message: '?' }],
    ['a result of something else', 'result', { content: [] }],
    ['only older versions', 'result', { supportedVersions: ['2025-11-25'], capabilities: {} }],
    ['an error that lists older versions', 'error', { code: -32022, data: { supported: ['2025-06-18'] } }],
    ['an error without a list', 'error', { code: -32022 }],
  ] as const)('%s: unclear', (_case, kind, value) => {
    expect(judge(kind, value)).toEqual({ kind: 'unclear' })
  })

  it('only versions that we do not know: failed, with their names', () => {
    const expected = 'The server speaks only MCP 2030-01-01, which Gatehouse does not know.'
    for (const [kind, value] of [
      ['error', { code: -32022, data: { supported: ['2030-01-01'] } }],
      ['result', { supportedVersions: ['2030-01-01'] }],
    ] as const) {
      expect(judge(kind, value)).toMatchObject({
        kind: 'failed',
        error: { code: 'upstream_invalid', message: expected },
      })
    }
  })
})

describe('which era is tried', () => {
  it('a setting counts, then what is known, then the probe', () => {
    expect(eraToTry('legacy', 'modern')).toBe('legacy')
    expect(eraToTry('auto', 'modern')).toBe('modern')
    expect(eraToTry('auto', undefined)).toBe('auto')
  })
})
