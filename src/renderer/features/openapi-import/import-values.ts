import { freeName, toSlug } from '../add/slug-proposal.ts'
import { rowsOf } from '../connection/named-rows.ts'
import type { RestAddValues } from '../rest/rest-add-values.ts'
import { emptyRestValues, type RestValues } from '../rest/rest-values.ts'
import { slugOfApi } from '../rest/slug-of-api.ts'
import { authValues } from './auth-choice.tsx'
import { wholeUrl } from './server-url.ts'
import type { Preview } from './use-preview.ts'

/** What an import asks for beside its operations: how the API is reached, and what it is called. */
export type ImportValues = RestAddValues

export const connectionFields = Object.keys(emptyRestValues()) as (keyof RestValues)[]

/** What a document proposes. */
export function proposedValues(preview: Preview, taken: ReadonlySet<string>): Partial<ImportValues> {
  const baseUrl = wholeUrl(preview.base_url, preview.source.url)
  return {
    base_url: baseUrl,
    ...authValues(preview.auth),
    name: freeName(slugOfTitle(preview.title) || slugOfApi(baseUrl) || 'api', taken),
    display_name: preview.title.trim().slice(0, 80),
    description: firstParagraph(preview.description),
    ...(preview.connection ? settingsOf(preview.connection) : {}),
  }
}

/** How the API was reached, of a document that Gatehouse exported. */
function settingsOf({ headers, ...numbers }: NonNullable<Preview['connection']>): Partial<ImportValues> {
  return {
    headers: rowsOf(headers, undefined),
    ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, String(value)])),
  }
}

const texts = ['base_url', 'name', 'display_name', 'description'] as const
const settings = ['timeout_s', 'max_concurrency', 'retries', 'max_answer_kib'] as const
const auth = ['auth_type', 'auth_header_prefix', 'header_name', 'key_place', 'oauth'] as const

/** The form with what a document proposes. What was entered stays; `before`: what the document before it had proposed. */
export function withProposed(
  values: ImportValues,
  proposed: Partial<ImportValues>,
  before: Partial<ImportValues> = {},
): ImportValues {
  const usual = emptyRestValues()
  const fields = [
    ...texts.filter((field) => values[field] === '' || values[field] === before[field]),
    ...settings.filter((field) => values[field] === usual[field] || values[field] === before[field]),
    ...(values.headers.length === 0 ? (['headers'] as const) : []),
    // A secret was entered for the kind that it is.
    ...(values.token === '' && values.password === '' && values.oauth.client_secret === '' ? auth : []),
  ]
  return {
    ...values,
    ...Object.fromEntries(fields.flatMap((field) => (field in proposed ? [[field, proposed[field]]] : []))),
  }
}

/** Words that every title of an API has. */
const NOISE = /\b(the|api|apis|rest|openapi|swagger|specification|reference|service|v?\d+(\.\d+)*)\b/gi

/** `GitHub v3 REST API` → `github`. */
function slugOfTitle(title: string): string {
  return toSlug(title.replace(NOISE, ' ')) || toSlug(title)
}

/** The rest is for people who read the document itself. */
function firstParagraph(text: string): string {
  const paragraph =
    text
      .trim()
      .split(/\n\s*\n/, 1)[0]
      ?.replace(/\s+/g, ' ') ?? ''
  return paragraph.length > 400 ? `${paragraph.slice(0, 399).trimEnd()}…` : paragraph
}
