import { expect, it } from 'vitest'
import { readJsonDocument } from '../../../src/main/clients/json-document.ts'
import { maskedDiff } from '../../../src/main/clients/masked-diff.ts'
import { readTomlDocument } from '../../../src/main/clients/toml-document.ts'

const fields = { url: 'http://127.0.0.1:7420/mcp', headers: { Authorization: 'Bearer new' } }

function jsonDiff(text: string) {
  const before = readJsonDocument(text, 'mcpServers')
  const after = readJsonDocument(before.withServer('gatehouse', fields), 'mcpServers')
  return maskedDiff('/x/mcp.json', before, after, new Set(['Bearer new']))
}

it('shows the change in the lines around it, with every secret masked', () => {
  const text = `{
  "mcpServers": {
    "other": {
      "command": "npx",
      "args": ["-y", "thing", "--token", "canary-argument", "--key=canary-equals", "me@example.com"],
      "env": { "MODE": "canary-mode", "X": "canary-x" }
      // "apiKey": "canary-comment"
    }
  },
  "apiKeys": { "one": ["canary-list"] }
}
`
  const diff = jsonDiff(text)
  expect(diff.startsWith('--- /x/mcp.json')).toBe(true)
  expect(diff).toContain('+    "gatehouse": {')
  expect(diff).toContain('+        "Authorization": "Bearer new"')
  expect(diff).toContain('"env": { "MODE": "••••", "X": "••••" }')
  expect(diff.match(/canary[\w-]*/g) ?? []).toEqual([])
})

it('shows that a token is replaced, and neither of both', () => {
  const old = { url: fields.url, headers: { Authorization: 'Bearer canary-old' } }
  const diff = jsonDiff(`${JSON.stringify({ mcpServers: { gatehouse: old } }, null, 2)}\n`)
  expect(diff).toContain('-        "Authorization": "••••"')
  expect(diff).toContain('+        "Authorization": "Bearer new"')
  expect(diff).not.toContain('canary')
})

it('is empty where nothing changes', () => {
  const document = readJsonDocument('{}', 'mcpServers')
  expect(maskedDiff('/x', document, document, new Set())).toBe('')
})

it('masks TOML', () => {
  const before = readTomlDocument(
    '[mcp_servers.a]\nhttp_headers = { X = "canary-header" } # password = "canary-comment"\nbearer_token = "canary-token"\n',
    'mcp_servers',
  )
  const after = readTomlDocument(before.withServer('gatehouse', { url: 'u' }), 'mcp_servers')
  const diff = maskedDiff('/x', before, after, new Set())
  expect(diff).toContain('+url = "u"')
  expect(diff).toContain('X = "••••"')
  expect(diff).not.toContain('canary')
})
