import { expect, it } from 'vitest'
import { takeMessages, type IncomingMessage } from '../../../src/main/upstream/transport.ts'

it('a message of a batch keeps none of the others in memory', () => {
  const batch = Buffer.from(`[{"a":1},{"b":"${'x'.repeat(100_000)}"}]`)
  const taken: IncomingMessage[] = []
  expect(takeMessages(batch, (message) => taken.push(message))).toBe(true)
  expect(taken.map(({ bytes }) => bytes.length)).toEqual([7, 100_008])
  expect(taken.map(({ bytes }) => bytes.buffer === batch.buffer)).toEqual([false, false])
})

it('a batch without end is noise', () => {
  const taken: IncomingMessage[] = []
  expect(takeMessages(Buffer.from(`[${'{},'.repeat(10_000)}{}]`), (message) => taken.push(message))).toBe(false)
  expect(taken).toEqual([])
})

it('what nests a million deep is noise before it is parsed', () => {
  const deep = Buffer.from(`{"id":1,"result":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`)
  expect(takeMessages(deep, () => expect.unreachable())).toBe(false)
})
