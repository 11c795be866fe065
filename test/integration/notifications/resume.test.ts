import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ChannelsStore } from '../../../src/main/store/channels-store.ts'
import { startCore, type Core } from './core.ts'
import { Receiver } from './receiver.ts'

/** A channel whose service asked to be left alone for days, and works again by now. */
async function leftAlone(): Promise<{ its: Core; id: string; receiver: Receiver }> {
  const receiver = await Receiver.start((_request, response) => {
    response.writeHead(429, { 'retry-after': String(3 * 24 * 3600) }).end()
  })
  const its = await startCore()
  onTestFinished(() => its.close())
  const { id } = await its.webhook(receiver.url)
  await its.rule([id])
  await its.report({ title: 'first', dedupe_key: 'first' })
  await vi.waitFor(async () => expect((await its.list())[0]?.state).toBe('retrying'))
  receiver.answer = (_request, response) => void response.writeHead(204).end()
  return { its, id, receiver }
}

const arrived = (its: Core) =>
  vi.waitFor(async () => expect((await its.list({ state: 'delivered' })).map(({ title }) => title)).toContain('first'))

describe('what waits because a service asked for it', () => {
  it('waits an hour at most', async () => {
    const { its } = await leftAlone()
    const [delivery] = await its.list()
    expect(Date.parse(String(delivery?.next_attempt_at)) - Date.now()).toBeLessThanOrEqual(3_600_000)
  })

  it('is sent at once when a person resumes the channel', async () => {
    const { its, id } = await leftAlone()
    await its.channels.resume('default', id)
    await arrived(its)
  })

  it('is sent at once when a test got through', async () => {
    const { its, id } = await leftAlone()
    expect(await its.channels.test('default', id)).toMatchObject({ ok: true })
    await arrived(its)
  })

  it('is sent at once when the channel has another address', async () => {
    const { its, id, receiver } = await leftAlone()
    const webhook = { url: `${receiver.url}/other`, format: 'json' as const, headers: {}, events: [] }
    await its.channels.update('default', id, { webhook })
    await arrived(its)
  })
})

describe('a channel', () => {
  /** While the disk writes that it is resumed. */
  function meanwhile(happens: () => unknown): void {
    const setHealth = vi.spyOn(ChannelsStore.prototype, 'setHealth').mockImplementation(async () => {
      await happens()
    })
    onTestFinished(() => setHealth.mockRestore())
  }

  it.each(['resume', 'test'] as const)(
    'that is changed at the same time as it is resumed stays changed: %s',
    async (way) => {
      const { its, id } = await leftAlone()
      meanwhile(() => its.channels.update('default', id, { name: 'renamed' }))
      await its.channels[way]('default', id)
      expect(await its.channels.get('default', id)).toMatchObject({ name: 'renamed' })
    },
  )

  it('that is deleted at the same time as it is resumed stays deleted', async () => {
    const { its, id } = await leftAlone()
    meanwhile(() => its.channels.remove('default', id, { leaveRules: true }))
    await expect(its.channels.resume('default', id)).rejects.toMatchObject({ code: 'not_found' })
    expect(await its.channels.list('default')).toEqual([])
  })
})
