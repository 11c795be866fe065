import { imageTypeOf } from './image-type.ts'
import type { LogoFiles } from './logo-files.ts'

const ROOT = '/logos/'

export interface ServedLogo {
  body: Buffer<ArrayBuffer>
  headers: Record<string, string>
}

/** Where the console finds a logo, in the window and over HTTP. */
export function logoPath(name: string): string {
  return ROOT + name
}

/**
 * The logo at the path of a URL; undefined where there is none. Threat: an image from elsewhere that is opened as a page
 * of the console's origin. An SVG could carry scripts, so each has a policy of its own that runs nothing, and its type is
 * what its bytes say.
 */
export async function readServedLogo(files: LogoFiles, path: string): Promise<ServedLogo | undefined> {
  const body = path.startsWith(ROOT) ? await files.read(path.slice(ROOT.length)) : undefined
  const type = body && imageTypeOf(body)
  if (body === undefined || type === undefined) return undefined
  return {
    body,
    headers: {
      'content-type': type,
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      // The name is the hash of the content.
      'cache-control': 'private, max-age=31536000, immutable',
    },
  }
}
