const PNG_HEADER = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

interface Size {
  width: number
  height: number
}

export function isPng(bytes: Buffer): boolean {
  return bytes.subarray(0, PNG_HEADER.length).equals(PNG_HEADER)
}

/** Each reads what the image says of itself before it is decoded; throws a RangeError where it ends too soon. */
export function pngSize(bytes: Buffer): Size {
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
}

export function gifSize(bytes: Buffer): Size {
  return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }
}

/** In the first frame header (SOF), behind segments of any kind (ITU T.81, B.1 and B.2.2). */
export function jpegSize(bytes: Buffer): Size {
  for (let at = 2; ;) {
    if (bytes.readUInt8(at) !== 0xff) throw new RangeError('no marker')
    const marker = bytes.readUInt8(at + 1)
    if (isFrameHeader(marker)) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
    // Any number of 0xff may stand before a marker.
    if (marker === 0xff) at += 1
    else at += 2 + Math.max(2, bytes.readUInt16BE(at + 2))
  }
}

/** 0xc0 to 0xcf, but for the tables and the reserved one among them. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

/** One of three kinds: lossy, lossless, extended (RFC 9649, 2.5 to 2.7). */
export function webpSize(bytes: Buffer): Size {
  const kind = bytes.toString('latin1', 12, 16)
  if (kind === 'VP8X') return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }
  if (kind === 'VP8 ') return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }
  if (kind !== 'VP8L') throw new RangeError('no image')
  const bits = bytes.readUInt32LE(21)
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
}

/** The largest of its images. The directory says at most 256, but an image in it may say more of itself. */
export function icoSize(bytes: Buffer): Size {
  const count = bytes.readUInt16LE(4)
  if (count === 0) throw new RangeError('no image')
  const sizes = Array.from({ length: count }, (_, index) => {
    const image = bytes.subarray(bytes.readUInt32LE(6 + index * 16 + 12))
    if (isPng(image)) return pngSize(image)
    // The height of a bitmap counts its mask as well.
    return { width: Math.abs(image.readInt32LE(4)), height: Math.abs(image.readInt32LE(8)) / 2 }
  })
  return { width: Math.max(...sizes.map(({ width }) => width)), height: Math.max(...sizes.map(({ height }) => height)) }
}
