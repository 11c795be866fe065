import type { PreviewServer } from '../../../shared/contract/openapi.ts'

/** The address of a server with these values in place of its variables; those that are left out have their defaults. */
export function serverUrl({ template, variables }: PreviewServer, values: Readonly<Record<string, string>>): string {
  return variables.reduce(
    (url, { name, default: usual }) => url.replaceAll(`{${name}}`, values[name] ?? usual),
    template,
  )
}

/** Without a host it says only what stands behind one. */
export function isWhole(url: string): boolean {
  return /^https?:\/\//i.test(url)
}

/** `/v1` behind the host of the address that the document came from, if it came from one. */
export function wholeUrl(url: string, documentUrl: string | undefined): string {
  if (url === '' || isWhole(url) || documentUrl === undefined) return url
  return (URL.parse(url, documentUrl)?.href ?? url).replace(/\/$/, '')
}
