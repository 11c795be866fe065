const KEY = 'gatehouse.palette'
const KEPT = 20

/** What was chosen in the palette last, newest first: ids of entries, kept on this machine. */
export function recentEntries(storage: Storage): string[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? '[]')
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string').slice(0, KEPT) : []
  } catch {
    return [] // Written by another version or by hand: nothing is recent.
  }
}

export function rememberEntry(storage: Storage, id: string): void {
  const others = recentEntries(storage).filter((other) => other !== id)
  storage.setItem(KEY, JSON.stringify([id, ...others].slice(0, KEPT)))
}
