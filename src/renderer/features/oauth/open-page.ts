/** Whether an address is one that a browser may open: nothing but the web. */
export function isWebAddress(url: string): boolean {
  return /^https?:$/.test(URL.parse(url)?.protocol ?? '')
}

/**
 * Opens a page in a tab that knows nothing of this one. False: the browser would not let us, because it is too long ago that
 * somebody pressed a button.
 */
export function openPage(url: string): boolean {
  if (!navigator.userActivation.isActive) return false
  // With `noopener` it never says whether a tab opened.
  window.open(url, '_blank', 'noopener,noreferrer')
  return true
}
