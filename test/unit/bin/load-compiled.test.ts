import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../store/fresh-store.ts'

const require = createRequire(import.meta.url)
const { loadCompiled } = require('../../../bin/load-compiled.cjs') as {
  loadCompiled: (file: string, folder: string, keepAfterMs: number) => Program
}

interface Program {
  answer: () => number
  late: () => Program
  whoAsked: () => unknown
}

const text = (answer: number) => `"use strict";
exports.answer = function () { return ${answer} };
exports.whoAsked = function () { return this };
exports.late = () => require('./late.cjs');`

/** A program of its own, with what it loads late, and where what Node compiled of it is to be kept. */
function program(answer = 42) {
  const folder = temporaryFolder()
  const file = join(folder, 'program.cjs')
  writeFileSync(file, text(answer))
  writeFileSync(join(folder, 'late.cjs'), `module.exports = require('./program.cjs')`)
  const compiled = join(folder, 'compiled', 'inside')
  return {
    folder,
    file,
    compiled,
    kept: () => join(compiled, readdirSync(compiled)[0] ?? ''),
    /** A start: what was kept of an earlier one is all that this one knows. */
    start: async (work: (program: Program) => unknown = () => undefined) => {
      const loaded = loadCompiled(file, compiled, 0)
      work(loaded)
      // The same delay, and begun after: what is to be kept is.
      await wait(0)
      return loaded
    },
  }
}

it('loads a program, which finds itself in what it loads later', async () => {
  const loaded = await program().start()
  expect(loaded.answer()).toBe(42)
  expect(loaded.late()).toBe(loaded)
})

it('is the same program to what it loads later where a link leads to it', async () => {
  const { folder, compiled } = program()
  const link = join(temporaryFolder(), 'link')
  symlinkSync(folder, link)
  const loaded = loadCompiled(join(link, 'program.cjs'), compiled, 0)
  await wait(0)
  expect(loaded.late()).toBe(loaded)
})

it('keeps a program as strict as it is written', async () => {
  const { whoAsked } = await program().start()
  expect(whoAsked()).toBeUndefined()
})

it('keeps for this user alone what was compiled, with what was called by then', async () => {
  const [idle, busy] = [program(), program()]
  await idle.start()
  await busy.start((loaded) => loaded.answer())
  expect(statSync(busy.kept()).mode & 0o777).toBe(0o600)
  expect(statSync(busy.kept()).size).toBeGreaterThan(statSync(idle.kept()).size)
})

it('takes what was kept, and keeps it no second time', async () => {
  const { start, kept } = program()
  await start()
  const { ino } = statSync(kept())
  expect((await start()).answer()).toBe(42)
  expect(statSync(kept()).ino).toBe(ino)
})

it('takes nothing that was kept of another text, as long as this one', async () => {
  const { file, start, compiled } = program(42)
  await start((loaded) => loaded.answer())
  writeFileSync(file, text(43))
  expect((await start()).answer()).toBe(43)
  expect(readdirSync(compiled)).toHaveLength(2)
})

it.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, -8)],
  ['not what was written', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([0xff])])],
  ['empty', () => Buffer.alloc(0)],
])('takes nothing that is %s, and keeps it anew', async (_what, damage) => {
  const { start, kept } = program()
  await start()
  const whole = readFileSync(kept())
  writeFileSync(kept(), damage(whole))
  expect((await start()).answer()).toBe(42)
  expect(readFileSync(kept()).length).toBe(whole.length)
})

it('starts where nothing can be kept', async () => {
  const { file } = program()
  const loaded = loadCompiled(file, join(file, 'no folder'), 0)
  await wait(0)
  expect(loaded.answer()).toBe(42)
})
