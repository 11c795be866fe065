import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DataDir } from '../../../src/main/base/data-dir.ts'
import { temporaryFolder } from '../store/fresh-store.ts'

const run = {
  pid: process.pid,
  mcp_url: 'http://127.0.0.1:7420/mcp',
  api_url: 'http://127.0.0.1:7420/api/v1',
  admin_token: 'gha_secret',
}

it.skipIf(process.platform === 'win32')('is closed to others, also when it was open before', () => {
  const path = join(temporaryFolder(), 'data')
  mkdirSync(path, { mode: 0o755 })
  const dataDir = DataDir.open(path)
  dataDir.writeRunFile(run)
  const mode = (file: string) => (statSync(file).mode & 0o777).toString(8)
  expect([mode(path), mode(dataDir.logsDir), mode(dataDir.runFile)]).toEqual(['700', '700', '600'])
})

it('keeps a run file until it is removed', () => {
  const dataDir = DataDir.open(temporaryFolder())
  expect(dataDir.readRunFile()).toBeUndefined()
  dataDir.writeRunFile(run)
  expect(dataDir.readRunFile()).toEqual(run)
  expect(readdirSync(dataDir.path).sort()).toEqual(['logs', 'run.json'])

  dataDir.removeRunFile()
  dataDir.removeRunFile()
  expect(dataDir.readRunFile()).toBeUndefined()
})

it('takes a damaged run file for none', () => {
  const dataDir = DataDir.open(temporaryFolder())
  writeFileSync(dataDir.runFile, '{"pid":')
  expect(dataDir.readRunFile()).toBeUndefined()
})

it('says what to do when its path is a file', () => {
  const path = join(temporaryFolder(), 'file')
  writeFileSync(path, '')
  expect(() => DataDir.open(path)).toThrow(/--data-dir/)
})
