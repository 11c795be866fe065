import { AppError } from '../base/app-error.ts'

/** The version member of a document: in JSON, and at the beginning of a line of YAML. */
const VERSION =
  /(?:^|[{,]\s*)(?:(?<quote>["'])(?<quoted>openapi|swagger)\k<quote>|(?<bare>openapi|swagger))\s*:\s*["']?(?<version>\d[\w.-]*)/m

/**
 * What a document is called, `OpenAPI 3.1.0`, without reading it: it was read when its tools were made. Throws
 * `invalid_input` for another text, of which no later document could tell the changes.
 */
export function sourceFormat(document: string): string {
  const found = VERSION.exec(document)?.groups
  const name = found?.quoted ?? found?.bare
  if (found === undefined || name === undefined) {
    const message = 'This is no OpenAPI or Swagger document. Give the one that the tools were made from, or none.'
    throw new AppError('invalid_input', { message, details: [{ path: 'rest.source.document', message }] })
  }
  return `${name === 'openapi' ? 'OpenAPI' : 'Swagger'} ${found.version}`
}
