const SECRET_WORDS =
  /(^|[_-])(api_?-?key|key|token|secret|passw(or)?d|pass|pwd|credentials?|auth(orization)?|bearer|cookie|private|pat|dsn|signature)($|[_-])/i
const SECRET_JOINED = /(apikey|accesstoken|authtoken|secretkey|clientsecret)/i
const NOT_SECRET = /(_|-)?(path|file|dir|url|uri|endpoint|id|name|header|type)$/i
/** How well-known kinds of credentials begin. */
const SECRET_VALUES =
  /^(sk-|pk_live|sk_live|rk_live|ghp_|gho_|ghs_|github_pat_|glpat-|xox[abprs]-|AKIA|AIza|eyJ[\w-]+\.|npm_|dckr_pat_|hf_|lin_api_|ntn_|secret_)/

/** Does this variable or header hold a secret? By the words of its name, or by how its value begins. */
export function looksSecret(name: string, value: string): boolean {
  if (SECRET_VALUES.test(value)) return true
  // postgres://user:password@host
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i.test(value)) return true
  const words = name.replace(/([a-z])([A-Z])/g, '$1_$2')
  if (NOT_SECRET.test(words)) return false
  return SECRET_WORDS.test(words) || SECRET_JOINED.test(name)
}

/** `${input:token}`, `${env:TOKEN}`, `$TOKEN`, `<your token>`, `YOUR_API_KEY`: stands for a value that is not here. */
export function isPlaceholder(value: string): boolean {
  return (
    /\$\{[^}]*\}|^\$[A-Za-z_]\w*$|^<[^>]*>$|^\{\{[^}]*\}\}$|^\[[^\]]*\]$/.test(value) ||
    /^(x{3,}|\*{3,}|\.{3}|your[-_ ].*|.*[-_]here|changeme|replace[-_ ]?me.*|todo)$/i.test(value)
  )
}
