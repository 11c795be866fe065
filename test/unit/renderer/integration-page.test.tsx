import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import { connection, integration } from './integration-fixture.ts'
import { closeConsole, openConsole } from './open-console.tsx'

afterEach(closeConsole)

const refused = integration('github', {
  description: 'Issues and pull requests',
  connection: {
    ...connection('needs_auth'),
    error: { code: 'authorization_required', message: 'The server answered 401: the token was not accepted.' },
  },
})

describe('an integration that does not connect', () => {
  it('says so before anything else, with the one action that helps', async () => {
    openConsole('/integrations/github/overview', { integrations: [refused] })
    const failure = await screen.findByRole('region', { name: 'Last error' })
    expect(failure.compareDocumentPosition(screen.getByText('Issues and pull requests'))).toBe(
      Node.DOCUMENT_POSITION_FOLLOWING,
    )
    await userEvent.click(within(failure).getByRole('button', { name: 'Change token' }))
    await waitFor(() => expect(window.location.hash).toBe('#/integrations/github/connection'))
  })

  it('does not count tools that nobody knows', async () => {
    openConsole('/integrations/github/overview', { integrations: [refused] })
    await screen.findByText('Not known yet')
    const parts = within(screen.getByRole('navigation', { name: 'Parts of github' }))
    expect(parts.getByRole('link', { name: /^Tools/ }).textContent).toBe('Tools')
  })

  it('offers that action where its tools would be', async () => {
    const failed = integration('github', { connection: { ...refused.connection, state: 'error' } })
    const { restart } = openConsole('/integrations/github/tools', { integrations: [failed] })
    await userEvent.click(await screen.findByRole('button', { name: 'Retry now' }))
    expect(restart.mock.lastCall?.[0]).toEqual({ name: 'github' })
  })
})
