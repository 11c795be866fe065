import type { OpenApiPreview } from '../../shared/contract/openapi.ts'
import type { NewRestSource } from '../../shared/contract/rest.ts'
import { OpenApiReader } from '../rest/openapi/openapi-reader.ts'
import type { CommandContext } from './command-context.ts'

/** Reads a document in a process of its own, within its limits. No gateway is asked, and nothing is written. */
export async function previewOfSource(
  { installation: { startReading }, signal }: CommandContext,
  { document, files }: NewRestSource,
): Promise<OpenApiPreview> {
  return await new OpenApiReader({ startReading }).preview(document, files, signal)
}

/** A document at an address, which the person who typed it vouches for. No credentials go there. */
export async function fetchSource(url: string, signal: AbortSignal): Promise<NewRestSource> {
  // It brings undici, which most commands do without.
  const { fetchDocument } = await import('../rest/openapi/reading/fetch-document.ts')
  return { kind: 'url', url, document: await fetchDocument(url, undefined, signal) }
}
