import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { loginShellEnvironment } from '../../../src/main/electron/login-shell.ts'
import { Harness } from '../upstream/harness.ts'

const shell = '/bin/bash'
/** What a desktop starts programs with. */
const short = '/usr/bin:/bin'

let home: string
let own: NodeJS.ProcessEnv
let warnings: object[]
const log = { warn: (fields: object) => void warnings.push(fields) }

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gatehouse-home-'))
  own = { HOME: home, PATH: short, GATEHOUSE_PASSPHRASE: 'not for shells', OTHER: 'kept' }
  warnings = []
})

function startUpFile(text: string): void {
  writeFileSync(join(home, '.bash_profile'), text)
}

describe.skipIf(process.platform === 'win32')('the PATH of the login shell', () => {
  it('is what its start-up files make of it, whatever else they print', async () => {
    startUpFile('echo Welcome; echo; export PATH="$HOME/.local/bin:/opt/tools:/bin"; env > "$HOME/seen"; echo bye')
    const found = await loginShellEnvironment(own, { shell, log })
    expect(found).toEqual({ ...own, PATH: `${home}/.local/bin:/opt/tools:/bin:/usr/bin` })
    expect(warnings).toEqual([])
  })

  it('does not need what is ours to be told to it', async () => {
    startUpFile('[ -z "$GATEHOUSE_PASSPHRASE" ] && export PATH="/unseen:$PATH"')
    expect((await loginShellEnvironment(own, { shell, log })).PATH).toMatch(/^\/unseen:/)
  })

  it('is our own where a start-up file waits for ever, and nothing of that is left', async () => {
    const test = new Harness()
    startUpFile(`bash -c 'exec tail -f /dev/null ${test.mark}'`)
    expect(await loginShellEnvironment(own, { shell, log, timeoutMs: 700 })).toBe(own)
    expect(warnings).toMatchObject([{ shell, error: { message: 'no answer in 700 ms' } }])
    await expect.poll(() => test.processes()).toEqual([])
  })

  it.each([
    ['reads its input', 'read -r answer'],
    ['leaves a process that holds its output', 'sleep 10 &'],
  ])('is known although a start-up file %s', async (_case, text) => {
    startUpFile(`${text}\nexport PATH="/known:$PATH"`)
    expect((await loginShellEnvironment(own, { shell, log })).PATH).toMatch(/^\/known:/)
  })

  it.each([
    ['does not exist', '/no/such/shell'],
    ['is none', '/bin/false'],
    ['prints without end', 'endless'],
    ['clears its PATH', 'cleared'],
  ])('is our own where the shell %s', async (_case, name) => {
    let file = name
    if (!name.startsWith('/')) {
      file = join(home, name)
      const script = name === 'endless' ? 'exec yes' : 'PATH= ; eval "$2"'
      writeFileSync(file, `#!/bin/sh\n${script}\n`)
      chmodSync(file, 0o755)
    }
    expect(await loginShellEnvironment(own, { shell: file, log })).toBe(own)
    expect(warnings).toHaveLength(1)
  })

  it('is not asked for on Windows, nor where the user has no shell', async () => {
    expect(await loginShellEnvironment(own, { shell: '/no/such', platform: 'win32', log })).toBe(own)
    expect(await loginShellEnvironment(own, { shell: null, log })).toBe(own)
    expect(warnings).toEqual([])
  })
})
