import { expect, it, onTestFinished } from 'vitest'
import { EventInput } from '../../../src/shared/contract/incidents.ts'
import { NewRule, Weekday } from '../../../src/shared/contract/rules.ts'
import { RulesStore } from '../../../src/main/store/rules-store.ts'
import { startCore, type Core } from './core.ts'
import { Receiver } from './receiver.ts'

const at = new Date().toISOString()
const matchers = [{ label: 'team', op: '=~' as const, value: '(a{1,30}){1,30}' }]
const condition = { types: ['incident' as const], min_severity: 'info' as const, matchers }

/** Started anew with a rule that no service would have taken, as an earlier release did. */
async function startedWith(given: object): Promise<{ core: Core; hook: string; receiver: Receiver }> {
  const receiver = await Receiver.start()
  const first = await startCore()
  const { id: hook } = await first.webhook(receiver.url)
  await first.rule([hook], { name: 'sound' })
  const rule = NewRule.parse({ name: 'broken', when: { types: ['incident'] }, channels: [hook] })
  const stored = { ...rule, id: '~broken', created_at: at, updated_at: at, ...given }
  await new RulesStore(first.database).insert({ workspace: 'default', rule: stored })
  await first.close({ keep: true })
  const core = await startCore({ folder: first.folder })
  onTestFinished(() => core.close())
  return { core, hook, receiver }
}

const broken = async (core: Core) => (await core.rules.list('default')).find(({ name }) => name === 'broken')

it('a stored rule whose pattern is too large matches nothing, says why, and hinders no start', async () => {
  const { core } = await startedWith({ when: condition })
  expect((await broken(core))?.problem).toContain('too large')
  const { decisions } = await core.report({ title: 'a', labels: { team: 'a' } })
  expect(decisions).toMatchObject([
    { rule_name: 'sound', matched: true },
    { rule_name: 'broken', matched: false, because: expect.stringContaining('too large') as string },
  ])
})

it('one whose time zone is not known here has no quiet hours', async () => {
  const ranges = [{ days: [...Weekday.options], from: '00:00', to: '24:00' }]
  const { core } = await startedWith({ quiet: { time_zone: 'Mars/Olympus', ranges, except_severity: null } })
  expect((await broken(core))?.problem).toContain('Mars/Olympus')
  const { decisions } = await core.report({ title: 'a' })
  expect(decisions.map(({ channels }) => channels[0]?.outcome)).toEqual(['queued', 'queued'])
})

it('can be turned off, mended, and is no obstacle to the deletion of its channel', async () => {
  const { core, hook } = await startedWith({ when: condition })
  const { id } = (await broken(core)) ?? { id: '' }
  expect(await core.rules.update('default', id, { enabled: false, name: 'broken' })).toMatchObject({ enabled: false })
  // What is wrong with it is not taken anew.
  await expect(core.rules.update('default', id, { when: condition })).rejects.toMatchObject({
    details: [{ path: 'when.matchers.0.value' }],
  })
  await core.channels.remove('default', hook, { leaveRules: true })
  expect(await broken(core)).toMatchObject({ channels: [], problem: expect.stringContaining('too large') as string })
  const mended = await core.rules.update('default', id, {
    enabled: true,
    when: { ...condition, matchers: [] },
  })
  expect(mended.problem).toBeUndefined()
  const { decisions } = await core.incidents.report('default', EventInput.parse({ title: 'b' }), 'api')
  expect(decisions.every(({ matched }) => matched)).toBe(true)
})
