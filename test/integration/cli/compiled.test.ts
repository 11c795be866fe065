import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = new URL('../../../', import.meta.url)

it('what Node has compiled of the program is kept beside it, and read at the next start', async () => {
  const env: NodeJS.ProcessEnv = { ...process.env, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' }
  delete env.NODE_COMPILE_CACHE
  const start = () =>
    promisify(execFile)(process.execPath, [fileURLToPath(new URL('bin/gatehouse.mjs', root)), '--version'], { env })
  await start()
  const { stdout, stderr } = await start()
  const read = `reading cache from ${fileURLToPath(new URL('out/compiled/', root))}`
  const entry = new URL('out/main/headless.js', root).href
  const lines = (stdout + stderr).split('\n').filter((line) => line.includes(read) && line.includes(entry))
  expect(lines.join()).toContain('success')
})
