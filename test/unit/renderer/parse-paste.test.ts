import { describe, expect, it } from 'vitest'
import { parsePaste } from '../../../src/renderer/features/add/parse-paste.ts'
import type { PastedServer } from '../../../src/renderer/features/add/paste.ts'

function all(text: string, taken: string[] = []): PastedServer[] {
  const paste = parsePaste(text, new Set(taken))
  if (paste.kind !== 'servers') throw new Error(`not servers: ${JSON.stringify(paste)}`)
  return paste.servers
}

function one(text: string, taken: string[] = []): PastedServer {
  const [server, ...more] = all(text, taken)
  if (!server || more.length > 0) throw new Error('not exactly one server')
  return server
}

function refusal(text: string): string {
  const paste = parsePaste(text, new Set())
  return paste.kind === 'unreadable' ? paste.message : `read as ${paste.kind}`
}

describe('a URL', () => {
  it('proposes HTTP and a name from the host', () => {
    expect(one('  https://api.example.com/mcp ')).toMatchObject({
      transport: 'http',
      server_url: 'https://api.example.com/mcp',
      name: 'example',
      display_name: 'Example',
      auth_type: 'none',
      notes: [],
    })
  })

  it.each([
    ['https://mcp.linear.app/mcp', 'linear'],
    ['https://github.com/mcp', 'github'],
    ['https://api.githubcopilot.com/mcp/', 'githubcopilot'],
    ['http://localhost:3000/mcp', 'local-3000'],
    ['http://127.0.0.1:8080/notes/mcp', 'notes'],
    ['http://[::1]:9000/', 'local-9000'],
  ])('%s is named %s', (url, name) => {
    expect(one(url).name).toBe(name)
  })

  it('may come without its scheme', () => {
    expect(one('api.example.com/mcp').server_url).toBe('https://api.example.com/mcp')
    expect(one('localhost:3000/mcp').server_url).toBe('http://localhost:3000/mcp')
  })

  it('gives up the credentials in it: a URL is stored in the clear', () => {
    const server = one('https://ann:pa%40ss@api.example.com/mcp')
    expect(server.server_url).toBe('https://api.example.com/mcp')
    expect(server).toMatchObject({ auth_type: 'bearer', auth_header_prefix: 'Basic', token: btoa('ann:pa@ss') })
  })

  it('says that a secret in the query stays in the clear', () => {
    expect(one('https://api.example.com/mcp?api_key=abc').notes.join()).toContain('stored in the clear')
  })

  it.each([
    ['https://api.example.com/mcp', 'http'],
    ['https://api.example.com/MCP/', 'http'],
    ['https://api.example.com/mcp?team=1', 'http'],
    ['https://api.example.com/s/mcp/abc', 'http'],
    ['https://api.example.com/mcp/sse', 'sse'],
    ['https://mcp.example.com/sse/', 'sse'],
    ['https://mcp.example.com/', 'sse'],
    ['localhost:3000/', 'sse'],
  ])('%s proposes %s', (url, transport) => {
    expect(one(url)).toMatchObject({ transport, notes: [] })
  })
})

describe('a command line', () => {
  it('splits program and arguments', () => {
    expect(one('npx -y @modelcontextprotocol/server-everything')).toMatchObject({
      transport: 'stdio',
      command: 'npx',
      args: ['-y', '@modelcontextprotocol/server-everything'],
      env: [],
      name: 'everything',
      display_name: 'Everything',
    })
  })

  it('keeps what quotes hold together, empty strings included', () => {
    expect(one(`uvx mcp-server-git --repository "/home/ann/my repo" --note '' --say 'it "works"'`).args).toEqual([
      'mcp-server-git',
      '--repository',
      '/home/ann/my repo',
      '--note',
      '',
      '--say',
      'it "works"',
    ])
  })

  it('keeps the backslashes of Windows paths', () => {
    expect(one(String.raw`"C:\Program Files\nodejs\node.exe" C:\tools\notes-mcp\index.js`)).toMatchObject({
      command: String.raw`C:\Program Files\nodejs\node.exe`,
      args: [String.raw`C:\tools\notes-mcp\index.js`],
      name: 'notes',
    })
  })

  it('takes assignments before the command as environment, secret ones apart', () => {
    expect(one(`GITHUB_TOKEN=ghp_abc LOG_LEVEL="very verbose" npx -y @acme/mcp-server-github`)).toMatchObject({
      command: 'npx',
      env: [
        { name: 'GITHUB_TOKEN', value: 'ghp_abc', secret: true },
        { name: 'LOG_LEVEL', value: 'very verbose', secret: false },
      ],
      name: 'github',
    })
  })

  it('takes assignments after env and export too', () => {
    expect(one('env A=1 B=2 server').env).toHaveLength(2)
    expect(one('export API_KEY=k && node server.js')).toMatchObject({ command: 'node', args: ['server.js'] })
  })

  it('leaves an argument that only looks like an assignment alone', () => {
    expect(one('docker run -i --rm -e MODE=fast mcp/fetch')).toMatchObject({
      env: [],
      args: ['run', '-i', '--rm', '-e', 'MODE=fast', 'mcp/fetch'],
      name: 'fetch',
    })
  })

  it('drops a prompt and joins continued lines', () => {
    expect(one('$ npx -y \\\n  some-mcp \\\n  --port 1').args).toEqual(['-y', 'some-mcp', '--port', '1'])
  })

  it.each([
    ['uvx mcp-server-fetch', 'fetch'],
    ['npx -y figma-developer-mcp@1.2.3 --stdio', 'figma-developer'],
    ['npx @playwright/mcp@latest', 'playwright'],
    ['uvx --from git+https://github.com/oraios/serena serena start-mcp-server', 'serena'],
    ['python -m weather_server', 'weather'],
    ['node /srv/notes/dist/index.js', 'notes'],
    ['java -jar target/jira-mcp.jar', 'jira'],
    ['docker run -i --rm -e TOKEN ghcr.io/github/github-mcp-server', 'github'],
    ['/usr/local/bin/mcp-grafana', 'grafana'],
    ['cmd /c npx -y thing', 'cmd'],
  ])('%s is named %s', (line, name) => {
    expect(one(line).name).toBe(name)
  })

  it('warns of a secret in the arguments, and of shell syntax that does nothing', () => {
    expect(one('srv --api-key sk-123').notes.join()).toContain('An argument looks like a secret')
    expect(one('srv --token=abc').notes.join()).toContain('An argument looks like a secret')
    expect(one('srv --token-path /etc/t | tee log').notes.join()).toContain('without a shell')
    expect(one('srv --verbose').notes).toEqual([])
  })

  it('goes to the address itself where mcp-remote would', () => {
    expect(one('npx -y mcp-remote https://mcp.acme.dev/mcp --header "Authorization: Bearer abc"')).toMatchObject({
      transport: 'http',
      server_url: 'https://mcp.acme.dev/mcp',
      token: 'abc',
      auth_type: 'bearer',
    })
  })

  it.each([
    ['npx mcp-remote https://mcp.acme.dev/sse', 'sse'],
    ['npx mcp-remote https://mcp.acme.dev/ --transport sse-only', 'sse'],
    ['npx mcp-remote https://mcp.acme.dev/', 'http'],
    ['claude mcp add --transport sse asana https://mcp.asana.com/', 'sse'],
    ['claude mcp add asana https://mcp.asana.com/ -t http', 'http'],
    ['gemini mcp add asana https://mcp.asana.com/', 'http'],
  ])('%s: over %s', (line, transport) => {
    expect(one(line).transport).toBe(transport)
  })

  it('refuses what it would have to guess', () => {
    expect(refusal('npx "unclosed')).toContain('not closed')
    expect(refusal('npx one\nnpx two')).toContain('one command at a time')
    expect(refusal('A=1 B=2')).toContain('no command')
  })
})

describe('a command for another client', () => {
  it('claude mcp add, over HTTP with a header', () => {
    expect(
      one(
        'claude mcp add --transport http github https://api.githubcopilot.com/mcp/ --header "Authorization: Bearer ghp_x"',
      ),
    ).toMatchObject({ name: 'github', server_url: 'https://api.githubcopilot.com/mcp/', token: 'ghp_x' })
  })

  it('claude mcp add, a command after --', () => {
    expect(
      one('claude mcp add -s user airtable -e AIRTABLE_API_KEY=k1 -- npx -y airtable-mcp-server --flag'),
    ).toMatchObject({
      name: 'airtable',
      command: 'npx',
      args: ['-y', 'airtable-mcp-server', '--flag'],
      env: [{ name: 'AIRTABLE_API_KEY', value: 'k1', secret: true }],
    })
  })

  it('claude mcp add, a command without --', () => {
    expect(one('claude mcp add notes node server.js -v')).toMatchObject({
      name: 'notes',
      command: 'node',
      args: ['server.js', '-v'],
    })
  })

  it('claude mcp add-json', () => {
    expect(one(`claude mcp add-json w '{"type":"http","url":"https://w.dev/mcp"}'`)).toMatchObject({
      name: 'w',
      server_url: 'https://w.dev/mcp',
    })
  })

  it('codex mcp add and code --add-mcp', () => {
    expect(one('codex mcp add docs --url https://docs.dev/mcp').server_url).toBe('https://docs.dev/mcp')
    expect(one(`code --add-mcp '{"name":"fetch","command":"uvx","args":["mcp-server-fetch"]}'`)).toMatchObject({
      name: 'fetch',
      command: 'uvx',
    })
  })

  it('says what is missing', () => {
    expect(refusal('claude mcp add github')).toContain('a URL or a command is missing')
  })
})

describe('JSON', () => {
  it('offers every entry of mcpServers, with free names', () => {
    const servers = all(
      JSON.stringify({
        mcpServers: {
          github: { command: 'npx', args: ['-y', 'gh'], env: { GITHUB_PERSONAL_ACCESS_TOKEN: 'ghp_1', LOG: 'x' } },
          'My Docs': { url: 'https://docs.dev/mcp', headers: { Authorization: 'Token t1', 'X-Team': 'core' } },
          'my-docs': { type: 'sse', url: 'https://docs.dev/sse' },
        },
      }),
      ['github'],
    )
    expect(servers.map(({ name }) => name)).toEqual(['github-2', 'my-docs', 'my-docs-2'])
    expect(servers[0]?.env).toEqual([
      { name: 'GITHUB_PERSONAL_ACCESS_TOKEN', value: 'ghp_1', secret: true },
      { name: 'LOG', value: 'x', secret: false },
    ])
    expect(servers[1]).toMatchObject({
      display_name: 'My Docs',
      auth_type: 'bearer',
      auth_header_prefix: 'Token',
      token: 't1',
      headers: [{ name: 'X-Team', value: 'core', secret: false }],
    })
    expect(servers.map(({ transport }) => transport)).toEqual(['stdio', 'http', 'sse'])
  })

  it.each<[object, string]>([
    [{ type: 'sse', url: 'https://a.dev/mcp' }, 'sse'],
    [{ type: 'streamable-http', url: 'https://a.dev/sse' }, 'http'],
    [{ transport: 'sse', url: 'https://a.dev/' }, 'sse'],
    [{ httpUrl: 'https://a.dev/sse' }, 'http'],
    [{ url: 'https://a.dev/sse' }, 'sse'],
    [{ url: 'https://a.dev/' }, 'http'],
    [{ type: 'constructor', serverUrl: 'https://a.dev/' }, 'http'],
  ])('%j is spoken to over %s', (entry, transport) => {
    expect(one(JSON.stringify({ mcpServers: { a: entry } })).transport).toBe(transport)
  })

  it("reads VS Code's servers, with comments, trailing commas and inputs", () => {
    const text = `{
      // the inputs are asked for by VS Code
      "inputs": [{ "id": "key", "type": "promptString", "password": true }],
      "servers": {
        "perplexity": { "type": "stdio", "command": "npx", "args": ["-y", "server-perplexity"],
          "env": { "ASK": "\${input:key}", "URL": "https://a//b", }, },
        /* remote */ "gh": { "url": "https://gh.dev/mcp", "headers": { "Authorization": "Bearer \${input:key}" } },
      },
    }`
    const [perplexity, gh] = all(text)
    expect(perplexity?.env).toEqual([
      { name: 'ASK', value: '', secret: true },
      { name: 'URL', value: 'https://a//b', secret: false },
    ])
    expect(perplexity?.notes).toEqual(['Give a value to ASK.'])
    expect(gh).toMatchObject({ auth_type: 'bearer', token: '', notes: ['Enter the token.'] })
  })

  it('reads a single server object, a named fragment and a bare map', () => {
    expect(one('{"command":"uvx","args":["mcp-server-time"]}')).toMatchObject({ name: 'time', command: 'uvx' })
    expect(one('"notes": { "command": "node", "args": ["n.js"] },').name).toBe('notes')
    expect(all('{"a":{"url":"https://a.dev"},"b":{"command":"b"}}').map(({ name }) => name)).toEqual(['a', 'b'])
  })

  it('moves an API key header into Authentication and other secret headers into secret rows', () => {
    expect(
      one('{"url":"https://a.dev","headers":{"X-API-Key":"k","X-Other-Secret":"s","Accept-Language":"en"}}'),
    ).toMatchObject({
      auth_type: 'api_key',
      header_name: '',
      token: 'k',
      headers: [
        { name: 'X-Other-Secret', value: 's', secret: true },
        { name: 'Accept-Language', value: 'en', secret: false },
      ],
    })
    expect(one('{"url":"https://a.dev","headers":{"CONTEXT7_API_KEY":"YOUR_API_KEY"}}').headers).toEqual([
      { name: 'CONTEXT7_API_KEY', value: '', secret: true },
    ])
  })

  it('turns numbers and booleans of env into text', () => {
    expect(one('{"command":"s","env":{"PORT":8080,"DEBUG":true}}').env.map(({ value }) => value)).toEqual([
      '8080',
      'true',
    ])
  })

  it('says which entry is wrong, and where JSON breaks off', () => {
    expect(refusal('{"mcpServers":{"x":{"args":[]}}}')).toBe('"x" has neither "url" nor "command".')
    expect(refusal('{"mcpServers":{"x":{"command":"a","args":"b"}}}')).toContain('"x" is not a server: args')
    expect(refusal('{"mcpServers":{}}')).toContain('no servers')
    expect(refusal('{"mcpServers":{"a":')).toContain('not valid JSON')
    expect(refusal('{"url":"ftp://x"}')).toContain('Enter a full URL')
  })
})

describe('names', () => {
  it('are never taken or reserved, and stay slugs of at most 40 characters', () => {
    expect(one('https://github.com/mcp', ['github', 'github-2']).name).toBe('github-3')
    expect(one('https://slack.com/mcp', ['slack']).name).toBe('slack-2')
    expect(one('https://slack.com/mcp').name).toBe('slack')
    expect(one('https://gatehouse.dev/mcp').name).toBe('gatehouse-2')
    const long = one(`{"${'x'.repeat(60)}":{"url":"https://a.dev"}}`, ['x'.repeat(40)]).name
    expect(long).toBe(`${'x'.repeat(38)}-2`)
    expect(one('{"Ünïcode Ñame!":{"url":"https://a.dev"}}').name).toBe('unicode-name')
  })
})

it('is quiet about nothing', () => {
  expect(parsePaste('  \n ', new Set())).toEqual({ kind: 'empty' })
})
