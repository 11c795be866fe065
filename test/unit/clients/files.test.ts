import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Backups } from '../../../src/main/clients/backups.ts'
import { bytesOf, readConfigFile, textOf } from '../../../src/main/clients/config-file.ts'
import { replaceFile } from '../../../src/main/clients/replace-file.ts'

let folder = ''
let path = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-config-'))
  path = join(folder, 'mcp.json')
})
afterEach(async () => {
  await chmod(folder, 0o700)
  await rm(folder, { recursive: true })
})

describe('readConfigFile', () => {
  it('knows a file that is not there yet', async () => {
    expect(await readConfigFile(path)).toMatchObject({ target: path, bytes: undefined, revision: 'none' })
  })

  it('names the content, not the file', async () => {
    await writeFile(path, '{}')
    const first = await readConfigFile(path)
    await writeFile(path, '{ }')
    expect((await readConfigFile(path)).revision).not.toBe(first.revision)
    await writeFile(path, '{}')
    expect((await readConfigFile(path)).revision).toBe(first.revision)
  })

  it('keeps the mark in front of a text', async () => {
    await writeFile(path, '\uFEFF{}')
    const file = await readConfigFile(path)
    expect(textOf(file)).toBe('{}')
    expect(bytesOf(file, '{"a":1}').toString()).toBe('\uFEFF{"a":1}')
  })

  it.each([
    ['latin 1', Buffer.from([0x7b, 0x22, 0xe9, 0x22, 0x7d]), 'it is not UTF-8. Save it as UTF-8, then try again.'],
    ['UTF-16', Buffer.from('\uFEFF{}', 'utf16le'), 'it is UTF-16. Save it as UTF-8, then try again.'],
  ])('refuses %s', async (_title, bytes, message) => {
    await writeFile(path, bytes)
    const file = await readConfigFile(path)
    expect(() => textOf(file)).toThrow(`${path} can't be used: ${message}`)
  })

  it('refuses 50 MB without reading them', async () => {
    await writeFile(path, '')
    await truncate(path, 50_000_000)
    await expect(readConfigFile(path)).rejects.toThrow('larger than 10 MiB')
  })

  it('refuses a folder', async () => {
    await mkdir(path)
    await expect(readConfigFile(path)).rejects.toThrow('it is not a file')
  })

  it('refuses links that lead nowhere or in a circle', async () => {
    await symlink(join(folder, 'missing'), path)
    await expect(readConfigFile(path)).rejects.toThrow(/it is a link to .*missing, which does not exist/)
    await rm(path)
    await symlink(path, path)
    await expect(readConfigFile(path)).rejects.toThrow('in a circle')
  })
})

describe('replaceFile', () => {
  const replace = async (content: string) => replaceFile(await readConfigFile(path), Buffer.from(content))

  it('makes a new file, and its folder, for the owner alone', async () => {
    path = join(folder, 'deep', 'er', 'mcp.json')
    await replace('new')
    expect(await readFile(path, 'utf8')).toBe('new')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'deep'))).mode & 0o777).toBe(0o700)
  })

  it.each([0o600, 0o644, 0o664])('keeps the permissions %o', async (mode) => {
    await writeFile(path, 'old')
    await chmod(path, mode)
    await replace('new')
    expect((await stat(path)).mode & 0o777).toBe(mode)
  })

  it('follows links and keeps them', async () => {
    const target = join(folder, 'dotfiles')
    await writeFile(target, 'old')
    await symlink('dotfiles', path)
    await replace('new')
    expect((await lstat(path)).isSymbolicLink()).toBe(true)
    expect(await readlink(path)).toBe('dotfiles')
    expect(await readFile(target, 'utf8')).toBe('new')
  })

  it('leaves alone what changed since it was read', async () => {
    await writeFile(path, 'old')
    const file = await readConfigFile(path)
    await writeFile(path, 'theirs')
    await expect(replaceFile(file, Buffer.from('ours'))).rejects.toMatchObject({
      code: 'in_use',
      message: `${path} changed since it was read. Look at the change again and repeat it.`,
    })
    expect(await readFile(path, 'utf8')).toBe('theirs')
    expect(await readdir(folder)).toEqual(['mcp.json'])
  })

  it('leaves alone what appeared since it was not there', async () => {
    const file = await readConfigFile(path)
    await writeFile(path, 'theirs')
    await expect(replaceFile(file, Buffer.from('ours'))).rejects.toMatchObject({ code: 'in_use' })
  })

  it('respects a read-only file', async () => {
    await writeFile(path, 'old')
    await chmod(path, 0o444)
    await expect(replace('new')).rejects.toThrow(
      `${path} can't be used: it is read-only. Make it writable, then try again.`,
    )
    expect(await readFile(path, 'utf8')).toBe('old')
    expect(await readdir(folder)).toEqual(['mcp.json'])
  })

  it('respects a read-only folder', async () => {
    await writeFile(path, 'old')
    await chmod(folder, 0o555)
    await expect(replace('new')).rejects.toThrow(`the folder ${folder} is read-only`)
    expect(await readFile(path, 'utf8')).toBe('old')
  })

  it('leaves another name of the same file with what it had', async () => {
    await writeFile(path, 'old')
    await link(path, join(folder, 'other'))
    await replace('new')
    expect(await readFile(join(folder, 'other'), 'utf8')).toBe('old')
  })
})

describe('Backups', () => {
  let milliseconds = 0
  const backups = new Backups(() => new Date(Date.UTC(2026, 0, 2, 3, 4, 5, milliseconds)))
  beforeEach(() => {
    milliseconds = 0
  })

  it('keeps a copy for the owner alone, with the time in its name', async () => {
    await writeFile(path, 'old', { mode: 0o644 })
    const backup = await backups.keep(await readConfigFile(path))
    expect(backup).toBe(`${path}.gatehouse-backup-20260102T030405000Z`)
    expect((await stat(backup ?? '')).mode & 0o777).toBe(0o600)
    expect(await backups.newest(path)).toBe(backup)
    expect((await backups.read(path, backup ?? '')).toString()).toBe('old')
  })

  it('keeps nothing of a file that is not there', async () => {
    expect(await backups.keep(await readConfigFile(path))).toBeUndefined()
    expect(await backups.newest(path)).toBeUndefined()
  })

  it('keeps the newest five, two in one millisecond included', async () => {
    await writeFile(join(folder, 'mcp.json.gatehouse-backup-mine'), 'not ours')
    for (let number = 0; number < 8; number++) {
      await writeFile(path, String(number))
      milliseconds = Math.floor(number / 2)
      await backups.keep(await readConfigFile(path))
    }
    const names = (await readdir(folder)).filter((name) => name.startsWith('mcp.json.gatehouse-backup-2'))
    const kept = await Promise.all(names.sort().map((name) => readFile(join(folder, name), 'utf8')))
    expect(kept).toEqual(['3', '4', '5', '6', '7'])
    expect(await readdir(folder)).toContain('mcp.json.gatehouse-backup-mine')
  })
})
