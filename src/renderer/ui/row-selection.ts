/** Rows that are selected, by their keys. */
export interface RowSelection {
  keys: ReadonlySet<string>
  /** What was selected before the range that is being drawn. */
  base: ReadonlySet<string>
  /** Where that range began, and where its other end is now. */
  anchor: string | undefined
  head: string | undefined
}

export const noSelection: RowSelection = { keys: new Set(), base: new Set(), anchor: undefined, head: undefined }

/** One row more or less; the next range begins there. */
export function toggleRow({ keys }: RowSelection, key: string): RowSelection {
  const next = new Set(keys)
  if (!next.delete(key)) next.add(key)
  return { keys: next, base: next, anchor: key, head: key }
}

/**
 * The range up to `to` beside what was selected before it. It grows and shrinks while its end is moved on; from another
 * row (`from`, which had the focus) it is a new one.
 */
export function extendTo(selection: RowSelection, from: string, to: string, order: readonly string[]): RowSelection {
  const continues = selection.anchor !== undefined && selection.head === from
  const anchor = continues && selection.anchor !== undefined ? selection.anchor : from
  const base = continues ? selection.base : selection.keys
  const [start, end] = [order.indexOf(anchor), order.indexOf(to)].sort((one, other) => one - other)
  // The row where it began is no longer shown: it begins anew.
  if (start === undefined || end === undefined || start < 0) {
    return { keys: new Set([...base, to]), base, anchor: to, head: to }
  }
  return { keys: new Set([...base, ...order.slice(start, end + 1)]), base, anchor, head: to }
}

/** Exactly these rows. */
export function selectRows(keys: Iterable<string>): RowSelection {
  const all = new Set(keys)
  return { keys: all, base: all, anchor: undefined, head: undefined }
}
