import { expect, test } from 'vitest'
import { trayState } from '../../../src/main/electron/tray-state.ts'
import { weather } from '../../helpers/fake-services.ts'

function integration(name: string, state: (typeof weather)['connection']['state'], status = weather.status) {
  return { ...weather, name, display_name: '', status, connection: { ...weather.connection, state } }
}

test('the tray counts what is on and names what waits for a person', () => {
  expect(
    trayState([
      integration('fine', 'connected'),
      integration('off', 'disabled', 'disabled'),
      integration('crashed', 'quarantined'),
      integration('signed-out', 'needs_auth'),
      integration('coming', 'connecting'),
    ]),
  ).toEqual({
    heading: 'Gateway running, 4 integrations',
    attention: [
      { name: 'crashed', label: 'crashed: Stopped after repeated crashes' },
      { name: 'signed-out', label: 'signed-out: Needs sign-in' },
    ],
    attentionCount: 2,
  })
})

test('of many that wait ten are named', () => {
  const many = Array.from({ length: 12 }, (_, index) => integration(`one-${index}`, 'error'))
  expect(trayState(many)).toMatchObject({ attentionCount: 12 })
  expect(trayState(many).attention).toHaveLength(10)
})
