import { expect, it } from 'vitest'
import {
  changesOf,
  draftOfChannel,
  emptyChannel,
  newChannelOf,
} from '../../../../src/renderer/features/notifications/channel-draft.ts'
import { channel } from './notice-fixture.ts'

it('the authority of a webhook is kept by a draft, and left out where there is none', () => {
  const webhook = { url: 'https://hooks.corp/x', format: 'json' as const, headers: {}, events: [], ca: 'PEM' }
  const stored = channel('c1', 'Corp', { webhook })
  const draft = draftOfChannel(stored)
  expect(changesOf(draft, stored).webhook?.ca).toBe('PEM')
  expect(changesOf({ ...draft, webhook: { ...draft.webhook, ca: ' ' } }, stored).webhook).not.toHaveProperty('ca')
  expect(newChannelOf(emptyChannel('webhook'))).not.toHaveProperty('webhook.ca')
})
