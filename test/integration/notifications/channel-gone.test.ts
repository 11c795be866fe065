import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { startCore } from './core.ts'

afterEach(() => vi.restoreAllMocks())

it('an event that comes while a channel is being deleted is taken, and told to the others', async () => {
  const its = await startCore()
  onTestFinished(() => its.close())
  const [kept, gone] = [
    await its.webhook('http://127.0.0.1:9/a', { name: 'kept' }),
    await its.webhook('http://127.0.0.1:9/b'),
  ]
  await its.rule([kept.id, gone.id])
  let report: Promise<unknown> | undefined
  vi.spyOn(its.database, 'forgetDeleted').mockImplementationOnce(async () => {
    // Its row is gone, and nobody else knows that yet.
    report = its.report({ title: 'x', severity: 'critical' })
    await report
  })
  await its.channels.remove('default', gone.id, { leaveRules: true })
  await expect(report).resolves.toMatchObject({ title: 'x' })
  expect((await its.list()).map(({ channel_name }) => channel_name)).toEqual(['kept'])
})
