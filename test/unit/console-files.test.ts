import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConsoleFile } from '../../src/main/console-files.ts'

let root: string
let consoleDir: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'gatehouse-console-'))
  consoleDir = join(root, 'renderer')
  mkdirSync(join(consoleDir, 'assets'), { recursive: true })
  mkdirSync(join(root, 'renderer-secret'))
  writeFileSync(join(consoleDir, 'index.html'), '<p>console</p>')
  writeFileSync(join(consoleDir, 'assets', 'index.js'), 'script')
  writeFileSync(join(consoleDir, 'notes.txt'), 'not a kind of file that the console has')
  writeFileSync(join(root, 'outside.js'), 'secret')
  writeFileSync(join(root, 'renderer-secret', 'outside.js'), 'secret')
})
afterAll(() => rmSync(root, { recursive: true }))

test.each([
  ['/', '<p>console</p>', 'text/html; charset=utf-8'],
  ['/index.html', '<p>console</p>', 'text/html; charset=utf-8'],
  ['/assets/index.js', 'script', 'text/javascript; charset=utf-8'],
])('%s is served under the policy', async (path, body, contentType) => {
  const file = await readConsoleFile(consoleDir, path)
  expect(file?.body.toString()).toBe(body)
  expect(file?.headers['content-type']).toBe(contentType)
  expect(file?.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/)
})

test.each([
  '/missing.js',
  '/assets',
  '/notes.txt',
  '/../outside.js',
  '/..%2foutside.js',
  '/%2e%2e/outside.js',
  '/assets/../../outside.js',
  '/../renderer-secret/outside.js',
  '/index.html%00.js',
  '/%zz.js',
])('%s is not there', async (path) => {
  expect(await readConsoleFile(consoleDir, path)).toBeUndefined()
})
