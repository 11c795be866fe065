import { describe, expect, it } from 'vitest'
import { maskArguments, maskText, maskValue } from '../../../src/main/clients/masking.ts'

describe('maskValue', () => {
  it.each([
    ['GITHUB_TOKEN', 'abc', '••••'],
    ['Authorization', 'Bearer abc', 'Bearer ••••'],
    ['Authorization', 'Basic dXNlcjpwYXNz', 'Basic ••••'],
    ['DATABASE_URL', 'postgres://me:pa55@db.example/x', '••••'],
    ['MODE', 'production', 'production'],
    ['MODE', 'sk-live-abcdefgh', '••••'],
    ['TOKEN', '', ''],
  ])('%s=%s is shown as %s', (name, value, shown) => {
    expect(maskValue(name, value)).toBe(shown)
  })
})

describe('maskText', () => {
  it.each([
    ['https://api.example.com/mcp?api_key=abc123&region=eu', 'https://api.example.com/mcp?api_key=••••&region=eu'],
    ['https://me:secret@api.example.com/mcp', 'https://me:••••@api.example.com/mcp'],
    ['https://hooks.example.com/s/9f8e7d6c5b4a39281706f5e4/sse', 'https://hooks.example.com/s/••••/sse'],
    ['--api-key=abc', '--api-key=••••'],
    ['X-Api-Key: abc', 'X-Api-Key: ••••'],
    ['Authorization: Bearer abc', 'Authorization: Bearer ••••'],
    ['// old one: ghp_abcdefghijklmnop', '// old one: ••••'],
    ['id 0b9f2c1e-1111-2222-3333-444455556666', 'id ••••'],
  ])('hides the secret of %s', (text, shown) => {
    expect(maskText(text)).toBe(shown)
  })

  it.each([
    '@modelcontextprotocol/server-everything',
    '/home/me/projects/notes',
    'https://example.com/mcp',
    '--port=80',
  ])('leaves %s', (text) => {
    expect(maskText(text)).toBe(text)
  })
})

it('maskArguments hides the value after a flag that is named like a secret', () => {
  expect(maskArguments(['-y', 'server', '--token', 'abc', '--port', '80'])).toEqual([
    '-y',
    'server',
    '--token',
    '••••',
    '--port',
    '80',
  ])
})
