import { describe, expect, test } from 'vitest'
import { DataDir } from '../../../src/main/base/data-dir.ts'
import { commandWords, ownCommand, xdgHomes } from '../../../src/main/electron/own-command.ts'

describe('what starts this installation again', () => {
  test('packaged, on the usual data folder, is the program alone', () => {
    const command = ownCommand({
      executable: '/opt/gatehouse',
      appPath: undefined,
      dataDir: DataDir.defaultPath(),
      withoutSandbox: false,
      env: {},
    })
    expect(commandWords(command)).toEqual(['/opt/gatehouse'])
  })

  test('from a checkout names the app, its database driver and its data folder', () => {
    const command = ownCommand({
      executable: '/cache/electron',
      appPath: '/src/gatehouse',
      dataDir: '/data/b',
      withoutSandbox: true,
      env: { GATEHOUSE_SQLITE_BINDING: '/cache/better_sqlite3.node', GATEHOUSE_VAULT_KEY: 'never told' },
    })
    expect(commandWords(command)).toEqual([
      'env',
      'GATEHOUSE_SQLITE_BINDING=/cache/better_sqlite3.node',
      '/cache/electron',
      '--no-sandbox',
      '/src/gatehouse',
      '--data-dir=/data/b',
    ])
  })
})

test('the folders of the desktop are where its specification says', () => {
  expect(xdgHomes({}, '/home/ada')).toEqual({ data: '/home/ada/.local/share', config: '/home/ada/.config' })
  expect(xdgHomes({ XDG_DATA_HOME: '/d', XDG_CONFIG_HOME: 'relative' }, '/home/ada')).toEqual({
    data: '/d',
    config: '/home/ada/.config',
  })
})
