import { describe, expect, it } from 'vitest'
import { imageTypeOf } from '../../../src/main/logos/image-type.ts'
import { icoOf, images } from '../../helpers/images.ts'

/** The image with other numbers at a place of its header. */
function changed(image: Buffer, write: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(image)
  write(copy)
  return copy
}

describe('the type of an image', () => {
  it.each([
    ['png', 'image/png'],
    ['jpeg', 'image/jpeg'],
    ['gif', 'image/gif'],
    ['webp', 'image/webp'],
    ['webpExtended', 'image/webp'],
    ['webpLossless', 'image/webp'],
    ['ico', 'image/x-icon'],
    ['svg', 'image/svg+xml'],
  ] as const)('is told by its bytes: %s', (name, type) => expect(imageTypeOf(images[name])).toBe(type))

  it('is told of an icon that holds a bitmap', () => {
    const bitmap = Buffer.alloc(40)
    bitmap.writeUInt32LE(40, 0)
    bitmap.writeInt32LE(32, 4)
    bitmap.writeInt32LE(64, 8)
    expect(imageTypeOf(icoOf(bitmap))).toBe('image/x-icon')
  })

  it.each([
    ['declaration', '<?xml version="1.0" encoding="UTF-8"?>\n'],
    ['byte order mark', '\ufeff'],
    ['comment', '<!-- <html> made by hand -->\r\n'],
    ['doctype', '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'],
  ])('is told of an SVG behind a %s', (_what, before) => {
    expect(imageTypeOf(Buffer.concat([Buffer.from(before), images.svg]))).toBe('image/svg+xml')
  })

  it.each([
    ['nothing', ''],
    ['a page', '<!DOCTYPE html><html><svg></svg></html>'],
    ['a page behind a comment', '<!-- <svg> --><html></html>'],
    ['an unfinished comment', '<!-- <svg></svg>'],
    ['another element', '<svgx></svgx>'],
    ['text', 'svg'],
    ['a script', 'GIF=1;alert(1)'],
    ['entities that multiply', '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>'],
    ['entities behind a quoted mark', '<!DOCTYPE svg PUBLIC "><svg " "x" [<!ENTITY a "aaaa">]><svg>&a;</svg>'],
  ])('is unknown of %s', (_what, text) => expect(imageTypeOf(Buffer.from(text))).toBeUndefined())

  it('is unknown of an SVG that is not UTF-8', () => {
    expect(imageTypeOf(Buffer.from(images.svg.toString(), 'utf16le'))).toBeUndefined()
  })

  it.each(['png', 'jpeg', 'gif', 'webp', 'webpExtended', 'webpLossless', 'ico'] as const)(
    'is unknown where the image ends before its size: %s',
    (name) => {
      for (let length = 0; length < 10; length++) expect(imageTypeOf(images[name].subarray(0, length))).toBeUndefined()
    },
  )
})

describe('an image that would unpack to too many pixels', () => {
  const sof = images.jpeg.indexOf(Buffer.from([0xff, 0xc0]))
  const { png, jpeg, gif, webp, webpExtended, webpLossless } = images
  it.each([
    ['png', (side: number) => changed(png, (copy) => copy.writeUInt32BE(side, 16))],
    ['png', (side: number) => changed(png, (copy) => copy.writeUInt32BE(side, 20))],
    ['jpeg', (side: number) => changed(jpeg, (copy) => copy.writeUInt16BE(side, sof + 5))],
    ['jpeg', (side: number) => changed(jpeg, (copy) => copy.writeUInt16BE(side, sof + 7))],
    ['gif', (side: number) => changed(gif, (copy) => copy.writeUInt16LE(side, 6))],
    ['gif', (side: number) => changed(gif, (copy) => copy.writeUInt16LE(side, 8))],
    ['webp', (side: number) => changed(webp, (copy) => copy.writeUInt16LE(side, 26))],
    ['webp', (side: number) => changed(webp, (copy) => copy.writeUInt16LE(side, 28))],
    ['extended webp', (side: number) => changed(webpExtended, (copy) => copy.writeUIntLE(side - 1, 24, 3))],
    ['extended webp', (side: number) => changed(webpExtended, (copy) => copy.writeUIntLE(side - 1, 27, 3))],
    ['lossless webp', (side: number) => changed(webpLossless, (copy) => copy.writeUInt32LE(side - 1, 21))],
    ['lossless webp', (side: number) => changed(webpLossless, (copy) => copy.writeUInt32LE((side - 1) << 14, 21))],
    ['png in an icon', (side: number) => icoOf(changed(png, (copy) => copy.writeUInt32BE(side, 16)))],
  ])('is none: %s', (_name, ofSide) => {
    expect(imageTypeOf(ofSide(2_048))).toBeDefined()
    expect(imageTypeOf(ofSide(2_049))).toBeUndefined()
  })
})
