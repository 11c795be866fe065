import { describe, expect, it } from 'vitest'
import { integrationOfEntry } from '../../../src/main/clients/integration-of-entry.ts'
import type { PlaceholderStyle } from '../../../src/main/clients/placeholders.ts'
import { readServerEntry } from '../../../src/main/clients/server-entry.ts'

const place = { home: '/home/ada', env: { DEMO_TOKEN: 'canary-token', REGION: 'eu' }, platform: 'linux' as const }

function read(value: unknown, placeholders: PlaceholderStyle = 'none', untypedUrl: 'http' | 'sse' = 'http') {
  const read = readServerEntry(value, untypedUrl)
  return 'problem' in read ? read : integrationOfEntry('demo', read.entry, { place, placeholders })
}

const inputOf = (...given: Parameters<typeof read>) => {
  const made = read(...given)
  if ('problem' in made) throw new Error(made.problem)
  return made.input
}
const problemOf = (...given: Parameters<typeof read>) => {
  const made = read(...given)
  return 'problem' in made ? made.problem : undefined
}

describe('an entry of a client', () => {
  it.each([
    [{ url: 'https://x.example/mcp' }, 'http'],
    [{ url: 'https://x.example/sse' }, 'sse'],
    [{ type: 'sse', url: 'https://x.example/mcp' }, 'sse'],
    [{ type: 'http', url: 'https://x.example/sse' }, 'http'],
    [{ type: 'streamable-http', url: 'https://x.example/mcp' }, 'http'],
    [{ serverUrl: 'https://x.example/mcp' }, 'http'],
    [{ httpUrl: 'https://x.example/sse' }, 'http'],
  ])('%j is spoken to over %s', (entry, transport) => {
    expect(inputOf(entry).mcp).toMatchObject({ transport })
  })

  it('takes a URL without a type as its client does', () => {
    expect(inputOf({ url: 'https://x.example/mcp' }, 'none', 'sse').mcp).toMatchObject({ transport: 'sse' })
  })

  it('splits env into what is plain and what belongs to the vault', () => {
    const input = inputOf({ command: 'x', env: { MODE: 'a', PORT: 80, DEMO_TOKEN: 't', OTHER_TOKEN: '' } })
    expect(input.mcp).toMatchObject({ env: { MODE: 'a', PORT: '80', OTHER_TOKEN: '' } })
    expect(input.credentials).toEqual({ env: { DEMO_TOKEN: 't' } })
  })

  it('keeps a value from a variable that is named like a secret in the vault', () => {
    const input = inputOf({ command: 'x', env: { AUTH_VALUE: '${env:DEMO_TOKEN}', WHERE: '${env:REGION}' } }, 'editor')
    expect(input.credentials).toEqual({ env: { AUTH_VALUE: 'canary-token' } })
    expect(input.mcp).toMatchObject({ env: { WHERE: 'eu' } })
  })

  it.each([
    [{ command: 'x', args: ['--key', '${env:DEMO_TOKEN}'] }],
    [{ url: 'https://x.example/mcp?k=${env:DEMO_TOKEN}' }],
  ])('refuses a secret in the open: %j', (entry) => {
    const problem = problemOf(entry, 'editor')
    expect(problem).toContain('DEMO_TOKEN')
    expect(problem).not.toContain('canary-token')
  })

  it('names what it can not fill in', () => {
    expect(problemOf({ url: 'https://x.example', headers: { A: '${input:api-key}' } }, 'editor')).toMatch(
      /^It uses \$\{input:api-key\}, which Gatehouse can't fill in\. /,
    )
  })

  it('reads what Codex takes from the environment', () => {
    const url = 'https://x.example/mcp'
    expect(
      inputOf({ url, bearer_token_env_var: 'DEMO_TOKEN', env_http_headers: { 'X-Region': 'REGION' } }),
    ).toMatchObject({
      auth_type: 'bearer',
      credentials: { api_token: 'canary-token' },
      mcp: { headers: { 'X-Region': 'eu' } },
    })
    expect(problemOf({ url, bearer_token_env_var: 'NOT_SET' })).toContain('NOT_SET')
    expect(inputOf({ command: 'x', env_vars: ['REGION', { name: 'DEMO_TOKEN' }] })).toMatchObject({
      mcp: { env: { REGION: 'eu' } },
      credentials: { env: { DEMO_TOKEN: 'canary-token' } },
    })
  })

  it.each([
    [{ command: 'x', enabled_tools: ['a'], disabled_tools: ['b'] }],
    [{ command: 'x', includeTools: ['a'], excludeTools: ['b'] }],
    [{ command: 'x', enabled_tools: ['a'], disabledTools: ['b'] }],
  ])('keeps the tool filter of %j', (entry) => {
    expect(inputOf(entry)).toMatchObject({ enabled_tools: ['a'], disabled_tools: ['b'] })
  })

  it('reads a command of three parts', () => {
    expect(inputOf({ command: { path: 'x', args: ['-a'], env: { B: 'c' } } }).mcp).toMatchObject({
      command: 'x',
      args: ['-a'],
      env: { B: 'c' },
    })
  })

  it.each([
    ['text', 'object'],
    [null, 'object'],
    [{}, 'neither a command nor a URL'],
    [{ type: 'ws', url: 'wss://x.example' }, 'the transport "ws"'],
    [{ command: 'x', args: 'y' }, 'args: '],
    [{ command: 'x', env: { A: {} } }, 'env.A: '],
    [{ url: 'unix:///run/x.sock' }, 'mcp.server_url: Enter a full URL'],
    [{ url: 'https://me:canary@x.example' }, 'Leave user name and password out of the URL'],
    [{ command: 'x', envFile: '.env' }, '.env'],
    [{ url: 'https://x.example', headers: { 'not a header': 'x' } }, 'header name'],
  ])('says what is wrong with %j', (entry, said) => {
    const problem = problemOf(entry)
    expect(problem).toContain(said)
    expect(problem).not.toContain('canary')
  })
})
