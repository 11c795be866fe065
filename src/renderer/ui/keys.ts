const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)

const signs: Record<string, string> = {
  $mod: isMac ? '⌘' : 'Ctrl',
  Enter: '⏎',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowRight: '→',
  Escape: 'Esc',
  Backspace: '⌫',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
}

/** A key chord as people write it on this system: `$mod+Enter` is ⌘⏎ on a Mac, Ctrl+⏎ elsewhere. */
export function keySigns(keys: string): string {
  return keys
    .split('+')
    .map((key) => signs[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(isMac ? '' : '+')
}
