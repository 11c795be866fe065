import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseJson } from '../../../../src/renderer/json/parse.ts'
import { asCurl, asJsonRpc } from '../../../../src/renderer/features/playground/copy-call.ts'

const call = (args: string) => {
  const parsed = parseJson(args)
  if (parsed.fault) throw new Error(parsed.fault.message)
  return { tool: 'files__read', args: parsed.value }
}

/** What `curl` would be given by a real shell: its arguments, and its input where it reads that. */
function shellReads(command: string): { args: string[]; input: string } {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-curl-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const script = join(folder, 'call.sh')
  writeFileSync(script, `curl() { printf '%s\\0' "$@"; case "$*" in *@-*) cat;; esac; }\n${command}\n`)
  const output = execFileSync('/bin/sh', [script], {
    env: { GATEHOUSE_TOKEN: 'ghk_"$x`y' },
    maxBuffer: 50_000_000,
  }).toString()
  const parts = output.split('\0')
  return { args: parts.slice(0, -1), input: parts.at(-1) ?? '' }
}

describe('a call as JSON-RPC', () => {
  it('is the message that a client sends, with its numbers as they were typed', () => {
    const text = asJsonRpc(call('{"id":12345678901234567890,"rate":1.0}'))
    expect(text).toContain('"id": 12345678901234567890,\n      "rate": 1.0')
    expect(JSON.parse(text)).toMatchObject({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'files__read' },
    })
  })
})

describe('a call as curl', () => {
  const hostile = `{"a":"it's; $(touch /tmp/x) \`id\` \\" \\\\ !! \\n %s 'GATEHOUSE'","n":1.0}`

  it('reaches curl through a shell unchanged, and the token is the variable', () => {
    const { args } = shellReads(asCurl("http://127.0.0.1:7420/mcp?a='b'", call(hostile)))
    expect(args.slice(0, 4)).toEqual([
      '-sS',
      "http://127.0.0.1:7420/mcp?a='b'",
      '-H',
      'Authorization: Bearer ghk_"$x`y',
    ])
    expect(args).toContain('Mcp-Name: files__read')
    const body = args[args.indexOf('--data-raw') + 1] ?? ''
    expect(body).toContain('"n":1.0')
    const { params } = JSON.parse(body) as { params: { arguments: unknown; _meta: object } }
    expect(params.arguments).toEqual(JSON.parse(hostile))
    expect(Object.keys(params._meta)).toContain('io.modelcontextprotocol/protocolVersion')
  })

  it('of megabytes is read from a document, which no argument may be', () => {
    const args = JSON.stringify({ a: "GATEHOUSE\nGATEHOUSE\n$x'".repeat(200_000) })
    const { args: seen, input } = shellReads(asCurl('http://127.0.0.1:7420/mcp', call(args)))
    expect(seen).toContain('@-')
    expect((JSON.parse(input) as { params: { arguments: unknown } }).params.arguments).toEqual(JSON.parse(args))
  })
})
