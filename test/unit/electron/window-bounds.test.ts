import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WindowBounds } from '../../../src/main/electron/window-bounds.ts'

const display = { x: 0, y: 0, width: 1920, height: 1080 }
const defaults = { minWidth: 960, minHeight: 640, width: 1180, height: 760, maximized: false }

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-bounds-'))
  file = join(folder, 'window.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the place of the window', () => {
  test('is the default size at first', () => {
    expect(new WindowBounds(file).restore([display])).toEqual(defaults)
  })

  test('is kept', () => {
    new WindowBounds(file).save({ x: 50, y: 60, width: 1000, height: 700 }, true)
    const place = { x: 50, y: 60, width: 1000, height: 700, maximized: true }
    expect(new WindowBounds(file).restore([display])).toEqual({ ...place, minWidth: 960, minHeight: 640 })
  })

  test.each([
    ['left of', { x: -1150, y: 60 }],
    ['right of', { x: 1900, y: 60 }],
    ['above', { x: 50, y: -200 }],
    ['below', { x: 50, y: 1075 }],
  ])('is forgotten when it lies %s every display', (_where, corner) => {
    const bounds = new WindowBounds(file)
    bounds.save({ ...corner, width: 1180, height: 760 }, false)
    expect(bounds.restore([display])).toEqual(defaults)
  })

  test('may be on a second display', () => {
    const bounds = new WindowBounds(file)
    bounds.save({ x: -1500, y: 100, width: 1180, height: 760 }, false)
    expect(bounds.restore([display, { x: -1920, y: 0, width: 1920, height: 1080 }])).toMatchObject({ x: -1500 })
  })

  test.each(['', '{', '{"x":"1"}', '{"x":1,"y":1,"width":10,"height":10,"maximized":false}'])(
    'is the default where the file holds %j',
    (text) => {
      writeFileSync(file, text)
      expect(new WindowBounds(file).restore([display])).toEqual(defaults)
    },
  )

  test('can not be kept in a folder that is gone, and the window closes all the same', () => {
    const bounds = new WindowBounds(join(folder, 'gone', 'window.json'))
    bounds.save({ x: 1, y: 1, width: 1000, height: 700 }, false)
    expect(bounds.restore([display])).toEqual(defaults)
  })
})
