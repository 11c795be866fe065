import { execFile } from 'node:child_process'
import { readdir, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { CommandLine } from '../../helpers/command-line.ts'

const root = new URL('../../../', import.meta.url)
const compiled = new URL('out/compiled/', root)

it('what Node has compiled of the program is kept beside it, and read at the next start', async () => {
  const env: NodeJS.ProcessEnv = { ...process.env, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' }
  delete env.NODE_COMPILE_CACHE
  const start = () =>
    promisify(execFile)(process.execPath, [fileURLToPath(new URL('bin/gatehouse.mjs', root)), '--version'], { env })
  await start()
  const { stdout, stderr } = await start()
  const read = `reading cache from ${fileURLToPath(compiled)}`
  const entry = new URL('out/main/headless.js', root).href
  const lines = (stdout + stderr).split('\n').filter((line) => line.includes(read) && line.includes(entry))
  expect(lines.join()).toContain('success')
})

it('so is what it has compiled of the gateway, once that has started', async () => {
  const gatehouse = await CommandLine.create()
  try {
    // By the name that bin/load-compiled.cjs gives it.
    const kept = async () => (await readdir(compiled)).filter((name) => /^\w+-\d+-\d+$/.test(name))
    for (const name of await kept()) await rm(new URL(name, compiled), { force: true })
    const gateway = await gatehouse.serve()
    await expect.poll(kept).not.toEqual([])
    expect((await gateway.stop()).code).toBe(0)
  } finally {
    await gatehouse.close()
  }
})
