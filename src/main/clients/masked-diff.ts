import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'
import { looksSecret } from '../../shared/secret-names.ts'
import type { ConfigDocument, Scalar } from './config-document.ts'
import { maskArguments, maskText, maskValue } from './masking.ts'

/** Whatever stands under these names may be a secret, and none of it is needed to understand a change. */
const HIDDEN_GROUPS: ReadonlySet<string> = new Set(['env', 'headers', 'http_headers', 'env_http_headers'])
const DOTS = '••••'
const COMMENTED_VALUE = /((["']?)([A-Za-z][\w.-]*)\2\s*[=:]\s*["']?)([^"',\s[\]{}]+)/g

/**
 * A unified diff of two configurations, with everything masked in both that could be a secret: the lines around a change
 * belong to other servers. `shown` are values of ours that are safe.
 */
export function maskedDiff(
  path: string,
  before: ConfigDocument,
  after: ConfigDocument,
  shown: ReadonlySet<string>,
): string {
  if (before.text === after.text) return ''
  return createTwoFilesPatch(path, path, maskedText(before, shown), maskedText(after, shown), undefined, undefined, {
    context: 3,
    stripTrailingCr: true,
    headerOptions: FILE_HEADERS_ONLY,
  })
}

function maskedText({ text, scalars }: ConfigDocument, shown: ReadonlySet<string>): string {
  const parts: string[] = []
  let at = 0
  for (const scalar of scalars) {
    const written = text.slice(scalar.offset, scalar.offset + scalar.length)
    parts.push(
      maskComments(text.slice(at, scalar.offset)),
      shown.has(scalar.value) ? written : maskScalar(scalar, written),
    )
    at = scalar.offset + scalar.length
  }
  return parts.join('') + maskComments(text.slice(at))
}

/** Keeps the value as it is written where nothing in it is masked: its quotes and escapes are the person's. */
function maskScalar({ path, before, value }: Scalar, written: string): string {
  const name = path.at(-1) ?? ''
  const groups = path.slice(0, -1)
  const hidden = groups.some((group) => HIDDEN_GROUPS.has(group) || looksSecret(group, ''))
  const masked = hidden ? DOTS : maskNamed(name, before, value)
  return masked === value ? written : JSON.stringify(masked)
}

function maskNamed(name: string, before: string | undefined, value: string): string {
  if (before !== undefined) return maskArguments([before, value])[1] ?? DOTS
  return maskValue(name, value)
}

/** Between two values stand names, brackets and comments; a comment may be a server that was switched off. */
function maskComments(text: string): string {
  return text
    .split('\n')
    .map((line) => maskText(line).replace(COMMENTED_VALUE, maskCommented))
    .join('\n')
}

function maskCommented(whole: string, start: string, _quote: string, name: string, value: string): string {
  return looksSecret(name, value) ? start + DOTS : whole
}
