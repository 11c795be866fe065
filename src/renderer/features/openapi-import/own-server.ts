import type { ImportState } from './import-state.ts'
import { isWhole, wholeUrl } from './server-url.ts'

/** The address that a document names where it is another than the integration's, into which it is imported. */
export function ownServerOf({ preview }: Pick<ImportState, 'preview'>, baseUrl: string): string | undefined {
  const own = wholeUrl(preview.base_url, preview.source.url)
  return isWhole(own) && withoutEnd(own) !== withoutEnd(baseUrl) ? own : undefined
}

function withoutEnd(url: string): string {
  return url.replace(/\/+$/, '')
}
