import { writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { OpenApiReader, type OpenApiReaderOptions } from '../../../src/main/rest/openapi/openapi-reader.ts'
import { corpusSpec } from '../../helpers/openapi-corpus.ts'

const SPEC = JSON.stringify({ openapi: '3.1.0', info: { title: 'T', version: '1' }, paths: { '/a': { get: {} } } })
const never = () => new AbortController().signal

function readerWith(options: OpenApiReaderOptions = {}): OpenApiReader {
  const reader = new OpenApiReader(options)
  onTestFinished(() => reader.close())
  return reader
}

/** A thread that does something else than to read. */
function threadOf(source: string): URL {
  const folder = mkdtempSync(join(tmpdir(), 'reader-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'worker.mjs')
  writeFileSync(file, `import { parentPort, workerData } from 'node:worker_threads'\n${source}\n`)
  return pathToFileURL(file)
}

const LOOP = 'for (;;) {}'

describe('the process that reads documents', () => {
  it('reads from source, with files beside the document, while the process goes on', async () => {
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    onTestFinished(() => clearInterval(timer))
    const { text, files } = corpusSpec('petstore-separate__spec__swagger')
    const preview = await readerWith().preview(text, files, never())
    expect(preview).toMatchObject({ format: 'Swagger 2.0', operation_count: 4 })
    expect(preview.tools).toHaveLength(4)
    expect(ticks).toBeGreaterThan(1)
  })

  it('passes a refusal on as it is', async () => {
    await expect(readerWith().preview('a:\n\tb: 1', undefined, never())).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/^Line 2, column 1: .*tab/) as unknown,
      details: [{ path: 'spec' }],
    })
  })

  it('refuses a text of 100 MB', async () => {
    await expect(readerWith().preview('a'.repeat(100_000_000), undefined, never())).rejects.toMatchObject({
      code: 'too_large',
    })
  })

  it('hands over no tools that could not be written out, whatever it was asked', { timeout: 60_000 }, async () => {
    const field = { description: 'x'.repeat(60) }
    const fields = Array.from({ length: 400 }, (_, index): [string, object] => [`field_${index}`, field])
    const schema = { type: 'object', properties: { b: { $ref: '#/components/schemas/Big' } } }
    const post = { requestBody: { content: { 'application/json': { schema } } } }
    const text = JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'T', version: '1' },
      components: { schemas: { Big: { type: 'object', properties: Object.fromEntries(fields) } } },
      paths: Object.fromEntries(Array.from({ length: 8_000 }, (_, index) => [`/a${index}`, { post }])),
    })
    const reader = readerWith()
    const task = { former: null, newer: { text }, tools: [] }
    const message = expect.stringMatching(/^The tools of this document would take \d+ MiB\./) as string
    const matched = { code: 'too_large', message }
    await expect(reader.compare(task, never())).rejects.toMatchObject(matched)
    const choice = { add: [], change: [], remove: [] }
    await expect(reader.apply({ ...task, choice }, never())).rejects.toMatchObject(matched)
  })

  it('is stopped when it takes too long, and the next document is read', async () => {
    const slow = readerWith({ timeoutMs: 200, workerUrl: threadOf(LOOP) })
    const [first, second] = await Promise.allSettled([slow.preview(SPEC, {}, never()), slow.preview(SPEC, {}, never())])
    for (const outcome of [first, second]) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: 'too_large', message: expect.stringMatching(/0\.2 s/) as unknown },
      })
    }
  })

  it.each([
    ['objects', 'const kept = []; for (;;) kept.push({ a: [kept.length] })'],
    ['texts', 'const kept = []; for (;;) kept.push(JSON.parse(JSON.stringify("x".repeat(1e5)) ))'],
  ])('may run out of memory with %s, and the process lives', async (_name, source) => {
    const reader = readerWith({ heapMiB: 64, workerUrl: threadOf(source) })
    await expect(reader.preview(SPEC, {}, never())).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringMatching(/64 MiB of memory/) as unknown,
    })
  })

  it('may be ended by V8, which a thread that asks for much at once takes with it', async () => {
    const source = 'const kept = []; for (let size = 2 ** 22; ; size *= 2) kept.push(new Array(size).fill({}))'
    const reader = readerWith({ heapMiB: 64, workerUrl: threadOf(source) })
    await expect(reader.preview(SPEC, {}, never())).rejects.toMatchObject({ code: 'too_large' })
  })

  it('is not let near the end of its memory by JSON, where the process would end with it', async () => {
    const text = `{"openapi":"3.1.0","x":[${'[],'.repeat(8_000_000)}1]}`
    await expect(readerWith().preview(text, {}, never())).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/2,000,000 values/) as unknown,
    })
  })

  it('may run out of memory with a document', async () => {
    const text = `openapi: 3.1.0\nx:\n${'- {a: [b]}\n'.repeat(200_000)}`
    await expect(readerWith({ heapMiB: 64 }).preview(text, {}, never())).rejects.toMatchObject({ code: 'too_large' })
  })

  it.each([
    ['throws', 'throw new Error("broken")'],
    ['ends without an answer', ''],
    ['answers with a fault', 'parentPort.postMessage({ fault: "broken" })'],
    ['exits', 'process.exit(3)'],
  ])('fails when it %s', async (_name, source) => {
    await expect(readerWith({ workerUrl: threadOf(source) }).preview(SPEC, {}, never())).rejects.toThrow(
      /ended with|broken/,
    )
  })

  it('gets neither the environment of the process nor its flags', async () => {
    const source = 'parentPort.postMessage({ result: [Object.keys(process.env), process.execArgv] })'
    expect(await readerWith({ workerUrl: threadOf(source) }).preview(SPEC, {}, never())).toEqual([[], []])
  })

  it('ends when the caller leaves or the reader closes', async () => {
    const reader = new OpenApiReader({ workerUrl: threadOf(LOOP) })
    const caller = new AbortController()
    const left = reader.preview(SPEC, {}, caller.signal)
    const waiting = reader.preview(SPEC, {}, never())
    caller.abort(new Error('the caller left'))
    await expect(left).rejects.toThrow('the caller left')
    const closing = expect(waiting).rejects.toThrow('the reader was closed')
    await reader.close()
    await closing
    await expect(reader.preview(SPEC, {}, never())).rejects.toThrow('the reader was closed')
  })

  it('lets eight documents wait, and turns more away', async () => {
    const reader = new OpenApiReader({ workerUrl: threadOf(LOOP) })
    const waiting = Array.from({ length: 9 }, () => reader.preview(SPEC, {}, never()))
    const settled = Promise.allSettled(waiting)
    await expect(reader.preview(SPEC, {}, never())).rejects.toMatchObject({ code: 'rate_limited' })
    await reader.close()
    expect((await settled).every(({ status }) => status === 'rejected')).toBe(true)
  })
})
