import { expect, it } from 'vitest'
import { exportCalls, exportName } from '../../../../src/renderer/features/traffic/export-calls.ts'
import { call, callsDown } from './call-fixture.ts'
import { FakeCalls } from './fake-calls.ts'

const signal = new AbortController().signal

it('an export has every call that matches, one a line, newest first, however many pages that is', async () => {
  const log = [...callsDown(2_500, 2), call(1, { agent: 'cursor', tool: 'with\nbreak' })]
  const { client } = new FakeCalls(log)
  const lines = (await (await exportCalls(client, {}, signal)).text()).split('\n')
  expect(lines).toHaveLength(2_501)
  expect(lines.at(-1)).toBe('')
  expect(JSON.parse(lines[0] ?? '')).toEqual(call(2_500))
  expect(JSON.parse(lines[2_499] ?? '')).toMatchObject({ id: '1', tool: 'with\nbreak' })

  expect(await (await exportCalls(client, { agent: 'cursor' }, signal)).text()).toBe(`${JSON.stringify(log.at(-1))}\n`)
  expect(await (await exportCalls(client, { agent: 'nobody' }, signal)).text()).toBe('')
})

it('its name sorts by time and can be a file anywhere', () => {
  expect(exportName(new Date('2026-11-24T14:02:11.204Z'))).toBe('gatehouse-calls-2026-11-24T14-02-11.jsonl')
})
