// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import { integration } from './integration-fixture.ts'
import { closeConsole, openConsole } from './open-console.tsx'

afterEach(closeConsole)

const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label)
const valueOf = (label: string) => field(label).value

async function openAdd() {
  openConsole('/integrations/new', { integrations: [integration('notion')] })
  return await screen.findByLabelText<HTMLTextAreaElement>('Paste a server URL, a command, or a JSON config')
}

describe('typing into the first field of Add MCP server', () => {
  it('keeps every proposal in step with it', async () => {
    const first = await openAdd()
    await userEvent.type(first, 'npx -y @acme/weather-mcp')
    expect([valueOf('Name'), valueOf('Display name')]).toEqual(['weather', 'Weather'])
    expect([valueOf('Command'), valueOf('Arguments')]).toEqual(['npx', '-y\n@acme/weather-mcp'])
    await userEvent.clear(first)
    expect([valueOf('Name'), valueOf('Display name')]).toEqual(['', ''])
    await userEvent.type(first, 'https://api.example.com/mcp')
    expect([valueOf('Name'), valueOf('Display name')]).toEqual(['example', 'Example'])
    expect(valueOf('Server URL')).toBe('https://api.example.com/mcp')
  })

  it('never overwrites a field that was edited by hand, and still fills in the others', async () => {
    const first = await openAdd()
    await userEvent.type(first, 'node')
    await userEvent.clear(field('Name'))
    await userEvent.type(field('Name'), 'mine')
    await userEvent.type(field('Arguments'), '--quiet')
    await userEvent.type(first, ' weather.js')
    expect(valueOf('Name')).toBe('mine')
    expect(valueOf('Arguments')).toBe('--quiet')
    expect(valueOf('Display name')).toBe('Weather')
    expect(valueOf('Command')).toBe('node')
  })

  it('leaves transport and authentication as they were chosen', async () => {
    const first = await openAdd()
    await userEvent.click(screen.getByRole('radio', { name: 'API key' }))
    const key = screen.getByLabelText<HTMLInputElement>('API key', { selector: '[type=password]' })
    await userEvent.type(key, 'k1')
    await userEvent.type(first, 'https://api.example.com/mcp')
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'API key' }).checked).toBe(true)
    expect([key.value, valueOf('Server URL')]).toEqual(['k1', 'https://api.example.com/mcp'])
    await userEvent.click(screen.getByRole('radio', { name: 'stdio' }))
    await userEvent.type(first, '/v2')
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'stdio' }).checked).toBe(true)
  })

  it('shows no command while the beginning of a URL is typed', async () => {
    const first = await openAdd()
    for (const letter of 'https://') {
      await userEvent.type(first, letter)
      expect(screen.queryByLabelText('Command')).toBeNull()
    }
  })

  it('proposes a name again once it is emptied, and one that is free', async () => {
    const first = await openAdd()
    await userEvent.type(first, 'https://notion.com/')
    await userEvent.type(field('Name'), 'x')
    await userEvent.clear(field('Name'))
    await userEvent.type(first, 'mcp')
    expect(valueOf('Name')).toBe('notion-2')
  })
})

it('takes the name from the address that was entered by hand', async () => {
  await openAdd()
  await userEvent.type(field('Server URL'), 'https://api.example.com/mcp')
  await userEvent.tab()
  expect([valueOf('Name'), valueOf('Display name')]).toEqual(['example', 'Example'])
})
