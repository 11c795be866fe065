/** JSON and YAML, by the names that they have. */
export const DOCUMENT_FILE = /\.(json|ya?ml|txt|openapi|swagger)$/i
/** What is never part of a description, and may be large. */
export const SKIPPED_FOLDER = /(^|\/)(\..*|node_modules|__MACOSX)\//
/** Read together: more are a wrong folder. */
export const MAX_DOCUMENT_FILES = 2000

/** `openapi` or `swagger` at the top: in JSON among the first keys or the last ones, in YAML at the start of a line. */
export function describesApi(text: string): boolean {
  return /^\s*\{/.test(text)
    ? /"(openapi|swagger)"\s*:\s*"[\d.]+/.test(text)
    : /^['"]?(openapi|swagger)['"]?\s*:/m.test(text)
}
