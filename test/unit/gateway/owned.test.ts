import { expect, it } from 'vitest'
import type { Session } from '../../../src/main/gateway/legacy-session.ts'
import { Owned } from '../../../src/main/gateway/owned.ts'
import { fakeUpstream, serverSays } from '../../helpers/gateway-fixture.ts'

it('an agent that begins tasks without end loses its own, and no other agent does', () => {
  const owned = new Owned()
  owned.began('quiet', 'lab', 'first', undefined)
  for (let count = 0; count < 12_000; count++) owned.began('busy', 'lab', `task-${count}`, undefined)
  expect(owned.hasTask('quiet', 'lab', 'first')).toBe(true)
  expect(owned.tasksOf('busy')).toHaveLength(1_000)
  expect(owned.hasTask('busy', 'lab', 'task-11999')).toBe(true)
})

it('a server that sends people to pages without end does not make those of another one unknown', () => {
  const owned = new Owned()
  const notes = fakeUpstream('notes', '')
  const heard: string[] = []
  const principal = { upstream: notes, hear: ({ method }: { method: string }) => heard.push(method) }
  const session = { knownPrincipals: () => [principal] } as unknown as Session
  owned.visits('notes', 'page', session)
  for (let count = 0; count < 12_000; count++) owned.visits('other', `page-${count}`, session)
  expect(owned.tell(notes, serverSays('notifications/elicitation/complete', '{"elicitationId":"page"}'))).toBe(true)
  expect(heard).toEqual(['notifications/elicitation/complete'])
})
