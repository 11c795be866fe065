import { EventEmitter } from 'node:events'
import type { App as ElectronApp } from 'electron'
import { beforeEach, describe, expect, test } from 'vitest'
import { createLogger } from '../../../src/main/base/log.ts'
import { DeepLinks } from '../../../src/main/electron/deep-links.ts'
import { StartInbox } from '../../../src/main/electron/start-inbox.ts'
import type { CallbackOutcome } from '../../../src/main/oauth/callbacks.ts'

const callback = 'gatehouse://oauth/callback?code=the-code&state=the-state'

describe('what starts ask for', () => {
  let app: EventEmitter
  const inboxOf = (...args: string[]) => new StartInbox(app as unknown as Pick<ElectronApp, 'on'>, args)
  const secondStart = (...args: string[]) => app.emit('second-instance', {}, ['/opt/gatehouse', ...args], '/')
  function openUrl(link: string): boolean {
    let prevented = false
    app.emit('open-url', { preventDefault: () => (prevented = true) }, link)
    return prevented
  }
  beforeEach(() => {
    app = new EventEmitter()
  })

  test('is kept until the core is there, in its order, and given at once from then on', () => {
    const inbox = inboxOf('--no-sandbox', '/app', callback)
    expect(openUrl('gatehouse://integration/a')).toBe(true)
    secondStart('--data-dir=/x')
    secondStart('gatehouse://integration/b')
    const received: (string | undefined)[] = []
    inbox.deliverTo((wish) => received.push(wish))
    expect(received).toEqual([callback, 'gatehouse://integration/a', undefined, 'gatehouse://integration/b'])
    secondStart()
    openUrl('gatehouse://integration/c')
    expect(received.slice(4)).toEqual([undefined, 'gatehouse://integration/c'])
  })

  test('without measure is not kept', () => {
    const inbox = inboxOf()
    for (let count = 0; count < 1_000; count++) openUrl('gatehouse://integration/a')
    const received: unknown[] = []
    inbox.deliverTo((wish) => received.push(wish))
    expect(received).toHaveLength(20)
  })
})

describe('a link', () => {
  let taken: string[]
  let shown: unknown[]
  let told: string[]
  let log: string
  let answer: () => Promise<CallbackOutcome | undefined>
  const integration = { workspace: 'team-b', slug: 'github', title: 'GitHub' }

  beforeEach(() => {
    taken = []
    shown = []
    told = []
    log = ''
    answer = () => Promise.resolve({ ok: true, integration, message: 'Signed in.' })
  })

  async function follow(link: string): Promise<void> {
    const links = new DeepLinks({
      core: {
        takeDeepLink: (url) => {
          taken.push(url)
          return answer()
        },
      },
      workspaceWith: (name, workspace) => Promise.resolve(name === 'github' ? (workspace ?? 'default') : undefined),
      show: (at) => shown.push(at),
      tell: (message) => told.push(message),
      log: createLogger({ destination: { write: (line) => void (log += line) } }),
    })
    await links.follow(link)
    expect(log).not.toMatch(/the-code|the-state/)
  }

  test('with the answer of an authorization server shows the integration that is signed in', async () => {
    await follow(callback)
    expect(taken).toEqual([callback])
    expect(shown).toEqual([{ workspace: 'team-b', name: 'github' }])
    expect(told).toEqual([])
  })

  test('that is refused says why, on the integration where one is known', async () => {
    answer = () => Promise.resolve({ ok: false, integration, message: 'It was refused. Sign in again.' })
    await follow(callback)
    expect(shown).toEqual([{ workspace: 'team-b', name: 'github' }])
    expect(told).toEqual(['It was refused. Sign in again.'])
    expect(log).toContain('was refused')
  })

  test('that nobody waits for opens nothing on an integration', async () => {
    answer = () => Promise.resolve({ ok: false, message: 'This sign-in is not known.' })
    await follow(callback)
    expect(shown).toEqual([undefined])
    expect(told).toEqual(['This sign-in is not known.'])
  })

  test('that the core does not know is ignored', async () => {
    answer = () => Promise.resolve(undefined)
    await follow(callback)
    expect([...shown, ...told]).toEqual([])
    expect(log).toContain('gatehouse://oauth/callback"')
  })

  test('that the core fails at is told', async () => {
    answer = () => Promise.reject(new Error('The vault is locked.'))
    await follow(callback)
    expect(shown).toEqual([undefined])
    expect(told).toEqual(['The vault is locked.'])
  })

  test('to an integration shows it, where it is here', async () => {
    await follow('gatehouse://integration/github')
    await follow('gatehouse://integration/github?workspace=team-b')
    await follow('gatehouse://integration/nobody')
    expect(shown).toEqual([
      { workspace: 'default', name: 'github' },
      { workspace: 'team-b', name: 'github' },
    ])
    expect(taken).toEqual([])
    expect(log).toContain('nobody')
  })

  test.each(['gatehouse://integrations/add?command=the-code', 'gatehouse://oauth/done?state=the-state', 'gatehouse:'])(
    '%s does nothing, and is noted without what it carries',
    async (link) => {
      await follow(link)
      expect([...taken, ...shown, ...told]).toEqual([])
      expect(log).toContain('ignored')
    },
  )
})
