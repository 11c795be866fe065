import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../../../src/shared/contract/audit.ts'
import { closeConsole, openConsole } from '../open-console.tsx'

afterEach(closeConsole)

const entry = (id: number, changes: Partial<AuditEntry> = {}): AuditEntry => ({
  id: String(id),
  at: '2026-11-24T14:00:00.000Z',
  actor: 'window',
  action: 'integrations.create',
  target: `server-${id}`,
  fields: ['mcp', 'credentials'],
  outcome: 'ok',
  ...changes,
})
const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, index) => entry(from - index))

function open(entries: AuditEntry[], fails = false) {
  const audit = { entries, fails }
  openConsole('/traffic/changes', {
    operations: {
      audit: {
        list: ({ limit = 100, cursor }: { limit?: number; cursor?: string }) => {
          if (audit.fails) return Promise.reject(new Error('The disk is on fire.'))
          const older = audit.entries.filter(({ id }) => cursor === undefined || Number(id) < Number(cursor))
          const items = older.slice(0, limit)
          return Promise.resolve({
            items,
            next_cursor: items.length < older.length ? (items.at(-1)?.id ?? null) : null,
          })
        },
      } as never,
    },
  })
  return audit
}
const count = async () => Number((await screen.findByRole('grid', { name: 'Changes' })).getAttribute('aria-rowcount'))
/** What is shown is asked for again at once when the console is seen again. */
const lookAgain = () => document.dispatchEvent(new Event('visibilitychange'))

describe('the changes of admins', () => {
  it('are told in words: who, what, which fields, and why one was refused', async () => {
    open([
      entry(2, { action: 'agents.remove', target: 'cursor', fields: [], actor: 'cli' }),
      entry(1, { outcome: 'name_taken' }),
    ])
    const revoked = await screen.findByRole('row', { name: /Revoked agent ?cursor/ })
    for (const words of ['Command line', 'Done']) expect(revoked.textContent).toContain(words)
    const refused = screen.getByRole('row', { name: /Added integration ?server-1/ })
    expect(refused.textContent).toContain('mcp, credentials')
    expect(refused.textContent).toContain('Refused: This name is already used in this workspace.')
  })

  it('come page by page, and new ones by themselves', async () => {
    const audit = open(down(250, 1))
    // jsdom has no heights of content, so every place is near the end.
    await waitFor(async () => expect(await count()).toBe(250))
    audit.entries = down(253, 1)
    lookAgain()
    await waitFor(async () => expect(await count()).toBe(253))
    // More than a page at once: what lies between is loaded anew, without a hole and without a double.
    audit.entries = down(600, 1)
    lookAgain()
    await waitFor(async () => expect(await count()).toBe(600))
  })

  it('are missed with the reason, and a way to try again', async () => {
    const audit = open([], true)
    await screen.findByText('The changes could not be loaded')
    screen.getByText('The disk is on fire.')
    audit.fails = false
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }))
    await screen.findByText(/^No changes yet/)
  })
})
