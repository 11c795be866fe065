import { pipeline, type Readable, type Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { AppError } from '../../base/app-error.ts'

const hasZstd = 'createZstdDecompress' in zlib

/** What can be unpacked here, for `Accept-Encoding`. */
export const ACCEPT_ENCODING = hasZstd ? 'gzip, deflate, br, zstd' : 'gzip, deflate, br'

/** The body without its content codings. Bytes come as they are read, so that who reads decides how many there will be. */
export function decodedBody(body: Readable, contentEncoding: string): Readable {
  const codings = contentEncoding
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity')
  // More than one is never used but to make a small body a large one.
  const decoders = codings.reverse().map(decoderFor)
  if (codings.length > 2 || decoders.includes(undefined)) {
    body.on('error', () => undefined).destroy()
    throw broken(contentEncoding)
  }
  return decoders.reduce<Readable>((stream, decoder) => {
    if (decoder === undefined) return stream
    // Its error, and that of the body, comes out of the last stream.
    pipeline(stream, decoder, () => undefined)
    return decoder
  }, body)
}

function decoderFor(coding: string): Transform | undefined {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip()
    case 'deflate':
      return zlib.createInflate()
    case 'br':
      return zlib.createBrotliDecompress()
    case 'zstd':
      return hasZstd ? zlib.createZstdDecompress() : undefined
    default:
      return undefined
  }
}

function broken(contentEncoding: string): AppError {
  return new AppError('upstream_invalid', {
    message: `The API sends its answer as ${JSON.stringify(contentEncoding.slice(0, 60))}, which can not be unpacked here.`,
  })
}
