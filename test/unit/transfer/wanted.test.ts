import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../../src/main/transfer/document.ts'
import { readWanted } from '../../../src/main/transfer/wanted.ts'

function wanted(mcpServers: Record<string, unknown>) {
  return readWanted(parseDocument(JSON.stringify({ mcpServers }))).integrations
}

function read(mcpServers: Record<string, unknown>) {
  return wanted(mcpServers).map((one) => {
    if ('problem' in one) throw new Error(one.problem)
    return one.value.input
  })
}

describe('the servers of an MCP client', () => {
  it('reads a command', () => {
    const [input] = read({ files: { command: 'npx', args: ['-y', 'server', '/tmp'], cwd: '/srv' } })
    expect(input).toMatchObject({
      name: 'files',
      display_name: '',
      auth_type: 'none',
      mcp: {
        transport: 'stdio',
        command: 'npx',
        args: ['-y', 'server', '/tmp'],
        env: {},
        cwd: '/srv',
        era: 'auto',
        isolation: 'shared',
      },
    })
    expect(input).not.toHaveProperty('credentials')
  })

  it.each([{}, { type: 'http' }, { type: 'streamable-http' }])('reads a URL with %j', (type) => {
    const [input] = read({ remote: { url: 'https://x.example/mcp', ...type } })
    expect(input).toMatchObject({ mcp: { transport: 'http', server_url: 'https://x.example/mcp' } })
  })

  it('reads a server of the first HTTP transport', () => {
    const [input] = read({ remote: { type: 'sse', url: 'https://x.example/sse' } })
    expect(input).toMatchObject({ mcp: { transport: 'sse', server_url: 'https://x.example/sse' } })
  })

  it('takes everything as it stands: no placeholder is filled in', () => {
    const [input] = read({ one: { command: 'x', args: ['${HOME}'] } })
    expect(input).toMatchObject({ mcp: { args: ['${HOME}'] } })
  })

  it('tells a bearer token from other secret headers', () => {
    const headers = { Authorization: 'Bearer abc', 'X-API-Key': 'k', 'X-Team': 'blue' }
    const [bearer, basic] = read({
      bearer: { url: 'https://x.example', headers },
      basic: { url: 'https://x.example', headers: { authorization: 'Basic abc' } },
    })
    expect(bearer).toMatchObject({
      auth_type: 'bearer',
      credentials: { api_token: 'abc', headers: { 'X-API-Key': 'k' } },
      mcp: { headers: { 'X-Team': 'blue' } },
    })
    expect(basic).toMatchObject({ auth_type: 'none', credentials: { headers: { authorization: 'Basic abc' } } })
  })

  it.each([
    ['GitHub (work)', 'github-work'],
    ['my_server', 'my-server'],
    ['@scope/pkg', 'scope-pkg'],
    [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
  ])('makes a slug of %j', (name, slug) => {
    const [input] = read({ [name]: { command: 'x' } })
    expect(input).toMatchObject({ name: slug, display_name: name })
  })

  it.each([
    ['a name without letters or digits', { '***': { command: 'x' } }, /name: /],
    ['an entry that is none', { odd: 7 }, /not written as a server is/],
    ['a transport nobody knows', { odd: { type: 'pigeon', url: 'http://x.example' } }, /"pigeon"/],
    [
      'two names with one slug',
      { 'A b': { url: 'http://x.example' }, 'a-b': { url: 'http://y.example' } },
      /"A b" and "a-b"/,
    ],
  ])('says what is wrong with %s', (_what, servers, words) => {
    const problems = wanted(servers).map((one) => ('problem' in one ? one.problem : ''))
    expect(problems.join(' ')).toMatch(words)
  })
})

it.each(['{"mcpServers":{"a":{"env":{"TOKEN": "canary-token', 'TOKEN: canary-token: x: y', '[canary-token, &a *b'])(
  'a text that can not be read is not quoted, since it may hold tokens: %s',
  (text) => {
    expect(() => parseDocument(text)).toThrow(/line \d+, column \d+/)
    expect(() => parseDocument(text)).not.toThrow(/canary/)
  },
)
