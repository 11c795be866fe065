/** Screens are loaded when they are opened, which takes a busy machine longer than Testing Library's own second. */
if ('document' in globalThis) {
  const { configure } = await import('@testing-library/react')
  configure({ asyncUtilTimeout: 20_000 })
}
