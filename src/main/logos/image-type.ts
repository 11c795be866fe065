import { gifSize, icoSize, isPng, jpegSize, pngSize, webpSize } from './image-size.ts'

/**
 * A few bytes can unpack to gigabytes of pixels in the window. Logos are drawn at 36 px; what is larger than this on a
 * side is none.
 */
const MAX_SIDE = 2_048

interface RasterType {
  type: string
  is: (bytes: Buffer) => boolean
  size: (bytes: Buffer) => { width: number; height: number }
}

const rasterTypes: RasterType[] = [
  { type: 'image/png', is: isPng, size: pngSize },
  { type: 'image/jpeg', is: (bytes) => startsWith(bytes, '\xff\xd8\xff'), size: jpegSize },
  { type: 'image/gif', is: (bytes) => startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a'), size: gifSize },
  {
    type: 'image/webp',
    is: (bytes) => startsWith(bytes, 'RIFF') && startsWith(bytes.subarray(8), 'WEBP'),
    size: webpSize,
  },
  { type: 'image/x-icon', is: (bytes) => startsWith(bytes, '\0\0\x01\0'), size: icoSize },
]

/** The media type of an image by its own first bytes, whatever its sender calls it. Undefined for all that is no logo. */
export function imageTypeOf(bytes: Buffer): string | undefined {
  const raster = rasterTypes.find(({ is }) => is(bytes))
  if (raster === undefined) return isSvg(bytes) ? 'image/svg+xml' : undefined
  try {
    const { width, height } = raster.size(bytes)
    return isSide(width) && isSide(height) ? raster.type : undefined
  } catch {
    return undefined
  }
}

function isSide(length: number): boolean {
  return length > 0 && length <= MAX_SIDE
}

function startsWith(bytes: Buffer, text: string): boolean {
  return bytes.toString('latin1', 0, text.length) === text
}

/** An `svg` element behind what may stand before one. A document with entities of its own is refused: they can multiply. */
function isSvg(bytes: Buffer): boolean {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return false
  }
  if (text.includes('<!ENTITY')) return false
  let at = 0
  for (;;) {
    while (/\s/.test(text.charAt(at))) at++
    const opening = prolog.find(({ start }) => text.startsWith(start, at))
    if (opening === undefined) return /^<svg[\s/>]/.test(text.slice(at, at + 5))
    const end = text.indexOf(opening.end, at + opening.start.length)
    if (end === -1) return false
    at = end + opening.end.length
  }
}

const prolog = [
  { start: '<?', end: '?>' },
  { start: '<!--', end: '-->' },
  { start: '<!DOCTYPE', end: '>' },
]
