import { expect, test } from 'vitest'
import { trayState } from '../../../src/main/electron/tray-state.ts'
import { weather } from '../../helpers/fake-services.ts'

function integration(name: string, state: (typeof weather)['connection']['state'], status = weather.status) {
  return { ...weather, name, display_name: '', status, connection: { ...weather.connection, state } }
}

test('the tray counts what is on and names what waits for a person', () => {
  expect(
    trayState(
      new Map([
        [
          'default',
          [
            integration('fine', 'connected'),
            integration('off', 'disabled', 'disabled'),
            integration('crashed', 'quarantined'),
            integration('coming', 'connecting'),
          ],
        ],
        ['empty', []],
        ['team-b', [integration('signed-out', 'needs_auth')]],
      ]),
    ),
  ).toEqual({
    heading: 'Gateway running, 4 integrations',
    attention: [
      { workspace: 'default', name: 'crashed', label: 'crashed: Stopped after repeated crashes' },
      { workspace: 'team-b', name: 'signed-out', label: 'signed-out (team-b): Needs sign-in' },
    ],
    attentionCount: 2,
  })
})

test('of many that wait ten are named', () => {
  const items = Array.from({ length: 12 }, (_, index) => integration(`one-${index}`, 'error'))
  const many = new Map([['default', items]])
  expect(trayState(many)).toMatchObject({ attentionCount: 12 })
  expect(trayState(many).attention).toHaveLength(10)
})
