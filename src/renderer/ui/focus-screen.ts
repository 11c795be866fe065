/** Where the focus goes when what had it is gone: the row of the list that Tab reaches, or else the screen itself. */
export function focusScreen(): void {
  screenTarget()?.focus()
}

export function screenTarget(): HTMLElement | null {
  return (
    document.querySelector<HTMLElement>('main [role=grid] [role=row][tabindex="0"]') ?? document.querySelector('main')
  )
}
