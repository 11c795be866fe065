export function ReimportTab() {
  return null
}
