import type { OpenApiPreview } from '../../shared/contract/openapi.ts'
import type { NewRestSource } from '../../shared/contract/rest.ts'

/** Reads a document in this process, in a thread of its own within limits. No gateway is asked, and nothing is written. */
export async function previewOfSource(source: NewRestSource, _signal: AbortSignal): Promise<OpenApiPreview> {
  const { importTasks } = await import('../rest/openapi/import-tasks.ts')
  return importTasks.preview({ text: source.document, files: source.files })
}

/** A document at an address, which the person who typed it vouches for. */
export async function fetchSource(address: string, signal: AbortSignal): Promise<NewRestSource> {
  const { safeFetch } = await import('../base/safe-fetch.ts')
  const url = new URL(address)
  const bytes = await safeFetch(url, {
    maxBytes: 32 * 1024 * 1024,
    timeoutMs: 30_000,
    accept: '*/*',
    signal,
    privateOrigin: url.origin,
  })
  return { kind: 'url', url: address, document: bytes.toString('utf8') }
}
