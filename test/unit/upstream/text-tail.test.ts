import { describe, expect, it } from 'vitest'
import { TextTail } from '../../../src/main/upstream/text-tail.ts'

describe('the end of an endless text', () => {
  it('begins with a whole line, so that nothing is known by a part of it', () => {
    const tail = new TextTail(64)
    tail.push(Buffer.from(`key ${'k'.repeat(60)}\nstarted\n`))
    tail.push(Buffer.from('listening\n'))
    expect(tail.lines()).toEqual(['started', 'listening'])
  })

  it('keeps a text that fits, and the end of a line that is longer than all', () => {
    const fits = new TextTail(64)
    fits.push(Buffer.from('one\ntwo'))
    expect(fits.lines()).toEqual(['one', 'two'])
    const long = new TextTail(8)
    long.push(Buffer.from('x'.repeat(100)))
    expect(long.lines()).toEqual(['xxxxxxxx'])
  })

  it('tells the line that names an error, whole', () => {
    const tail = new TextTail(4096)
    tail.push(Buffer.from(`Error: ${'e'.repeat(900)}\n    at main.js:1\nNode.js v24\n`))
    expect(tail.tellingLine()).toBe(`Error: ${'e'.repeat(900)}`)
  })
})
