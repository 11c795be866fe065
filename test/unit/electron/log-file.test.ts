import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { LogFile } from '../../../src/main/electron/log-file.ts'

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

test('the log is kept across runs, and closed to others', () => {
  const file = join(temporaryFolder(), 'gatehouse.log')
  for (const line of ['first\n', 'second\n']) {
    const log = new LogFile(file)
    log.write(line)
    log.close()
  }
  expect(readFileSync(file, 'utf8')).toBe('first\nsecond\n')
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('the log never takes more than twice its limit, and loses the oldest lines', () => {
  const folder = temporaryFolder()
  const log = new LogFile(join(folder, 'gatehouse.log'), 100)
  for (let line = 0; line < 100; line += 1) log.write(`line ${line}\n`)
  log.close()
  expect(readdirSync(folder).sort()).toEqual(['gatehouse.log', 'gatehouse.log.1'])
  const kept = ['gatehouse.log.1', 'gatehouse.log'].map((name) => readFileSync(join(folder, name), 'utf8'))
  for (const text of kept) expect(text.length).toBeLessThanOrEqual(100)
  expect(kept.join('')).toMatch(/line 98\nline 99\n$/)
  expect(kept.join('')).not.toContain('line 50\n')
})
