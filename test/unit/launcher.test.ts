import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { launcherOf } from '../../src/main/launcher.ts'

it('launcherOf names programs that are there, by whole paths', () => {
  const { command, args } = launcherOf(fileURLToPath(new URL('../../', import.meta.url)))
  expect([command, ...args].map((path) => existsSync(path))).toEqual([true, true])
  expect(args).toHaveLength(1)
})

it('launcherOf takes the Node that runs us where the package brings none', () => {
  expect(launcherOf('/nowhere').command).toBe(process.execPath)
})
