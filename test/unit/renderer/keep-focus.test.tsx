import { cleanup, render, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { keepFocus } from '../../../src/renderer/ui/keep-focus.ts'

afterEach(cleanup)

/** Two rows of a form and a way to add another, among other things of a screen. */
function show(): { main: HTMLElement; row: (name: string) => HTMLElement } {
  render(
    <main tabIndex={-1}>
      <section>
        <button>Before</button>
      </section>
      <section>
        <div>
          {['First', 'Second'].map((name) => (
            <div key={name} data-testid={name}>
              <input aria-label={name} />
              <button>Remove {name}</button>
            </div>
          ))}
        </div>
        <button>Add</button>
      </section>
      <section data-testid="alone">
        <button>Alone</button>
      </section>
      <div data-layers />
    </main>,
  )
  const main = screen.getByRole('main')
  return { main, row: (name) => screen.getByTestId(name) }
}

it('goes to the control that follows one that is taken away, as near as there is one', async () => {
  const { main, row } = show()
  const end = keepFocus(main)
  screen.getByRole('button', { name: 'Remove First' }).focus()
  row('First').remove()
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Second')))
  screen.getByRole('button', { name: 'Remove Second' }).focus()
  row('Second').remove()
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Add' })))
  end()
})

it('goes to the one before where none follows nearby, and to the screen where nothing is near', async () => {
  const { main, row } = show()
  const end = keepFocus(main)
  screen.getByRole('button', { name: 'Add' }).focus()
  screen.getByRole('button', { name: 'Add' }).remove()
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Remove Second' })))
  row('Second').querySelector('input')?.focus()
  screen.getByRole('button', { name: 'Alone' }).focus()
  screen.getByTestId('alone').remove()
  await waitFor(() => expect(document.activeElement).toBe(main))
  end()
})

it('leaves the focus to whoever gives it a place first, and does nothing once it ended', async () => {
  const { main, row } = show()
  const end = keepFocus(main)
  const add = screen.getByRole('button', { name: 'Add' })
  screen.getByRole('button', { name: 'Remove First' }).focus()
  row('First').remove()
  add.focus()
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(document.activeElement).toBe(add)
  end()
  add.remove()
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(document.activeElement).toBe(document.body)
})
