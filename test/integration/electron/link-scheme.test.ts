import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { DesktopLinkScheme, SystemLinkScheme } from '../../../src/main/electron/link-scheme.ts'
import type { OwnCommand } from '../../../src/main/electron/own-command.ts'

const link = 'gatehouse://oauth/callback?code=a%20b&state=$(touch%20x)`id`;&iss=https%3A%2F%2Fas.example'

let folder: string
let homes: { data: string; config: string }
let list: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-scheme-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  homes = { data: join(folder, 'share'), config: join(folder, 'config') }
  list = join(homes.config, 'mimeapps.list')
})

/** A desktop that has nothing but what a test put there. */
async function desktop(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      DISPLAY: ':none',
      XDG_CURRENT_DESKTOP: 'X-Generic',
      XDG_DATA_HOME: homes.data,
      XDG_CONFIG_HOME: homes.config,
      XDG_DATA_DIRS: join(folder, 'none'),
      XDG_CONFIG_DIRS: join(folder, 'none'),
    },
  })
  return stdout
}

/** A program that notes what it was started with. */
function program(): { command: OwnCommand; noted: () => unknown } {
  const script = join(folder, 'program.cjs')
  const notes = join(folder, 'noted.json')
  const note = `JSON.stringify([process.env.GATEHOUSE_SQLITE_BINDING, ...process.argv.slice(2)])`
  writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(notes)}, ${note})`)
  return {
    command: {
      environment: { GATEHOUSE_SQLITE_BINDING: '/b.node' },
      executable: process.execPath,
      args: [script, `--data-dir=${folder}`],
    },
    noted: () => JSON.parse(readFileSync(notes, 'utf8')) as unknown,
  }
}

describe.skipIf(process.platform !== 'linux')('a Linux desktop', () => {
  it('hands a link to the program that claimed the scheme, whole and as one argument', async () => {
    const { command, noted } = program()
    await new DesktopLinkScheme(homes, command).claim()
    expect(await desktop('xdg-mime', 'query', 'default', 'x-scheme-handler/gatehouse')).toBe(
      'gatehouse-url-handler.desktop\n',
    )
    await desktop('xdg-open', link)
    expect(noted()).toEqual(['/b.node', `--data-dir=${folder}`, link])
    expect(existsSync(join(folder, 'x'))).toBe(false)
  })

  it('keeps every other choice of the person, in the file that it is linked to', async () => {
    const kept = join(folder, 'dotfiles')
    mkdirSync(homes.config)
    writeFileSync(kept, '[Default Applications]\ntext/html=firefox.desktop\n', { mode: 0o600 })
    symlinkSync(kept, list)
    const scheme = new DesktopLinkScheme(homes, program().command)
    await Promise.all([scheme.claim(), scheme.claim()])
    expect(readlinkSync(list)).toBe(kept)
    expect(readFileSync(kept, 'utf8')).toBe(
      '[Default Applications]\nx-scheme-handler/gatehouse=gatehouse-url-handler.desktop;\ntext/html=firefox.desktop\n',
    )
    writeFileSync(join(homes.data, 'applications/firefox.desktop'), '[Desktop Entry]\nExec=true\n')
    expect(await desktop('xdg-mime', 'query', 'default', 'text/html')).toBe('firefox.desktop\n')
  })

  it('gives the links to whoever claimed last', async () => {
    const first = new DesktopLinkScheme(homes, { environment: {}, executable: '/opt/a', args: [] })
    const second = new DesktopLinkScheme(homes, { environment: {}, executable: '/opt/b', args: [] })
    const exec = () =>
      /^Exec=.*$/m.exec(readFileSync(join(homes.data, 'applications/gatehouse-url-handler.desktop'), 'utf8'))?.[0]
    await first.claim()
    await second.claim()
    expect(exec()).toBe('Exec=/opt/b %u')
    await first.claim()
    expect(exec()).toBe('Exec=/opt/a %u')
  })

  it('says why the scheme can not be claimed, and can be asked again', async () => {
    writeFileSync(homes.data, 'in the way')
    const scheme = new DesktopLinkScheme(homes, program().command)
    await expect(scheme.claim()).rejects.toThrow(/ENOTDIR|EEXIST/)
    rmSync(homes.data)
    await scheme.claim()
    expect(existsSync(list)).toBe(true)
  })
})

describe('macOS and Windows', () => {
  const command = { environment: {}, executable: 'C:\\gatehouse.exe', args: ['--data-dir=D:\\data'] }

  it('are told the command', async () => {
    const told: unknown[] = []
    const app = { setAsDefaultProtocolClient: (...args: unknown[]) => told.push(args) > 0 }
    await new SystemLinkScheme(app, command).claim()
    expect(told).toEqual([['gatehouse', 'C:\\gatehouse.exe', ['--data-dir=D:\\data']]])
  })

  it('may refuse', async () => {
    const scheme = new SystemLinkScheme({ setAsDefaultProtocolClient: () => false }, command)
    await expect(scheme.claim()).rejects.toThrow('The system does not let this program open gatehouse: links.')
  })
})
