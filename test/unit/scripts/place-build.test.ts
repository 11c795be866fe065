import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
// @ts-expect-error -- a plain script
import { placeBuild as place } from '../../../scripts/place-build.mjs'
import { temporaryFolder } from '../store/fresh-store.ts'

const placeBuild = place as (from: string, to: string) => void

function buildOf(files: Record<string, string>): string {
  const folder = temporaryFolder()
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  return folder
}

const build = (version: number) =>
  buildOf({
    'main/headless.js': `process.on('message', async () => process.send((await import('./chunks/late-${version}.js')).version)); process.send('ready')`,
    [`main/chunks/late-${version}.js`]: `export const version = ${version}`,
    'renderer/index.html': String(version),
  })

const chunks = (out: string) => readdirSync(join(out, 'main', 'chunks')).sort()

it('leaves a program that runs what it has not loaded yet', async () => {
  const out = temporaryFolder()
  writeFileSync(join(out, 'package.json'), '{"type":"module"}')
  placeBuild(build(1), out)
  const running = fork(join(out, 'main', 'headless.js'))
  await once(running, 'message')
  placeBuild(build(2), out)
  placeBuild(build(3), out)
  running.send('go')
  expect((await once(running, 'message'))[0]).toBe(1)
  running.disconnect()
  await once(running, 'exit')
  expect(readFileSync(join(out, 'renderer', 'index.html'), 'utf8')).toBe('3')
})

it('keeps the files of five builds, and whatever is no part of any', () => {
  const out = temporaryFolder()
  mkdirSync(join(out, 'bench'), { recursive: true })
  writeFileSync(join(out, 'bench', 'compiled.js'), '')
  for (const version of [1, 2, 3, 4, 5, 6, 7]) placeBuild(build(version), out)
  expect(chunks(out)).toEqual([3, 4, 5, 6, 7].map((version) => `late-${version}.js`))
  expect(existsSync(join(out, 'bench', 'compiled.js'))).toBe(true)
})

it('leaves nothing that was compiled of the files before', () => {
  const out = buildOf({ 'compiled/v24/0123abcd': '' })
  placeBuild(build(1), out)
  expect(existsSync(join(out, 'compiled'))).toBe(false)
})

it('does not count a build twice that is the same as one before', () => {
  const out = temporaryFolder()
  placeBuild(build(1), out)
  for (let times = 0; times < 6; times++) placeBuild(build(2), out)
  expect(chunks(out)).toEqual(['late-1.js', 'late-2.js'])
})

it('takes away what a build from before this one left behind', () => {
  const out = buildOf({ 'main/headless.js': '', 'main/chunks/old-1.js': '', 'renderer/assets/old-1.js': '' })
  placeBuild(build(1), out)
  expect(chunks(out)).toEqual(['late-1.js', 'old-1.js'])
  for (const version of [2, 3, 4, 5, 6]) placeBuild(build(version), out)
  expect(chunks(out)).not.toContain('old-1.js')
  expect(existsSync(join(out, 'renderer', 'assets', 'old-1.js'))).toBe(false)
})
