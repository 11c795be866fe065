import { parseJson } from '../../json/parse.ts'
import { printJson } from '../../json/print.ts'
import { isObject, type JsonObject } from '../../json/value.ts'

/** With line breaks that a person can read, every number as it was written. Undefined for what is no JSON, as a cut text. */
export function prettyJson(text: string): string | undefined {
  const { value } = parseJson(text)
  return value === undefined ? undefined : printJson(value, 2)
}

/** The arguments of a recorded `tools/call`; undefined where it had none, or where its text was cut. */
export function argumentsOf(request: string): JsonObject | undefined {
  const message = parseJson(request).value
  const params = isObject(message) ? message.get('params') : undefined
  const given = isObject(params) ? params.get('arguments') : undefined
  return isObject(given) ? given : undefined
}
