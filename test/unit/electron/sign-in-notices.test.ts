import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Integration } from '../../../src/shared/contract/integrations.ts'
import { SignInNotices, type Notice } from '../../../src/main/electron/sign-in-notices.ts'

let onScreen: Notice[]
let notices: SignInNotices

beforeEach(() => {
  vi.useFakeTimers()
  onScreen = []
  notices = new SignInNotices({
    show: (notice) => {
      onScreen.push(notice)
      return { close: () => void (onScreen = onScreen.filter((other) => other !== notice)) }
    },
    titleOf: ({ name }) => (name === 'gone' ? Promise.reject(new Error('gone')) : Promise.resolve(name.toUpperCase())),
  })
})
afterEach(() => {
  notices.close()
  vi.useRealTimers()
})

function needed(integration: string, reason: 'ended' | 'scope' | 'expires_soon' = 'ended', message = 'Sign in again.') {
  notices.needed('default', { type: 'authorization_needed', integration, reason, message })
}
const gathered = () => vi.advanceTimersByTimeAsync(1_000)
const titles = () => onScreen.map(({ title }) => title)

function changed(name: string, state: 'signed_in' | 'ended', missing: string[] = []) {
  const oauth = { state, missing_scopes: missing } as unknown as Integration['oauth']
  notices.changed('default', { name, oauth })
}

test.each([
  ['ended', 'Sign in to GITHUB'],
  ['scope', 'GITHUB asks for more access'],
  ['expires_soon', 'The sign-in to GITHUB ends soon'],
] as const)('%s is told with what to do, and leads to the integration', async (reason, title) => {
  needed('github', reason, 'What to do.')
  await gathered()
  expect(onScreen).toEqual([{ title, body: 'What to do.', integration: { workspace: 'default', name: 'github' } }])
})

test('of an integration only the newest is told', async () => {
  needed('github', 'expires_soon')
  needed('github', 'ended')
  await gathered()
  expect(titles()).toEqual(['Sign in to GITHUB'])
  needed('github', 'scope')
  await gathered()
  expect(titles()).toEqual(['GITHUB asks for more access'])
})

test('many at once are one matter', async () => {
  for (const name of ['a', 'b', 'c', 'd']) needed(name)
  await gathered()
  expect(onScreen).toEqual([{ title: '4 integrations need you to sign in', body: 'Open Gatehouse to see which.' }])
})

test('an integration whose title can not be had is told by its name', async () => {
  needed('gone')
  await gathered()
  expect(titles()).toEqual(['Sign in to gone'])
})

describe('what is mended is taken back', () => {
  test('a sign-in', async () => {
    needed('github')
    changed('github', 'signed_in')
    await gathered()
    expect(titles(), 'news from before is no news of it').toHaveLength(1)
    changed('github', 'ended')
    changed('other', 'signed_in')
    expect(titles()).toHaveLength(1)
    changed('github', 'signed_in')
    expect(titles()).toEqual([])
  })

  test('more access, once it is granted', async () => {
    needed('github', 'scope')
    await gathered()
    changed('github', 'signed_in', ['tools:write'])
    expect(titles()).toHaveLength(1)
    changed('github', 'signed_in')
    expect(titles()).toEqual([])
  })

  test('a sign-in that ends soon is still one, so its warning stays', async () => {
    needed('github', 'expires_soon')
    await gathered()
    changed('github', 'signed_in')
    expect(titles()).toHaveLength(1)
  })

  test('whatever it was, with the integration', async () => {
    needed('github', 'expires_soon')
    await gathered()
    notices.removed('default', 'github')
    expect(titles()).toEqual([])
  })
})

test('nothing is left on the screen at the end, and nothing comes any more', async () => {
  needed('github')
  await gathered()
  needed('slack')
  notices.close()
  await gathered()
  expect(titles()).toEqual([])
})
