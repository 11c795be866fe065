const CONTROLS = 'input, textarea, select, button'

/** Puts the focus where arguments are entered: the first field, the editor, or the button where there is nothing to enter. */
export function focusArguments(): void {
  const region = document.querySelector('[data-arguments]')
  const target =
    region?.querySelector<HTMLElement>(`[data-field] :is(${CONTROLS})`) ??
    region?.querySelector<HTMLElement>('[data-editor], textarea') ??
    region?.querySelector<HTMLElement>('[data-call]')
  target?.focus()
}

/** The control of the value at this pointer; false where it is not on screen. */
export function focusField(pointer: string): boolean {
  const field = document.querySelector(`[data-arguments] [data-field="${CSS.escape(pointer)}"]`)
  const control = field?.querySelector<HTMLElement>(CONTROLS)
  control?.focus()
  return control instanceof HTMLElement
}
