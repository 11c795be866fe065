import type { IncomingMessage } from 'node:http'
import { AppError } from '../base/app-error.ts'
import { isObject } from '../base/is-object.ts'
import { readLimited } from './body.ts'

/**
 * Reads a request's JSON object, or throws what is wrong with it. Only `application/json` is taken: a page of another
 * origin can send the other types without asking first (Fetch standard, "CORS-safelisted request-header").
 */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<Record<string, unknown>> {
  const announced = Number(request.headers['content-length'] ?? 0)
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  const hasBody = announced > 0 || request.headers['transfer-encoding'] !== undefined
  if ((hasBody || type !== undefined) && type !== 'application/json') throw new AppError('unsupported_media_type')
  const bytes = await readLimited(request, maxBytes)
  if (bytes === undefined) {
    throw new AppError('too_large', { message: `The body is larger than ${maxBytes} bytes.` })
  }
  return bytes.length === 0 ? {} : parseObject(bytes)
}

function parseObject(bytes: Buffer): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? cause.message : 'it is not UTF-8'
    throw new AppError('bad_request', { message: `The body is not JSON: ${reason}.`, cause })
  }
  if (!isObject(value)) {
    throw new AppError('bad_request', { message: 'The body must be a JSON object.' })
  }
  return value
}
