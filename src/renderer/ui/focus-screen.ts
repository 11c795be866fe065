/** Where the focus goes when what had it is gone: the row of the list that Tab reaches, or else the screen itself. */
export function focusScreen(): void {
  screenTarget()?.focus()
}

export function screenTarget(): HTMLElement | null {
  return (
    document.querySelector<HTMLElement>('main [role=grid] [role=row][tabindex="0"]') ?? document.querySelector('main')
  )
}

/** In a short list a row that is gone leaves its place to the next one, or the one before; the last to what is around. */
export function rowTarget(place: HTMLElement | null, index: number): HTMLElement | null {
  const rows = place?.querySelectorAll('li') ?? []
  const row = rows[Math.min(index, rows.length - 1)] ?? place
  return row?.querySelector<HTMLElement>('a, button') ?? screenTarget()
}
