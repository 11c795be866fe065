import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import { connection, integration } from './integration-fixture.ts'
import { closeConsole, openConsole } from './open-console.tsx'

afterEach(closeConsole)

const slack = integration('slack', {
  source: 'system',
  status: 'disabled',
  mcp: null,
  connection: connection('needs_setup'),
})
const headings = () => screen.getAllByRole('rowheader').map(({ textContent }) => textContent)
const row = async (name: string) => await screen.findByRole('row', { name: new RegExp(`\\b${name}\\b`) })

describe('the catalog', () => {
  it(
    'has a head for custom integrations before there is one, ways to the first one, and counts what it shows',
    { timeout: 20_000 },
    async () => {
      openConsole('/integrations', { integrations: [slack] })
      await screen.findByText('No custom integrations yet. Add your first MCP server.')
      expect(headings()).toEqual(['System1', 'Custom0'])
      screen.getByText('1 integration')
      screen.getByRole('button', { name: /^Add MCP server/ })
      await userEvent.click(screen.getByRole('button', { name: 'Add REST API' }))
      await screen.findByLabelText('Base URL', undefined, { timeout: 10_000 })
    },
  )

  it('leaves a section out that filters empty', async () => {
    openConsole('/integrations', { integrations: [slack, integration('notes')] })
    await userEvent.type(await screen.findByLabelText('Search integrations'), 'notes')
    await screen.findByText(/1 hidden by filters/)
    expect(headings()).toEqual(['Custom1'])
  })
})

describe('the key that restarts', () => {
  it('restarts the integration whose row has the focus, and no other', async () => {
    const { restart } = openConsole('/integrations', {
      integrations: [slack, integration('billing'), integration('notes')],
    })
    const notes = await row('notes')
    await userEvent.keyboard('{Control>}r{/Control}')
    expect(restart).not.toHaveBeenCalled()

    notes.focus()
    await userEvent.keyboard('{Control>}r{/Control}')
    expect(restart.mock.lastCall?.[0]).toEqual({ name: 'notes' })

    within(await row('billing'))
      .getByRole('switch')
      .focus()
    await userEvent.keyboard('{Control>}r{/Control}')
    expect(restart.mock.lastCall?.[0]).toEqual({ name: 'billing' })

    // It has nothing to restart.
    ;(await row('slack')).focus()
    await userEvent.keyboard('{Control>}r{/Control}')
    screen.getByLabelText('Search integrations').focus()
    await userEvent.keyboard('{Control>}r{/Control}')
    expect(restart).toHaveBeenCalledTimes(2)
  })

  it('restarts the one that is open', async () => {
    const { restart } = openConsole('/integrations/notes/overview', { integrations: [integration('notes')] })
    await screen.findByText('Server URL')
    await userEvent.keyboard('{Control>}r{/Control}')
    expect(restart.mock.lastCall?.[0]).toEqual({ name: 'notes' })
  })
})
