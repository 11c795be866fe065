/**
 * JSON as people paste it: with comments and trailing commas (VS Code writes both), or a fragment cut out of a larger
 * object (`"github": {…}`). Throws an Error that says where it stops making sense.
 */
export function parseRelaxedJson(text: string): unknown {
  const cleaned = withoutTrailingCommas(withoutComments(text)).trim().replace(/,$/, '')
  const whole = cleaned.startsWith('"') ? `{${cleaned}}` : cleaned
  try {
    return JSON.parse(whole) as unknown
  } catch (cause) {
    const message = cause instanceof Error ? cause.message.replace(/ in JSON| is not valid JSON/g, '') : String(cause)
    throw new Error(`This is not valid JSON: ${message}.`.replace('..', '.'), { cause })
  }
}

const STRING_OR_COMMENT = /"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g
const STRING_OR_COMMA = /"(?:\\.|[^"\\])*"|,(?=\s*[}\]])/g

function withoutComments(text: string): string {
  return text.replace(STRING_OR_COMMENT, (found) => (found.startsWith('"') ? found : ' '))
}

function withoutTrailingCommas(text: string): string {
  return text.replace(STRING_OR_COMMA, (found) => (found.startsWith('"') ? found : ''))
}
