/** Words that end the names of secrets: `GITHUB_TOKEN`, `X-API-Key`, `PGPASSWORD`, `accessToken`. */
const SECRET_NAME =
  /(token|secret|password|passwd|passphrase|pwd|pat|key|credentials?|authorization|auth|cookie|dsn)s?$/i
/** …or stand in their middle: `AWS_ACCESS_KEY_ID`, `SECRET_KEY_BASE`. */
const SECRET_WORD = /(^|[_-])(token|secret|password|passphrase|key|credentials?)([_-]|$)/i
/** What tokens of well-known services begin with, and addresses with a password in them. */
const SECRET_VALUE = /^(sk-|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|eyJ|Bearer )|:\/\/[^/\s:@]*:[^/\s@]+@/

/** Whether a variable or header most likely holds a secret, which belongs to the vault. In doubt it does. */
export function looksSecret(name: string, value: string): boolean {
  return SECRET_NAME.test(name) || SECRET_WORD.test(name) || SECRET_VALUE.test(value)
}
