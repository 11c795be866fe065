import { describe, expect, it, onTestFinished } from 'vitest'
import { MAX_DOCUMENT_BYTES } from '../../../src/shared/contract/words.ts'
import { corpusSpec } from '../../helpers/openapi-corpus.ts'
import { startTestApp } from '../../helpers/start-app.ts'

async function startDoor() {
  const app = await startTestApp()
  onTestFinished(() => app.close())
  return {
    app,
    preview: async (body: Record<string, unknown> | Buffer<ArrayBuffer>) => {
      const answer = await fetch(`${app.origin}/api/v1/openapi/preview`, {
        method: 'POST',
        headers: { authorization: `Bearer ${app.adminToken}`, 'content-type': 'application/json' },
        body: Buffer.isBuffer(body) ? body : JSON.stringify(body),
      })
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    },
  }
}

interface LargeDocument {
  start?: string
  piece: string
  times: number
  end?: string
}

/** What asks for a document with a piece many times; to make that of a string as large takes seconds. */
function bodyOf({ start = '', piece, times, end = '' }: LargeDocument): Buffer<ArrayBuffer> {
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1)
  const repeated = inJson(piece)
  return Buffer.concat([
    Buffer.from(`{"spec":"${inJson(start)}`),
    Buffer.alloc(repeated.length * times, repeated),
    Buffer.from(`${inJson(end)}"}`),
  ])
}

describe('POST /openapi/preview', () => {
  it('answers with the tools of a document and its files', async () => {
    const { preview } = await startDoor()
    const { text, files } = corpusSpec('petstore-separate__spec__swagger')
    const { status, body } = await preview({ spec: text, files })
    expect(status).toBe(200)
    expect(body).toMatchObject({ format: 'Swagger 2.0', operation_count: 4, source: { kind: 'text', document: null } })
  })

  it('takes a document of 32 MiB that its escapes make larger, serves on meanwhile, and refuses more', async () => {
    const { app, preview } = await startDoor()
    const start = '{"openapi":"3.1.0","paths":{"/a":{"get":{}}},"x":"'
    const document = { start, piece: '\\n', times: (MAX_DOCUMENT_BYTES - start.length - 2) / 2 }
    const imported = preview(bodyOf({ ...document, end: '"}' }))
    const { status: meanwhile } = await fetch(`${app.origin}/api/v1/status`, {
      headers: { authorization: `Bearer ${app.adminToken}` },
    })
    expect(meanwhile).toBe(200)
    expect(await imported).toMatchObject({ status: 200, body: { operation_count: 1 } })
    expect(await preview(bodyOf({ ...document, end: '"}\n\n\n' }))).toMatchObject({
      status: 413,
      body: { error: { code: 'too_large' } },
    })
    expect(await preview(bodyOf({ piece: 'a', times: 100_000_000 }))).toMatchObject({ status: 413 })
  })

  it('says where a document is broken', async () => {
    const { preview } = await startDoor()
    const { status, body } = await preview({ spec: 'openapi: 3.1.0\npaths:\n\t/a: {}\n' })
    expect(status).toBe(422)
    expect(JSON.stringify(body)).toMatch(/Line 3, column 1: .*tab/)
  })
})
