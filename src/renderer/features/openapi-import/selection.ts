/** All of them if any is missing, else none of them. */
export function toggled(selected: ReadonlySet<string>, names: readonly string[]): ReadonlySet<string> {
  return withSelected(selected, names, !names.every((name) => selected.has(name)))
}

export function withSelected(
  selected: ReadonlySet<string>,
  names: Iterable<string>,
  wanted: boolean,
): ReadonlySet<string> {
  const next = new Set(selected)
  for (const name of names) {
    if (wanted) next.add(name)
    else next.delete(name)
  }
  return next
}

/** How much of a group is selected. */
export function shareOf(selected: ReadonlySet<string>, names: readonly string[]): 'all' | 'some' | 'none' {
  const count = names.reduce((sum, name) => sum + (selected.has(name) ? 1 : 0), 0)
  return count === 0 ? 'none' : count === names.length ? 'all' : 'some'
}
