// @vitest-environment jsdom
import { screen } from '@testing-library/react'
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

describe('the catalog', () => {
  it('has a head for custom integrations before there is one, and counts what it shows', async () => {
    openConsole('/integrations', { integrations: [slack] })
    await screen.findByText('No custom integrations yet. Add your first MCP server.')
    expect(headings()).toEqual(['System1', 'Custom0'])
    screen.getByText('1 integration')
  })

  it('leaves a section out that filters empty', async () => {
    openConsole('/integrations', { integrations: [slack, integration('notes')] })
    await userEvent.type(await screen.findByLabelText('Search integrations'), 'notes')
    await screen.findByText(/1 hidden by filters/)
    expect(headings()).toEqual(['Custom1'])
  })
})
