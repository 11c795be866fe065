import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CommandLine } from '../../helpers/command-line.ts'

let source: CommandLine
let target: CommandLine
beforeAll(async () => {
  source = await CommandLine.create()
  target = await CommandLine.create()
})
afterAll(async () => {
  await source.close()
  await target.close()
})

it('carries a workspace from one machine to another, and says which secrets are missing there', async () => {
  const file = join(source.dataDir, 'gatehouse.yaml')
  await source.run(['add', 'docs', 'http://127.0.0.1:9/mcp', '--transport', 'http', '--bearer-stdin'], {
    input: 'canary-token-9876',
  })
  expect(await source.run(['export', file])).toMatchObject({ code: 0, stdout: `Wrote ${file}. It holds no secrets.\n` })
  expect(await readFile(file, 'utf8')).not.toContain('canary')
  expect((await source.run(['export', file])).stderr).toContain('it is there already. Use --force')
  expect((await source.runProcess(['export'])).stdout).toBe(await readFile(file, 'utf8'))

  const dry = await target.run(['apply', file, '--dry-run'])
  expect(dry).toMatchObject({ code: 0 })
  expect(dry.stdout).toContain('+ integration docs\n')
  expect(
    (await target.json<{ items: { source: string }[] }>(['list'])).items.some((one) => one.source === 'custom'),
  ).toBe(false)

  const done = await target.run(['apply', file])
  expect(done).toMatchObject({ code: 0 })
  expect(done.stdout).toContain('docs still needs: api_token. Enter them on its Connection tab.')
  expect((await target.run(['apply', file])).stdout).toMatch(/^= \d items as it should be\n/)
  const again = await target.json<{ items: { action: string }[] }>(['apply', file, '--dry-run'])
  expect(new Set(again.items.map(({ action }) => action))).toEqual(new Set(['unchanged']))
})

it('reads standard input, and refuses a document with words that name the place', async () => {
  const given = await target.runProcess(['apply', '-'], {
    input: JSON.stringify({ mcpServers: { notes: { url: 'http://127.0.0.1:9/mcp' } } }),
  })
  expect(given).toMatchObject({ code: 0, stdout: '+ integration notes\n' })

  const file = join(target.dataDir, 'newer.yaml')
  await writeFile(file, 'gatehouse: 9\n')
  const newer = await target.run(['apply', file])
  expect(newer.code).toBe(1)
  expect(newer.stderr).toContain(`${file} can't be applied: This export was made by a newer Gatehouse`)
  const broken = await target.run(['apply', '-', '--json'], { input: 'gatehouse: 1\nagents: [' })
  expect(JSON.parse(broken.stdout)).toMatchObject({ error: { code: 'invalid_input' } })
  expect(broken.stdout).toContain('line 2, column 10')
})
