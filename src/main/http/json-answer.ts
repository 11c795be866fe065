import type { ServerResponse } from 'node:http'
import type { ApiError } from '../api/api-error.ts'

/** Answers are one caller's business: no cache keeps them, no browser guesses a type. */
export function setAnswerHeaders(response: ServerResponse): void {
  response.setHeader('cache-control', 'no-store')
  response.setHeader('x-content-type-options', 'nosniff')
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  setAnswerHeaders(response)
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

/** The error shape of the HTTP API (contract.md, "Errors"). */
export function errorBody(error: ApiError) {
  return { error: { code: error.code, message: error.message, details: error.data.details } }
}
