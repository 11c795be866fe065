import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { desktopEntry } from '../../../src/main/electron/desktop-entry.ts'
import { AutostartEntry, SystemLoginItem } from '../../../src/main/electron/login-item.ts'

function autostartFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-autostart-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'autostart', 'gatehouse.desktop')
}

describe('on Linux', () => {
  test('an entry is written, and taken away again', async () => {
    const file = autostartFile()
    const item = new AutostartEntry(file, ['/opt/Gate house/gatehouse', '/app'])
    expect(await item.isSet()).toBe(false)
    await item.set(true)
    expect(await item.isSet()).toBe(true)
    expect(readFileSync(file, 'utf8')).toContain('Exec="/opt/Gate house/gatehouse" /app --hidden\n')
    await item.set(false)
    expect(existsSync(file)).toBe(false)
    await item.set(false)
  })

  test.each(['Hidden=true', 'X-GNOME-Autostart-enabled=false'])(
    'one that the desktop switched off by %s is not set',
    async (line) => {
      const file = autostartFile()
      const item = new AutostartEntry(file, ['gatehouse'])
      await item.set(true)
      writeFileSync(file, `${readFileSync(file, 'utf8')}${line}\n`)
      expect(await item.isSet()).toBe(false)
      await item.set(true)
      expect(await item.isSet()).toBe(true)
    },
  )
})

test('what a shell or the desktop would act on is only text in an entry', () => {
  expect(desktopEntry('X', ['a b', '$(id)', '`id`', 'say "x"', 'C:\\x', '100%'])).toContain(
    'Exec="a b" "\\\\$(id)" "\\\\`id\\\\`" "say \\\\"x\\\\"" "C:\\\\\\\\x" "100%%"\n',
  )
})

test('a path with a line break adds no line to an entry', () => {
  const entry = desktopEntry('X', ['/tmp/a\nExec=evil\r\n[Desktop Action x]'])
  expect(entry.split(/[\r\n]+/)).toHaveLength(6)
  expect(entry).toContain('Exec="/tmp/a\\nExec=evil\\r\\n[Desktop Action x]"\n')
})

test('macOS and Windows are asked and told', async () => {
  let settings = { openAtLogin: false }
  const item = new SystemLoginItem({
    getLoginItemSettings: () => settings as Electron.LoginItemSettings,
    setLoginItemSettings: ({ openAtLogin = false }) => {
      settings = { openAtLogin }
    },
  })
  await item.set(true)
  expect(await item.isSet()).toBe(true)
})
