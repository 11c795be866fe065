/** `${input:token}`, `${env:TOKEN}`, `$TOKEN`, `<your token>`, `YOUR_API_KEY`: stands for a value that is not here. */
export function isPlaceholder(value: string): boolean {
  return (
    /\$\{[^}]*\}|^\$[A-Za-z_]\w*$|^<[^>]*>$|^\{\{[^}]*\}\}$|^\[[^\]]*\]$/.test(value) ||
    /^(x{3,}|\*{3,}|\.{3}|your[-_ ].*|.*[-_]here|changeme|replace[-_ ]?me.*|todo)$/i.test(value)
  )
}
