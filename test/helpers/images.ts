/** Small real images, 3 pixels wide and 2 high (the lossless WebP and the GIF 1 by 1). */
const base64 = {
  png: 'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAYAAACddGYaAAAAEklEQVR4AWLiS0v4D8NMDEgAAAAA//8+F3IwAAAABklEQVQDAGbsBX7CHUILAAAAAElFTkSuQmCC',
  jpeg: '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////////////////////////2wBDAVVaWnhpeOuCguv/////////////////////////////////////////////////////////////////////////wAARCAACAAMDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAQP/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCQBTf/2Q==',
  webp: 'UklGRi4AAABXRUJQVlA4ICIAAABwAQCdASoDAAIAB0CWJaACdAFAAAD+5ehig5ZzfyF2AAAA',
  webpExtended: 'UklGRkAAAABXRUJQVlA4WAoAAAAAAAAAAgAAAQAAVlA4ICIAAABwAQCdASoDAAIAB0CWJaACdAFAAAD+5ehig5ZzfyF2AAAA',
  webpLossless: 'UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==',
  gif: 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
}

const decoded = Object.fromEntries(Object.entries(base64).map(([name, text]) => [name, Buffer.from(text, 'base64')]))

const svgText =
  '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"><rect width="3" height="2" fill="#0e6660"/></svg>'

export const images = {
  ...(decoded as Record<keyof typeof base64, Buffer>),
  ico: icoOf(Buffer.from(base64.png, 'base64')),
  svg: Buffer.from(svgText),
}

/** An icon with one image in it. */
export function icoOf(image: Buffer): Buffer {
  const head = Buffer.alloc(22)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(1, 4)
  head.writeUInt8(3, 6)
  head.writeUInt8(2, 7)
  head.writeUInt32LE(image.length, 14)
  head.writeUInt32LE(head.length, 18)
  return Buffer.concat([head, image])
}
