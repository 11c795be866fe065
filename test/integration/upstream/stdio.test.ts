import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { call, connected, Harness, noSecrets, stdio, until } from './harness.ts'

const harnesses: Harness[] = []
const harness = (...options: ConstructorParameters<typeof Harness>) => {
  const made = new Harness(...options)
  harnesses.push(made)
  return made
}

afterEach(async () => {
  for (const each of harnesses.splice(0)) {
    await each.close()
    expect(each.processes()).toEqual([])
  }
})

describe('published servers over stdio', () => {
  it('server-everything: initialize in the same process, list, call', async () => {
    const test = harness()
    const upstream = test.start(test.published('server-everything', 'stdio'))
    const session = await upstream.session()
    expect(session).toMatchObject({ era: 'legacy', protocolVersion: '2025-11-25' })
    await connected(upstream)
    expect(upstream.tools.tools.map((tool) => tool.name)).toContain('echo')
    expect(upstream.connection).toMatchObject({ error: null, tool_count: upstream.tools.tools.length, warnings: [] })
    expect((await call(session, 'echo', { message: 'hi' })).text).toBe('Echo: hi')
    expect(test.processes()).toHaveLength(1)
  })

  it('server-filesystem: arguments reach it as they are, no shell reads them', async () => {
    const test = harness()
    const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'gatehouse $(touch x) `y`;')))
    writeFileSync(path.join(folder, 'note.txt'), 'a note')
    const settings = test.published('server-filesystem', folder)
    const upstream = test.start({ ...settings, args: settings.args.slice(0, -1) })
    const session = await upstream.session()
    expect((await call(session, 'read_text_file', { path: path.join(folder, 'note.txt') })).text).toBe('a note')
    await connected(upstream)
  })

  it('server-memory: keeps its state between calls', async () => {
    const test = harness()
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'gatehouse-memory-')), 'memory.json')
    const upstream = test.start(test.published('server-memory'), {
      secrets: () => ({ headers: {}, env: { MEMORY_FILE_PATH: file } }),
    })
    const session = await upstream.session()
    const entity = { name: 'gatehouse', entityType: 'program', observations: ['opens gates'] }
    expect((await call(session, 'create_entities', { entities: [entity] })).kind).toBe('result')
    expect((await call(session, 'read_graph')).text).toContain('opens gates')
    await connected(upstream)
  })
})

describe('the modern fixture over stdio', () => {
  it('is opened by server/discover and gets _meta with each request', async () => {
    const test = harness()
    const upstream = test.start(test.modern())
    const session = await upstream.session()
    expect(session).toMatchObject({ era: 'modern', protocolVersion: '2026-07-28' })
    await connected(upstream)
    expect(upstream.connection.server_info).toMatchObject({ name: 'modern-fixture', version: '1.2.3' })
    expect((await call(session, 'echo', { message: 'hi' })).text).toBe('Echo: hi')
    expect(JSON.parse((await call(session, 'meta')).text)).toMatchObject({
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'gatehouse-test' },
    })
    expect(test.processes()).toHaveLength(1)
  })

  it('tells of a new tool on its subscription', async () => {
    const test = harness()
    const upstream = test.start(test.modern())
    await connected(upstream)
    const before = upstream.tools.tools.length
    await call(await upstream.session(), 'add_tool')
    await until(() => upstream.tools.tools.length === before + 1)
    expect(test.heard).toContain(`test: ${before + 1} tools`)
  })

  it('cancels a call that is given up', async () => {
    const test = harness()
    const upstream = test.start(test.modern())
    const session = await upstream.session()
    const giveUp = new AbortController()
    const slow = call(session, 'slow', {}, giveUp.signal)
    giveUp.abort(new Error('no longer needed'))
    await expect(slow).rejects.toThrow('no longer needed')
    expect((await call(session, 'echo', { message: 'still there' })).text).toBe('Echo: still there')
  })

  it.each(['modern', 'legacy'] as const)('speaks %s when told so', async (era) => {
    const test = harness()
    const upstream = test.start({ ...test.modern(), era })
    expect((await upstream.session()).era).toBe(era)
  })

  it('is refused as legacy when it serves no legacy clients', async () => {
    const test = harness()
    const upstream = test.start({ ...test.modern('--legacy', 'reject'), era: 'legacy' })
    await expect(upstream.session()).rejects.toMatchObject({ code: 'upstream_invalid' })
  })
})

describe('what a stdio server does about server/discover', () => {
  it.each([
    ['exits', 'exit-on-discover'],
    ['says something strange', 'strange-on-discover'],
    ['stays silent', 'silent-on-discover'],
    ['prints a line first', 'noisy-start'],
  ])('%s: the connection comes up by initialize', async (_case, mode) => {
    const test = harness({ probeTimeoutMs: 1_500 })
    const upstream = test.start(test.bad(mode))
    const session = await upstream.session()
    expect(session).toMatchObject({ era: 'legacy', protocolVersion: '2025-11-25' })
    expect((await call(session, 'echo', { message: 'hi' })).text).toBe('Echo: hi')
    await connected(upstream)
    expect(test.processes()).toHaveLength(1)
  })

  it.each(['2025-06-18', '2025-03-26', '2024-11-05'])('revision %s is accepted', async (version) => {
    const test = harness()
    const session = await test.start(test.bad('version', version)).session()
    expect(session.protocolVersion).toBe(version)
  })

  it('a revision that nobody knows is not', async () => {
    const test = harness()
    await expect(test.start(test.bad('version', '1999-01-01')).session()).rejects.toThrow(
      'The server offered protocol version 1999-01-01, which Gatehouse does not speak.',
    )
  })

  it('its own reason for a refusal is shown', async () => {
    const test = harness()
    const upstream = test.start(test.bad('refuse'))
    await expect(upstream.session()).rejects.toThrow('The server refused initialize: The licence has expired')
    expect(upstream.connection).toMatchObject({
      state: 'error',
      error: { code: 'upstream_invalid', message: 'The server refused initialize: The licence has expired' },
    })
    expect(upstream.connection.next_retry_at).not.toBeNull()
  })
})

describe('the environment of a child', () => {
  it('is an allowlist and what the integration says', async () => {
    const passed = {
      PATH: process.env.PATH ?? '',
      HOME: '/home/somebody',
      LANG: 'de_DE.UTF-8',
      LC_TIME: 'C.UTF-8',
      TMPDIR: '/var/tmp',
      https_proxy: 'http://proxy.example:3128',
      NO_PROXY: 'localhost',
      NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt',
      XDG_CONFIG_HOME: '/home/somebody/.config',
      SSH_AUTH_SOCK: '/run/agent',
    }
    const kept = {
      GATEHOUSE_PASSPHRASE: 'not for children',
      GATEHOUSE_DATA_DIR: '/data',
      ELECTRON_RUN_AS_NODE: '1',
      ELECTRON_OVERRIDE_DIST_PATH: '/electron',
      NODE_OPTIONS: '--require /tmp/not-there.cjs',
      LD_PRELOAD: '',
      AWS_SECRET_ACCESS_KEY: 'of another program',
    }
    const test = harness({}, { environment: Promise.resolve({ ...passed, ...kept }) })
    const cwd = realpathSync(mkdtempSync(path.join(tmpdir(), 'gatehouse-cwd-')))
    const settings = test.bad('good', 'plain', '$(id)', '; touch x', '"quoted"')
    const upstream = test.start(
      { ...settings, env: { MODE: 'plain', HOME: '/srv/home' }, cwd },
      { secrets: () => ({ headers: {}, env: { TOKEN: 'sealed' } }) },
    )
    const seen = JSON.parse((await call(await upstream.session(), 'env')).text) as {
      env: Record<string, string>
      args: string[]
      cwd: string
    }
    // macOS adds one of its own.
    const { __CF_USER_TEXT_ENCODING, ...env } = seen.env
    expect(env).toEqual({ ...passed, HOME: '/srv/home', MODE: 'plain', TOKEN: 'sealed' })
    expect(seen.args.slice(1, 5)).toEqual(['plain', '$(id)', '; touch x', '"quoted"'])
    expect(seen.cwd).toBe(cwd)
  })

  it('that can not be had is told, and nothing is started', async () => {
    const test = harness({}, { environment: Promise.reject(new Error('no environment')) })
    const upstream = test.start(test.bad('good'))
    await expect(upstream.session()).rejects.toMatchObject({ message: 'no environment' })
    expect(test.processes()).toEqual([])
  })
})

describe('commands that do not work', () => {
  it('one that does not exist is named', async () => {
    const test = harness()
    const upstream = test.start(stdio('no-such-command-anywhere', []))
    await expect(upstream.session()).rejects.toMatchObject({
      code: 'upstream_unavailable',
      message: 'no-such-command-anywhere was not found on the PATH.',
      details: [{ path: 'mcp.command' }],
    })
  })

  it('a folder that does not exist is named', async () => {
    const test = harness()
    const upstream = test.start(stdio(process.execPath, [], { cwd: '/no/such/folder' }))
    await expect(upstream.session()).rejects.toMatchObject({ details: [{ path: 'mcp.cwd' }] })
  })

  it('one that exits at once shows its code and its last words, and is stopped after five times', async () => {
    const test = harness({ backoff: { firstMs: 5, maxMs: 20, healthyMs: 60_000, crashes: 5 } })
    const upstream = test.start(test.bad('exit-at-once'))
    await until(() => upstream.connection.state === 'quarantined')
    expect(upstream.connection.error?.message).toContain('exited with code 3')
    expect(upstream.connection.error?.message).toContain('Error: DATABASE_URL is not set')
    expect(upstream.connection.next_retry_at).toBeNull()
    await expect(upstream.session()).rejects.toMatchObject({ code: 'upstream_unavailable' })
    const before = test.heard.length
    upstream.restart()
    await until(() => test.heard.slice(before).includes('test: connecting'))
  })

  it('one that prints something else is quoted', async () => {
    const test = harness({ startTimeoutMs: 3_000, probeTimeoutMs: 1_000 })
    const upstream = test.start(test.bad('garbage'))
    await until(() => upstream.connection.state === 'error')
    expect(upstream.connection.error).toMatchObject({ code: 'upstream_invalid' })
    expect(upstream.connection.error?.message).toContain('Welcome to my server!\\nIt is not MCP.')
  })

  it('one that says nothing is given up at the start timeout', async () => {
    const test = harness({ startTimeoutMs: 2_500, probeTimeoutMs: 1_000 })
    const upstream = test.start(test.bad('hang'))
    await until(() => upstream.connection.state === 'error')
    expect(upstream.connection.error?.message).toContain('did not answer as an MCP server in')
  })
})

describe('secrets', () => {
  it('one that the server prints is not shown', async () => {
    const test = harness()
    const upstream = test.start(test.bad('tell-secret'), {
      secrets: () => ({ headers: {}, env: { API_KEY: 'a-secret-key' } }),
    })
    await expect(upstream.session()).rejects.toThrow(/Error: the key .* is not valid/)
    expect(JSON.stringify(upstream.connection)).not.toContain('a-secret-key')
  })

  it('a locked vault is a state, and unlocking ends it', async () => {
    const test = harness()
    const { AppError } = await import('../../../src/main/base/app-error.ts')
    let locked = true
    const upstream = test.start(test.bad('good'), {
      secrets: () => {
        if (locked) throw new AppError('vault_locked')
        return noSecrets
      },
    })
    await until(() => upstream.connection.state === 'locked')
    await expect(upstream.session()).rejects.toMatchObject({ code: 'vault_locked' })
    locked = false
    upstream.restart()
    await connected(upstream)
  })
})
