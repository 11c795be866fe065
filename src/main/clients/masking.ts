/**
 * Threat: a configuration holds tokens of other servers, and its text is shown: in a console, a terminal, somebody's
 * screenshot. What looks like a secret is masked by its name, by how it begins, or because it looks random; in doubt it is.
 */
import { looksSecret } from '../../shared/secret-names.ts'

const DOTS = '••••'
const SCHEME = /^(Bearer|Basic|Token)\s+\S.*$/is
/** `--api-key=…`, `API_KEY=…`, `X-Api-Key: …`: a name and a value in one argument. */
const NAMED_VALUE = /^(-{0,2}([A-Za-z][\w.-]*)\s*[=:]\s*)(\S.*)$/s
const FLAG = /^--?([A-Za-z][\w.-]*)$/
const USER_INFO = /^([a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:)[^/\s@]+@/i
const QUERY_VALUE = /([?&])([^=&#\s]+)=([^&#\s]*)/g
const UUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi
/** Credentials known by how they begin, wherever they stand: in a comment, in a sentence. */
const KNOWN_TOKEN =
  /\b(?:sk-|[ps]k_live|rk_live|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|AKIA|AIza|eyJ|npm_|hf_|ghk_|gha_)[\w.+/=-]{8,}/g
const LONG_RUN = /[A-Za-z0-9+=]{20,}/g

/** A value with the name it goes by, for example that of a variable. */
export function maskValue(name: string, value: string): string {
  if (value === '') return value
  if (!looksSecret(name, value)) return maskText(value)
  const scheme = SCHEME.exec(value)?.[1]
  return scheme === undefined ? DOTS : `${scheme} ${DOTS}`
}

/** The words of a command line: the value after `--token` is masked as well. */
export function maskArguments(words: readonly string[]): string[] {
  return words.map((word, index) => {
    const flag = FLAG.exec(words[index - 1] ?? '')?.[1]
    return flag !== undefined && !word.startsWith('-') ? maskValue(flag, word) : maskText(word)
  })
}

/** Any text: an argument, an address, a comment. */
export function maskText(text: string): string {
  const [, start = '', name = '', value = ''] = NAMED_VALUE.exec(text) ?? []
  if (start !== '' && !value.startsWith('//') && looksSecret(name, value)) return start + maskValue(name, value)
  const scheme = SCHEME.exec(text)?.[1]
  if (scheme !== undefined) return `${scheme} ${DOTS}`
  return text
    .replace(USER_INFO, `$1${DOTS}@`)
    .replace(QUERY_VALUE, (whole, mark: string, key: string, of: string) =>
      of !== '' && looksSecret(key, of) ? `${mark}${key}=${DOTS}` : whole,
    )
    .replace(KNOWN_TOKEN, DOTS)
    .replace(UUID, DOTS)
    .replace(LONG_RUN, (run) => (looksRandom(run) ? DOTS : run))
}

/** Words are letters of one kind; keys mix letters and digits. */
function looksRandom(run: string): boolean {
  const digits = run.replace(/\D/g, '').length
  return digits >= 2 && digits < run.length
}
