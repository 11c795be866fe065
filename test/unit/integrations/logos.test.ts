import { createHash } from 'node:crypto'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { images } from '../../helpers/images.ts'
import { freshProfile, httpInput, start, type Profile, type Started } from './service-fixture.ts'

const workspace = 'default'
const url = (name: string) => `https://logos.example/${name}`
const pathOf = (image: Buffer) => `/logos/${createHash('sha256').update(image).digest('hex')}`
const folder = (profile: Profile) => join(dirname(profile.file), 'logos')
const stored = (profile: Profile) =>
  existsSync(folder(profile)) ? readdirSync(folder(profile)).map((name) => `/logos/${name}`) : []

/** A network whose answers the test gives. */
class Logos {
  readonly open: { url: string; answer: (image: Buffer) => void; fail: (error: Error) => void }[] = []

  readonly fetch = (address: string, signal: AbortSignal): Promise<Buffer> =>
    new Promise((answer, fail) => {
      this.open.push({ url: address, answer, fail })
      signal.addEventListener('abort', () => fail(signal.reason as Error))
    })

  /** The next question. */
  async asked() {
    await vi.waitFor(() => expect(this.open.length).toBeGreaterThan(0))
    const question = this.open.shift()
    if (question === undefined) throw new Error('nothing was asked')
    return question
  }
}

async function begin(profile = freshProfile(), connect: 'always' | 'on_demand' = 'always') {
  const logos = new Logos()
  const started = await start(profile, connect, logos.fetch)
  return { ...started, logos, profile }
}

const logoOf = ({ integrations }: Started, name: string) => integrations.get(workspace, name).logo

async function withLogo(started: Awaited<ReturnType<typeof begin>>, name: string, image: Buffer): Promise<void> {
  await started.integrations.create(workspace, httpInput({ name, logo_url: url(name) }))
  const question = await started.logos.asked()
  question.answer(image)
  await vi.waitFor(() => expect(logoOf(started, name)).toBe(pathOf(image)))
}

describe('a logo', () => {
  it('comes after its integration, by an event, and is there after a restart', async () => {
    const first = await begin()
    const ending = new AbortController()
    onTestFinished(() => ending.abort())
    const events = first.emitter.subscribe(workspace, ending.signal)
    const created = await first.integrations.create(workspace, httpInput({ name: 'notes', logo_url: url('notes') }))
    expect(created.logo).toBeNull()

    const question = await first.logos.asked()
    expect(question.url).toBe(url('notes'))
    question.answer(images.png)
    for await (const event of events) {
      if (event.type !== 'integration_changed' || event.integration.logo === null) continue
      expect(event.integration).toEqual({
        ...created,
        revision: event.integration.revision,
        connection: event.integration.connection,
        logo: pathOf(images.png),
      })
      break
    }
    await first.stop()

    const second = await begin(first.profile)
    expect(logoOf(second, 'notes')).toBe(pathOf(images.png))
    await second.integrations.close()
    expect(second.logos.open).toEqual([])
    expect(stored(first.profile)).toEqual([pathOf(images.png)])
  })

  it('is fetched beside three others at most', async () => {
    const started = await begin()
    const names = Array.from({ length: 7 }, (_, index) => `i${index}`)
    for (const name of names) await started.integrations.create(workspace, httpInput({ name, logo_url: url(name) }))
    expect(started.logos.open.map((question) => question.url)).toEqual(names.slice(0, 4).map(url))
    started.logos.open[1]?.answer(images.png)
    await vi.waitFor(() => expect(started.logos.open).toHaveLength(5))
    expect(started.logos.open[4]?.url).toBe(url('i4'))
  })

  it('that can not be had is none, with the reason in the log, and is tried again when its URL is saved or at the next start', async () => {
    const first = await begin()
    await first.integrations.create(workspace, httpInput({ name: 'notes', logo_url: url('notes') }))
    ;(await first.logos.asked()).fail(new Error('logos.example answered 404.'))
    await vi.waitFor(() => expect(first.lines.join('')).toContain('logos.example answered 404.'))
    expect(logoOf(first, 'notes')).toBeNull()
    await first.integrations.update(workspace, 'notes', { display_name: 'Notes' })
    expect(first.logos.open).toEqual([])
    await first.integrations.update(workspace, 'notes', { logo_url: url('notes') })
    ;(await first.logos.asked()).fail(new Error('logos.example answered 500.'))
    await first.stop()

    const resting = await begin(first.profile, 'on_demand')
    await resting.stop()
    expect(resting.logos.open).toEqual([])

    const second = await begin(first.profile)
    ;(await second.logos.asked()).answer(images.gif)
    await vi.waitFor(() => expect(logoOf(second, 'notes')).toBe(pathOf(images.gif)))
  })

  it('is fetched again when its file is gone', async () => {
    const first = await begin()
    await withLogo(first, 'notes', images.png)
    await first.stop()
    rmSync(folder(first.profile), { recursive: true })
    const second = await begin(first.profile)
    ;(await second.logos.asked()).answer(images.png)
    await vi.waitFor(() => expect(stored(first.profile)).toEqual([pathOf(images.png)]))
  })

  it('does not hold up the end', async () => {
    const started = await begin()
    await started.integrations.create(workspace, httpInput({ name: 'notes', logo_url: url('notes') }))
    await started.stop()
    expect(started.lines.join('')).not.toContain('logo')
    expect(stored(started.profile)).toEqual([])
  })
})

describe('another URL', () => {
  it('takes the logo of the former one away at once, and its file', async () => {
    const started = await begin()
    await withLogo(started, 'notes', images.png)
    const changed = await started.integrations.update(workspace, 'notes', { logo_url: url('new') })
    expect(changed.logo).toBeNull()
    await vi.waitFor(() => expect(stored(started.profile)).toEqual([]))
    ;(await started.logos.asked()).answer(images.gif)
    await vi.waitFor(() => expect(logoOf(started, 'notes')).toBe(pathOf(images.gif)))
    await started.integrations.update(workspace, 'notes', { logo_url: '' })
    expect(logoOf(started, 'notes')).toBeNull()
    await vi.waitFor(() => expect(stored(started.profile)).toEqual([]))
    expect(started.logos.open).toEqual([])
  })

  it('is asked when the former one has answered, whose answer is dropped', async () => {
    const started = await begin()
    await started.integrations.create(workspace, httpInput({ name: 'notes', logo_url: url('old') }))
    const old = await started.logos.asked()
    await started.integrations.update(workspace, 'notes', { logo_url: url('new') })
    expect(started.logos.open).toEqual([])
    old.answer(images.png)
    const question = await started.logos.asked()
    expect(question.url).toBe(url('new'))
    expect(logoOf(started, 'notes')).toBeNull()
    question.answer(images.gif)
    await vi.waitFor(() => expect(logoOf(started, 'notes')).toBe(pathOf(images.gif)))
    await vi.waitFor(() => expect(stored(started.profile)).toEqual([pathOf(images.gif)]))
  })
})

describe('a stored logo', () => {
  it('stays while one of its integrations does', async () => {
    const started = await begin()
    await withLogo(started, 'one', images.png)
    await withLogo(started, 'two', images.png)
    await started.integrations.remove(workspace, 'one')
    await withLogo(started, 'three', images.gif)
    expect(stored(started.profile).sort()).toEqual([pathOf(images.png), pathOf(images.gif)].sort())
    await started.integrations.remove(workspace, 'two')
    await vi.waitFor(() => expect(stored(started.profile)).toEqual([pathOf(images.gif)]))
  })

  it('stays while a removal can be undone', async () => {
    const started = await begin()
    await withLogo(started, 'notes', images.png)
    await started.integrations.remove(workspace, 'notes', { undoMs: 60_000 })
    await withLogo(started, 'other', images.gif)
    const { logo } = await started.integrations.restore(workspace, 'notes')
    expect(logo).toBe(pathOf(images.png))
    expect(stored(started.profile)).toContain(pathOf(images.png))
    expect(started.logos.open).toEqual([])
  })

  it('is fetched for an integration that came back before it had one', async () => {
    const started = await begin()
    await started.integrations.create(workspace, httpInput({ name: 'notes', logo_url: url('notes') }))
    const early = await started.logos.asked()
    await started.integrations.remove(workspace, 'notes', { undoMs: 60_000 })
    early.answer(images.png)
    await vi.waitFor(() => expect(stored(started.profile)).toEqual([]))
    await started.integrations.restore(workspace, 'notes')
    ;(await started.logos.asked()).answer(images.png)
    await vi.waitFor(() => expect(logoOf(started, 'notes')).toBe(pathOf(images.png)))
  })
})
