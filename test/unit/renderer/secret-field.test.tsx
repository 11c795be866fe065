import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SecretField } from '../../../src/renderer/ui/secret-field.tsx'

afterEach(cleanup)

describe('SecretField', () => {
  it('says that a secret is stored, holds no value, and offers to replace it', async () => {
    const replace = vi.fn()
    render(<SecretField label="API token" stored="••••abcd" onReplace={replace} />)
    expect(screen.getByRole('group', { name: 'API token' }).textContent).toContain('Stored••••abcd')
    expect(document.querySelector('input')).toBeNull()
    await userEvent.click(screen.getByRole('button', { name: 'Replace API token' }))
    expect(replace).toHaveBeenCalledOnce()
  })

  it('has the focus where its replacement is typed', async () => {
    function Replaced() {
      const [stored, setStored] = useState<string | undefined>('••••abcd')
      return <SecretField label="API token" stored={stored} onReplace={() => setStored(undefined)} />
    }
    render(<Replaced />)
    screen.getByRole('button', { name: 'Replace API token' }).focus()
    await userEvent.keyboard('{Enter}')
    expect(document.activeElement).toBe(screen.getByLabelText('API token'))
  })

  it('hides what is typed until it is asked for, and keeps it out of password managers', async () => {
    render(<SecretField label="API token" defaultValue="s3cret" />)
    const input = screen.getByLabelText<HTMLInputElement>('API token')
    expect(input).toMatchObject({ type: 'password', value: 's3cret', autocomplete: 'new-password' })
    await userEvent.click(screen.getByRole('button', { name: 'Show API token' }))
    expect(input.type).toBe('text')
  })

  it('ties an error to its input', () => {
    render(<SecretField label="API token" error="The token was not accepted." />)
    const input = screen.getByLabelText('API token')
    const described = input.getAttribute('aria-describedby') ?? ''
    expect(input.getAttribute('aria-invalid')).toBe('true')
    expect(document.getElementById(described)?.textContent).toBe('The token was not accepted.')
  })
})
