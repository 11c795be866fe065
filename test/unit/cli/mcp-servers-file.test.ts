import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readMcpServersFile } from '../../../src/main/cli/mcp-servers-file.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-file-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function read(mcpServers: Record<string, unknown>) {
  const file = join(folder, 'servers.json')
  await writeFile(file, JSON.stringify({ mcpServers }))
  return await readMcpServersFile(file)
}

describe('readMcpServersFile', () => {
  it('reads a command', async () => {
    const [input] = await read({ files: { command: 'npx', args: ['-y', 'server', '/tmp'], cwd: '/srv' } })
    expect(input).toMatchObject({
      name: 'files',
      display_name: '',
      auth_type: 'none',
      mcp: { transport: 'stdio', command: 'npx', args: ['-y', 'server', '/tmp'], env: {}, cwd: '/srv', era: 'auto' },
    })
    expect(input).not.toHaveProperty('credentials')
  })

  it.each([{}, { type: 'http' }, { type: 'streamable-http' }])('reads a URL with %j', async (type) => {
    const [input] = await read({ remote: { url: 'https://x.example/mcp', ...type } })
    expect(input?.mcp).toMatchObject({ transport: 'http', server_url: 'https://x.example/mcp' })
  })

  it('reads a server of the first HTTP transport', async () => {
    const [input] = await read({ remote: { type: 'sse', url: 'https://x.example/sse' } })
    expect(input?.mcp).toMatchObject({ transport: 'sse', server_url: 'https://x.example/sse' })
  })

  it('takes everything as it stands: no placeholder is filled in', async () => {
    const [input] = await read({ one: { command: 'x', args: ['${HOME}'] } })
    expect(input?.mcp).toMatchObject({ args: ['${HOME}'] })
  })

  it('tells a bearer token from other secret headers', async () => {
    const headers = { Authorization: 'Bearer abc', 'X-API-Key': 'k', 'X-Team': 'blue' }
    const [bearer, basic] = await read({
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
  ])('makes a slug of %j', async (name, slug) => {
    const [input] = await read({ [name]: { command: 'x' } })
    expect(input).toMatchObject({ name: slug, display_name: name })
  })

  it('refuses a name without letters or digits', async () => {
    await expect(read({ '***': { command: 'x' } })).rejects.toThrow('"***"')
  })

  it('quotes nothing of a file that is not JSON: it holds tokens', async () => {
    const file = join(folder, 'broken.json')
    await writeFile(file, '{"mcpServers":{"a":{"env":{"TOKEN": canary-token}}}}')
    const failure = await readMcpServersFile(file).catch((error: unknown) => String(error))
    expect(failure).toMatch(/broken\.json can't be applied: it is not JSON: Unexpected token 'c'\.$/)
  })
})
