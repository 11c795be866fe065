import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { LateDoor } from '../../../src/main/http/late-door.ts'
import type { Door } from '../../../src/main/http/server.ts'

const request = (url: string) => Object.assign(new IncomingMessage(new Socket()), { url })
const response = new ServerResponse(request('/'))

function doorOf() {
  const seen: string[] = []
  const door: Door = {
    handle: ({ url = '' }) => {
      seen.push(url)
      return Promise.resolve(true)
    },
    endStreams: () => void seen.push('end'),
  }
  const late = new LateDoor(['/hooks', '/metrics'], () => {
    seen.push('loaded')
    return Promise.resolve(door)
  })
  return { late, seen }
}

it('loads the door with its first request, once', async () => {
  const { late, seen } = doorOf()
  expect(
    await Promise.all([late.handle(request('/hooks/events?a'), response), late.handle(request('/metrics'), response)]),
  ).toEqual([true, true])
  expect(seen).toEqual(['loaded', '/hooks/events?a', '/metrics'])
})

it('leaves what is not its own to others, and ends what was never begun without loading it', async () => {
  const { late, seen } = doorOf()
  expect(await late.handle(request('/hooksmith'), response)).toBe(false)
  late.endStreams()
  await Promise.resolve()
  expect(seen).toEqual([])
})

it('ends the streams of a door that is loaded', async () => {
  const { late, seen } = doorOf()
  await late.handle(request('/metrics'), response)
  late.endStreams()
  await Promise.resolve()
  await Promise.resolve()
  expect(seen).toEqual(['loaded', '/metrics', 'end'])
})

it('takes whatever is asked for where it is the last one, also what is no path', async () => {
  const seen: string[] = []
  const late = new LateDoor('all', () =>
    Promise.resolve({ handle: ({ url = '' }) => Promise.resolve(seen.push(url) > 0) }),
  )
  expect(await late.handle(request('/'), response)).toBe(true)
  expect(await late.handle(request('http://127.0.0.1/x'), response)).toBe(true)
  expect(seen).toEqual(['/', 'http://127.0.0.1/x'])
})
