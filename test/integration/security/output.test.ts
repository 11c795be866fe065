import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startTestApp, type Client, type TestApp } from '../../helpers/start-app.ts'

const SECRET = 'canary-4c77-0123456789-abcdefghij-klmnopqrst'
/** So much of a secret is a leak. */
const PARTS = [SECRET.slice(0, 12), SECRET.slice(12, 24), SECRET.slice(24, 36)]

/** Writes its secret to both outputs in every way that a filter may miss, a word after each to be waited for. */
const speaker = `
const secret = process.env.SECRET
const half = secret.slice(0, 20), rest = secret.slice(20)
const ways = {
  'as it is': secret,
  'coloured within': half + '\\x1b[31m' + rest,
  'with a title within': half + '\\x1b]0;title\\x07' + rest,
  'with an escape that ends nowhere': half + '\\x1b]' + '\\x07' + rest,
  'where a line is cut': 'x'.repeat(4 * 1024 - 30) + secret,
  'where a line without an end is cut': 'x'.repeat(16 * 1024) + secret + 'x'.repeat(16 * 1024),
  'in base64': Buffer.from('user:' + secret).toString('base64'),
}
const words = process.argv[2] === 'out' ? process.stdout : process.stderr
const entries = Object.entries(ways)
const next = () => {
  const [way, text] = entries.shift() ?? []
  if (way === undefined) { words.write(half); setTimeout(() => words.write(rest + '\\nall was said\\n'), 150); return }
  words.write(text + '\\n' + way + '\\n', () => setTimeout(next, 120))
}
next()
process.stdin.resume()
process.stdin.on('end', () => process.exit())
`

let app: TestApp
let client: Client
let file = ''
beforeAll(async () => {
  app = await startTestApp()
  file = join(app.dataDir, 'speaker.cjs')
  await writeFile(file, speaker)
  client = app.client()
})
afterAll(() => app.close())

describe.each(['err', 'out'])('a process that writes its secret to std%s', (stream) => {
  it('gets no part of it into its output, its state or the answer of a call', async () => {
    await client.integrations.create({
      name: `speaker-${stream}`,
      mcp: { transport: 'stdio', command: process.execPath, args: [file, stream], env: {} },
      credentials: { env: { SECRET } },
    })
    const lines = async () => (await client.integrations.output({ name: `speaker-${stream}` })).items
    await vi.waitFor(async () => {
      if (!JSON.stringify(await lines()).includes('all was said')) throw new Error('it still speaks')
    }, 15_000)
    const text = JSON.stringify([await lines(), await client.integrations.get({ name: `speaker-${stream}` })])
    expect(text).toContain('coloured within')
    for (const part of PARTS) expect(text).not.toContain(part)
    expect((await lines()).filter(({ text: words }) => /[\x00-\x1f\x7f]/.test(words))).toEqual([])
  })
})
