import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { temporaryDataDir } from './helpers/desktop.ts'

const gatehouse = resolve(import.meta.dirname, '../../bin/gatehouse.mjs')

// Other tests of the command line run the sources; a bundle can break what they can't see.
it('reads an OpenAPI document in a thread of its own', async () => {
  const dataDir = await temporaryDataDir()
  const file = join(dataDir, 'api.yaml')
  await writeFile(
    file,
    'openapi: 3.1.0\ninfo: {title: Orders, version: "1"}\npaths: {/orders: {get: {operationId: list}}}\n',
  )
  const args = ['import', 'openapi', file, '--preview', '--json', '--data-dir', dataDir]
  const { stdout } = await promisify(execFile)(process.execPath, [gatehouse, ...args])
  expect(JSON.parse(stdout)).toMatchObject({
    title: 'Orders',
    tools: [{ name: 'list', method: 'GET', path: '/orders' }],
  })
})

// Windows has no way to become another process, and starts with the smaller one.
it.skipIf(process.platform === 'win32')(
  'serves with a young generation that calls fit into, as the process that was started',
  async () => {
    const args = ['serve', '--port', '0', '--json', '--data-dir', await temporaryDataDir()]
    const server = spawn(process.execPath, [gatehouse, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      const [line] = (await once(createInterface(server.stdout), 'line')) as [string]
      expect(JSON.parse(line)).toMatchObject({ event: 'ready', pid: server.pid })
      const { stdout } = await promisify(execFile)('ps', ['-o', 'args=', '-p', String(server.pid)])
      expect(stdout).toContain('--max-semi-space-size=4')
    } finally {
      server.kill('SIGTERM')
      await once(server, 'exit')
    }
  },
)
