import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DataDir } from '../../../src/main/base/data-dir.ts'
import { readCommandLine } from '../../../src/main/electron/command-line.ts'

describe('the command line of the window', () => {
  test('has defaults', () => {
    expect(readCommandLine(['/app'], {})).toEqual({
      dataDir: DataDir.defaultPath(),
      port: undefined,
      hidden: false,
    })
  })

  test.each([
    [['--data-dir=/data', '--port=8000']],
    [['--data-dir', '/data', '--port', '8000']],
    [['--no-sandbox', '--inspect=0', '/app', '--data-dir=/data', '--port=8000']],
  ])('reads %j', (args) => {
    expect(readCommandLine(args, {})).toEqual({ dataDir: '/data', port: 8000, hidden: false })
  })

  test('the environment names the data folder, a switch overrides it', () => {
    const env = { GATEHOUSE_DATA_DIR: 'from-env' }
    expect(readCommandLine([], env).dataDir).toBe(resolve('from-env'))
    expect(readCommandLine(['--data-dir=/data'], env).dataDir).toBe('/data')
    expect(readCommandLine([], { GATEHOUSE_DATA_DIR: '' }).dataDir).toBe(DataDir.defaultPath())
  })

  test.each(['-1', '65536', '80.5', '0x50', 'http'])('refuses port "%s"', (port) => {
    const read = () => readCommandLine([`--port=${port}`], {})
    expect(read).toThrow(`--port takes a number from 0 to 65535, not "${port}".`)
  })

  test('one that starts at login has no window', () => {
    expect(readCommandLine(['/app', '--hidden'], {}).hidden).toBe(true)
  })

  test('port 0 asks for a free one', () => {
    expect(readCommandLine(['--port=0'], {}).port).toBe(0)
  })
})
