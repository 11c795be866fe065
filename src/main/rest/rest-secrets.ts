/** Secrets of one REST API in the places where they are used. */
export interface RestSecrets {
  headers: Record<string, string>
  query: Record<string, string>
  cookies: Record<string, string>
  /** PEM, of `rest.client_certificate`. */
  tlsKey?: string
}
