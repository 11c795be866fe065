const STOPS = [
  '[role=row][tabindex="0"]',
  '[aria-current=page]',
  'input:not(:disabled), textarea:not(:disabled), select:not(:disabled), button:not(:disabled), a[href], [tabindex="0"]',
]

/**
 * Moves the focus to the next part of the window that is marked `data-pane`, and from the last to the first. A pane that
 * holds other panes is no stop itself. While there are toasts the first F6 goes to them: Base UI listens for it too.
 */
export function focusNextPane(root: Document = document): void {
  const focused = root.activeElement
  const toasts = root.querySelector('[data-toasts]')
  if (toasts?.firstElementChild && !toasts.contains(focused)) return
  const panes = [...root.querySelectorAll<HTMLElement>('[data-pane]')].filter(
    (pane) => !pane.querySelector('[data-pane]'),
  )
  const at = panes.findIndex((pane) => pane.contains(focused))
  const next = panes[(at + 1) % panes.length]
  if (!next) return
  const stop = STOPS.map((selector) => next.querySelector<HTMLElement>(selector)).find((found) => found !== null)
  ;(stop ?? next).focus()
}
