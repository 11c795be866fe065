/** A sentence that says what a text is that is no OpenAPI document. */
export function whatItIs(_root: unknown, _text: string): string {
  return 'This is not an OpenAPI or Swagger document.'
}
