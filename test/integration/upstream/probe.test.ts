import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { McpSettings, TestResult, TestStep } from '../../../src/shared/contract/integrations.ts'
import { AppError } from '../../../src/main/base/app-error.ts'
import type { UpstreamLimits } from '../../../src/main/upstream/limits.ts'
import { probeConnection } from '../../../src/main/upstream/probe.ts'
import { startBadHttpServer, type BadHttpServer } from '../../servers/bad-http-server.ts'
import { startBadSseServer } from '../../servers/bad-sse-server.ts'
import {
  clientInfo,
  everythingHttp,
  everythingSse,
  Harness,
  http,
  limitsForTests,
  modernHttp,
  noSecrets,
  silentLog,
  sse,
  stdio,
  until,
} from './harness.ts'

let bad: BadHttpServer
let test: Harness

beforeAll(async () => {
  bad = await startBadHttpServer()
  test = new Harness()
})
afterEach(() => expect(test.processes()).toEqual([]))
afterAll(() => bad.close())

async function probe(mcp: McpSettings, changes: Partial<UpstreamLimits> = {}) {
  const steps: TestStep[] = []
  const tries = probeConnection(
    { slug: 'test', mcp, secrets: () => noSecrets },
    {
      limits: limitsForTests(changes),
      children: test.children,
      clientInfo,
      signal: new AbortController().signal,
      log: silentLog,
    },
  )
  for (;;) {
    const next = await tries.next()
    if (next.done === true) return { steps, result: next.value }
    steps.push(next.value)
  }
}

function statesOf(steps: TestStep[]): string[] {
  return steps.map((step) => `${step.step} ${step.state}`)
}

const allOk = ['resolve', 'connect', 'negotiate', 'list'].flatMap((step) => [`${step} running`, `${step} ok`])

describe('a connection test that succeeds', () => {
  it('shows each step of a stdio server', async () => {
    const { steps, result } = await probe(test.bad('good'))
    expect(statesOf(steps)).toEqual(allOk)
    expect(result).toMatchObject({ ok: true, error: null, tool_count: 6, protocol_version: '2025-11-25' })
    expect(result.tool_names).toContain('echo')
    expect(result.server_info).toMatchObject({ name: 'bad-fixture' })
    expect(result.message).toMatch(/^Connected\. 6 tools found in \d+ ms\.$/)
    expect(result.steps.map((step) => step.state)).toEqual(['ok', 'ok', 'ok', 'ok'])
  })

  it('shows each step of a modern HTTP server', async () => {
    const server = await modernHttp()
    try {
      const { steps, result } = await probe(http(server.said))
      expect(statesOf(steps)).toEqual(allOk)
      expect(result).toMatchObject({
        ok: true,
        protocol_version: '2026-07-28',
        server_info: { name: 'modern-fixture' },
      })
    } finally {
      await server.stop()
    }
  })

  it('ends its process also when nobody reads on', async () => {
    const tries = probeConnection(
      { slug: 'test', mcp: test.bad('good'), secrets: () => noSecrets },
      {
        limits: limitsForTests(),
        children: test.children,
        clientInfo,
        signal: new AbortController().signal,
        log: silentLog,
      },
    )
    for await (const step of tries) if (step.step === 'negotiate' && step.state === 'ok') break
    expect(test.processes()).toEqual([])
  })

  it('ends when it is aborted', async () => {
    const abort = new AbortController()
    const tries = probeConnection(
      { slug: 'test', mcp: test.bad('hang'), secrets: () => noSecrets },
      { limits: limitsForTests(), children: test.children, clientInfo, signal: abort.signal, log: silentLog },
    )
    const ended = (async () => {
      let next = await tries.next()
      while (next.done !== true) next = await tries.next()
      return next.value
    })()
    await until(() => test.processes().length === 1)
    abort.abort(new Error('The test was cancelled.'))
    expect(await ended).toMatchObject({ ok: false, message: 'The test was cancelled.' })
  })
})

describe('a connection test that fails', () => {
  const failing: [
    string,
    () => McpSettings,
    Partial<UpstreamLimits>,
    Partial<TestResult['error'] & object>,
    RegExp,
    string,
  ][] = [
    [
      'a command that does not exist',
      () => stdio('no-such-command', []),
      {},
      { field: 'mcp.command' },
      /^no-such-command was not found on the PATH\.$/,
      'resolve',
    ],
    [
      'a path that does not exist',
      () => stdio('/no/such/file', []),
      {},
      { field: 'mcp.command' },
      /^\/no\/such\/file does not exist or may not be executed\.$/,
      'resolve',
    ],
    [
      'a folder that does not exist',
      () => stdio('node', [], { cwd: '/no/such/folder' }),
      {},
      { field: 'mcp.cwd' },
      /\/no\/such\/folder does not exist/,
      'resolve',
    ],
    [
      'a command that exits at once',
      () => test.bad('exit-at-once'),
      {},
      { field: 'mcp.command', code: 'upstream_unavailable' },
      /exited with code 3\. It said: Error: DATABASE_URL is not set$/,
      'negotiate',
    ],
    [
      'a command that prints something else',
      () => test.bad('garbage'),
      { startTimeoutMs: 2_000, probeTimeoutMs: 700 },
      { field: 'mcp.command', code: 'upstream_invalid' },
      /It printed text that is not MCP: "Welcome to my server!\\nIt is not MCP/,
      'negotiate',
    ],
    [
      'a command that is silent',
      () => test.bad('hang'),
      { startTimeoutMs: 2_000, probeTimeoutMs: 700 },
      { field: 'mcp.command' },
      /did not answer as an MCP server in/,
      'negotiate',
    ],
    ['a server that dies while listing', () => test.bad('no-list'), {}, {}, /has no list of tools/, 'list'],
    [
      'a host that does not exist',
      () => http('http://no-such-host.invalid/mcp'),
      {},
      { field: 'mcp.server_url' },
      /^The host no-such-host\.invalid was not found\.$/,
      'resolve',
    ],
    [
      'a web page',
      () => http(bad.url('html')),
      {},
      { field: 'mcp.server_url', code: 'upstream_invalid' },
      /^The server answered with a web page, not MCP\.$/,
      'negotiate',
    ],
    [
      'no token where one is wanted',
      () => http(bad.url('401')),
      {},
      { field: 'credentials.api_token', code: 'authorization_required' },
      /^The server answered 401: it wants credentials, and none were sent\./,
      'negotiate',
    ],
    [
      'a server that hangs',
      () => http(bad.url('hang')),
      { connectTimeoutMs: 700 },
      { field: 'mcp.server_url', code: 'upstream_timeout' },
      /^Nothing answered at 127\.0\.0\.1:\d+ in \d\.\d s\.$/,
      'negotiate',
    ],
    [
      'a server in trouble',
      () => http(bad.url('500')),
      {},
      { field: 'mcp.server_url' },
      /^The server answered 500\. database is down$/,
      'negotiate',
    ],
    [
      'a port where nothing listens',
      () => http('http://127.0.0.1:1/mcp'),
      {},
      { field: 'mcp.server_url' },
      /^Nothing listens at 127\.0\.0\.1:1: the connection was refused\.$/,
      'connect',
    ],
  ]

  it.each(failing)('%s', async (_case, settings, changes, error, message, failedStep) => {
    const { steps, result } = await probe(settings(), changes)
    expect(result).toMatchObject({ ok: false, tool_count: 0, error })
    expect(result.message).toMatch(message)
    expect(result.error?.message).toBe(result.message)
    expect(steps.at(-1)).toMatchObject({ step: failedStep, state: 'failed', message: result.message })
  })

  it('a locked vault', async () => {
    const tries = probeConnection(
      {
        slug: 'test',
        mcp: http(bad.url('legacy')),
        secrets: () => {
          throw new AppError('vault_locked')
        },
      },
      {
        limits: limitsForTests(),
        children: test.children,
        clientInfo,
        signal: new AbortController().signal,
        log: silentLog,
      },
    )
    let next = await tries.next()
    while (next.done !== true) next = await tries.next()
    expect(next.value).toMatchObject({ ok: false, error: { code: 'vault_locked' } })
  })
})

describe('a connection test over the wrong one of the HTTP transports', () => {
  it.each([
    ['sse', 'a legacy Streamable HTTP server', everythingHttp, 'http', 'This looks like Streamable HTTP, not SSE.'],
    ['http', 'an HTTP+SSE server', everythingSse, 'sse', 'This looks like SSE, not Streamable HTTP.'],
    [
      'sse',
      'a modern server',
      async () => {
        const { said, stop } = await modernHttp()
        return { url: said, stop }
      },
      'http',
      'This looks like Streamable HTTP, not SSE.',
    ],
  ] as const)('%s to %s says which one works', async (transport, _server, start, suggested, message) => {
    const server = await start()
    try {
      const { result } = await probe(transport === 'sse' ? sse(server.url) : http(server.url))
      expect(result).toMatchObject({ ok: false, suggested_transport: suggested, message })
      // The failure of what was asked for is told as well, with the field at fault.
      expect(result.error?.field).toBe('mcp.server_url')
      expect(result.error?.message).not.toBe(message)
      expect(result.steps.at(-1)).toMatchObject({ step: 'negotiate', state: 'failed', message: result.error?.message })
      const again = await probe(suggested === 'sse' ? sse(server.url) : http(server.url))
      expect(again.result).toMatchObject({ ok: true, suggested_transport: null })
    } finally {
      await server.stop()
    }
  })

  it('says nothing where the other one would not work either', async () => {
    const { result } = await probe(sse(bad.url('html')))
    expect(result).toMatchObject({
      ok: false,
      suggested_transport: null,
      message: 'The server answered with a web page, not MCP.',
    })
  })

  it('does not send a credential again that was refused', async () => {
    bad.seen.length = 0
    const { result } = await probe(sse(bad.url('401')))
    expect(result).toMatchObject({ suggested_transport: null, error: { code: 'authorization_required' } })
    expect(bad.seen).toHaveLength(1)
  })

  it('is a try with an end, and leaves no connection behind', async () => {
    const server = await startBadSseServer()
    try {
      const { result } = await probe(http(server.url('no-endpoint')), { connectTimeoutMs: 500 })
      expect(result).toMatchObject({ ok: false, suggested_transport: null })
      expect(server.seen.some((request) => request.verb === 'GET')).toBe(true)
      await until(() => server.streams() === 0)
      const works = await probe(http(server.url('good')))
      expect(works.result.suggested_transport).toBe('sse')
      await until(() => server.streams() === 0)
    } finally {
      await server.close()
    }
  })
})
