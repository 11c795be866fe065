import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
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
