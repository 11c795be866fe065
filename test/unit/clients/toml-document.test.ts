import { describe, expect, it } from 'vitest'
import { withoutServers, withServer } from '../../../src/main/clients/config-document.ts'
import { readTomlDocument } from '../../../src/main/clients/toml-document.ts'

const fields = { url: 'http://127.0.0.1:7420/mcp', http_headers: { Authorization: 'Bearer t' } }
const key = 'mcp_servers'
const connect = (text: string) => withServer(readTomlDocument, readTomlDocument(text, key), key, 'gatehouse', fields)
const disconnect = (text: string, ...names: string[]) =>
  withoutServers(readTomlDocument, readTomlDocument(text, key), key, names.length > 0 ? names : ['gatehouse'])

const block =
  '[mcp_servers.gatehouse]\nurl = "http://127.0.0.1:7420/mcp"\nhttp_headers = { Authorization = "Bearer t" }'

const codex = `# My settings 😀
model = "gpt-5-codex"   # the good one
approval_policy = 'on-request'
notify = [
  "python3", # runner
  "/home/ada/notify.py",
]

[projects."/home/ada/work repo"]
trust_level = "trusted"

[mcp_servers.context7]
command = "npx"
args = ["-y", "@upstash/context7-mcp"]
  # indented
  startup_timeout_sec = 20.5

[mcp_servers.context7.env]
API_KEY = "canary"

# tail servers
[mcp_servers."with.dot"]
url = "https://example.com/mcp"
http_headers = { "X-Region" = "eu", Authorization = "Bearer xyz" }

[profiles.fast]
model = """
[mcp_servers.gatehouse]
lines"""
since = 2026-01-02T03:04:05Z
# end
`

const documents: Record<string, string> = {
  'all that Codex has': codex,
  'lines that end as on Windows': codex.replaceAll('\n', '\r\n'),
  'no line end at the end': codex.trimEnd(),
  'a blank line at the end': `${codex}\n`,
  nothing: '',
  'one line without an end': 'model = "x"',
  'comments only': '# only\n',
  'dotted names': 'mcp_servers.a.command = "x"\nmodel = "y"\n',
  'a table of inline tables': '[mcp_servers]\na = { command = "npx" } # hi\n\n[tui]\nx = 1\n',
  'names that mean something to JavaScript': '[mcp_servers.__proto__]\ncommand = "x"\n',
}

describe.each(Object.entries(documents))('a TOML configuration with %s', (_title, text) => {
  it('gets the gateway at its end, and nothing else changes', () => {
    const connected = connect(text)
    expect(connected.startsWith(text)).toBe(true)
    expect(connected.replaceAll('\r\n', '\n').trim().endsWith(block)).toBe(true)
  })

  it('is the same, byte for byte, when the gateway has been taken out again', () => {
    expect(disconnect(connect(text))).toBe(text)
  })

  it('is left alone when the same is written twice', () => {
    expect(connect(connect(text))).toBe(connect(text))
  })
})

describe('readTomlDocument', () => {
  it('replaces how the gateway is reached and keeps what else stands there', () => {
    const text = `[mcp_servers.gatehouse] # mine
command = "old"
args = [
  "x",
]
enabled = false
startup_timeout_sec = 5 # slow
url = "http://127.0.0.1:1/mcp" # there

[mcp_servers.gatehouse.env]
A = "b"

[mcp_servers.gatehouse.tools.search]
approval_mode = "approve"

[tui]
x = 1
`
    expect(connect(text)).toBe(`[mcp_servers.gatehouse] # mine
http_headers = { Authorization = "Bearer t" }
startup_timeout_sec = 5 # slow
url = "http://127.0.0.1:7420/mcp" # there

[mcp_servers.gatehouse.tools.search]
approval_mode = "approve"

[tui]
x = 1
`)
    expect(disconnect(text)).toBe('\n[tui]\nx = 1\n')
  })

  it.each([
    [
      'headers in a table of their own',
      '[mcp_servers.gatehouse]\nurl = "u"\n\n[mcp_servers.gatehouse.http_headers]\nA = "b"\n',
    ],
    ['headers with dotted names', '[mcp_servers.gatehouse]\nhttp_headers.A = "b"\nhttp_headers.B = "c"\n'],
    ['headers before it', '[mcp_servers.gatehouse.http_headers]\nA = "b"\n\n[mcp_servers.gatehouse]\nurl = "u"\n'],
    ['a header without a line end', '[mcp_servers.gatehouse]'],
    ['dotted names', 'mcp_servers.gatehouse.url = "u"\nmodel = "x"\n'],
    ['one line in the table of servers', '[mcp_servers]\na = { command = "x" }\ngatehouse = { url = "u" }\n'],
  ])('replaces an entry with %s', (_title, text) => {
    const { servers } = readTomlDocument(connect(text), key)
    expect(servers.get('gatehouse')).toEqual(fields)
    expect([...readTomlDocument(disconnect(text), key).servers.keys()]).not.toContain('gatehouse')
  })

  it('keeps comments about what follows', () => {
    const text = '[mcp_servers.gatehouse]\nurl = "u" # ours\n\n# about tui\n[tui]\nx = 1\n'
    expect(disconnect(text)).toBe('\n# about tui\n[tui]\nx = 1\n')
  })

  it('takes out several', () => {
    const left = disconnect(codex, 'context7', 'with.dot')
    expect(left).toContain('trust_level = "trusted"\n\n# tail servers\n\n[profiles.fast]')
    expect(left).not.toMatch(/context7|with\.dot|canary/)
  })

  it('asks for tables where all servers stand in one line', () => {
    const text = 'model = "x"\nmcp_servers = { a = { command = "x" } }\n'
    expect(() => connect(text)).toThrow(/written in one line; write each server as a table.* \(line 2, column 1\)/)
    expect(() => disconnect(text, 'a')).toThrow(/written in one line/)
  })

  it.each([
    ['a = 1\n[b\nc = "canary"', 'it is not TOML (line 3, column 1)'],
    ['a = "canary', 'it is not TOML (line 1, column 5)'],
    ['[x]\n[x]\n', 'it is not TOML (line 2, column 1)'],
    ['[[mcp_servers]]\na = 1\n', '"mcp_servers" is not a table (line 1, column 1)'],
    ['mcp_servers = 5', '"mcp_servers" is not a table (line 1, column 1)'],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => readTomlDocument(text, key)).toThrow(message)
    expect(() => readTomlDocument(text, key)).not.toThrow('canary')
  })

  it('escapes what it writes', () => {
    const odd = { command: 'C:\\x "y"', args: ['a\nb', '\u007f', '😀'] }
    const text = withServer(readTomlDocument, readTomlDocument('', key), key, 'a b', odd)
    expect(readTomlDocument(text, key).servers.get('a b')).toEqual(odd)
  })

  it('names every value with where it stands', () => {
    const text =
      'a.b = 1 # 😀\n[mcp_servers.x]\nargs = ["--token", "abc"]\nenv = { A = "😀", B = "c" }\n[[t]]\nd = 2026-01-02\n'
    expect(
      readTomlDocument(text, key).scalars.map(({ path, before, offset, length }) => [
        path.join('.'),
        before,
        text.slice(offset, offset + length),
      ]),
    ).toEqual([
      ['a.b', undefined, '1'],
      ['mcp_servers.x.args', undefined, '"--token"'],
      ['mcp_servers.x.args', '--token', '"abc"'],
      ['mcp_servers.x.env.A', undefined, '"😀"'],
      ['mcp_servers.x.env.B', undefined, '"c"'],
      ['t.d', undefined, '2026-01-02'],
    ])
  })
})
