import type { OpenApiPreview } from '../../shared/contract/openapi.ts'
import type { NewRestSource } from '../../shared/contract/rest.ts'
import { OpenApiReader } from '../rest/openapi/openapi-reader.ts'

/** Reads a document in a thread of this process, within its limits. No gateway is asked, and nothing is written. */
export async function previewOfSource(
  { document, files }: NewRestSource,
  signal: AbortSignal,
): Promise<OpenApiPreview> {
  return await new OpenApiReader().preview(document, files, signal)
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
