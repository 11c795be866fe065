/** Words that make a name one of a secret: `GITHUB_TOKEN`, `X-API-Key`, `SECRET_KEY_BASE`, `accessToken`. */
const SECRET_WORD =
  /(^|[_-])(tokens?|secrets?|passw(or)?ds?|passphrase|pass|pwd|keys?|apikey|credentials?|auth|authorization|bearer|cookies?|private|pat|dsn|signature)($|[_-])/i
/** …and those that also end a name without a gap before them: `PGPASSWORD`, `OPENAIAPIKEY`. */
const SECRET_END = /(token|secret|passw(or)?d|passphrase|pwd|key|credentials?)$/i
/** Where a secret is, how much of something, or what it is called: not the secret itself. */
const NOT_SECRET = /(path|file|dir|url|uri|endpoint|name|header|type)$|^(max|min|num|total)[_-]/i
/** How well-known kinds of credentials begin. */
const SECRET_START =
  /^(sk-|[ps]k_live|rk_live|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|AKIA|AIza|eyJ|npm_|dckr_pat_|hf_|lin_api_|ntn_|secret_|Bearer )/
/** `postgres://user:password@host`. */
const ADDRESS_WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i

/** Whether a variable, header or parameter most likely holds a secret, which belongs to the vault. In doubt it does. */
export function looksSecret(name: string, value: string): boolean {
  if (SECRET_START.test(value) || ADDRESS_WITH_PASSWORD.test(value)) return true
  const words = name.replace(/([a-z])([A-Z])/g, '$1_$2')
  if (NOT_SECRET.test(words)) return false
  return SECRET_WORD.test(words) || SECRET_END.test(words)
}
