import { fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { Monogram } from '../../../src/renderer/ui/monogram.tsx'
import { integration } from './integration-fixture.ts'
import { closeConsole, openConsole } from './open-console.tsx'

afterEach(closeConsole)

const logo = `/logos/${'a'.repeat(64)}`
const images = () => [...document.querySelectorAll('img')]
const shown = () => images().filter((image) => image.hasAttribute('data-shown'))

describe('the logo of an integration', () => {
  it.each([
    ['the catalog', '/integrations'],
    ['its page', '/integrations/notes/overview'],
  ])('covers its letter in %s once it is there, and says nothing to screen readers', async (_where, path) => {
    openConsole(path, { integrations: [integration('notes', { logo })] })
    await screen.findAllByText('notes')
    const [image] = images()
    if (image === undefined) throw new Error('there is no image')
    await vi.waitFor(() => expect(image.getAttribute('src')).toBe(logo))
    expect(image.alt).toBe('')
    expect(image.parentElement?.textContent).toBe('n')
    expect(image.closest('[aria-hidden]')).not.toBeNull()
    expect(shown()).toEqual([])
    fireEvent.load(image)
    expect(shown()).toEqual([image])
  })

  it('is not loaded by a row that only passes by', () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { rerender } = render(<Monogram name="notes" label="Notes" image={logo} />)
    const [first] = images()
    vi.advanceTimersByTime(50)
    const next = logo.replaceAll('a', 'b')
    rerender(<Monogram name="mail" label="Mail" image={next} />)
    vi.advanceTimersByTime(1_000)
    expect(first?.hasAttribute('src')).toBe(false)
    expect(images().map((image) => image.getAttribute('src'))).toEqual([next])
  })

  it('leaves the letter where it fails or is none', async () => {
    openConsole('/integrations', { integrations: [integration('notes', { logo }), integration('plain')] })
    await screen.findAllByText('notes')
    expect(images()).toHaveLength(1)
    const [image] = images()
    if (image) fireEvent.error(image)
    expect(shown()).toEqual([])
  })
})
