/** Where a key moves the focus of a list: an index, or undefined if the key moves nothing. Headings are skipped. */
export function nextRow(
  key: string,
  active: number,
  page: number,
  items: readonly { heading?: boolean }[],
): number | undefined {
  const last = items.length - 1
  switch (key) {
    case 'ArrowDown':
      return step(items, active + 1, 1) ?? active
    case 'ArrowUp':
      return step(items, active - 1, -1) ?? active
    case 'PageDown':
      return step(items, Math.min(active + page, last), 1) ?? step(items, last, -1)
    case 'PageUp':
      return step(items, Math.max(active - page, 0), -1) ?? step(items, 0, 1)
    case 'Home':
      return step(items, 0, 1)
    case 'End':
      return step(items, last, -1)
    default:
      return undefined
  }
}

function step(items: readonly { heading?: boolean }[], from: number, by: 1 | -1): number | undefined {
  for (let index = from; index >= 0 && index < items.length; index += by) {
    if (!items[index]?.heading) return index
  }
  return undefined
}
