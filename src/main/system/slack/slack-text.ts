const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const CUT = '…'

/**
 * Threat: `<!channel>`, `<@U…>` and `<https://…|text>` are commands in Slack's texts, so text that agents and alerts wrote
 * could call everybody, or show another address than it leads to. Without these three characters there is no command.
 */
export function escaped(text: string): string {
  return withoutControls(text).replaceAll(/[&<>]/g, (character) => ENTITIES[character] ?? character)
}

/** The same, of at most `most` characters as they are sent. No entity is cut through. */
export function escapedTo(text: string, most: number): string {
  const whole = escaped(text)
  if (whole.length <= most) return whole
  const kept = whole.slice(0, most - CUT.length).replace(/&[a-z]{0,3}$/, '')
  // Nor is a character that takes two places.
  return kept.replace(/[\uD800-\uDBFF]$/, '').trimEnd() + CUT
}

/** A link of Slack's. `url` is one of http or https. */
export function link(url: string, title: string): string {
  // What would end it, or begin the title.
  const target = escaped(url.replaceAll(/[\s|<>]/g, (character) => encodeURIComponent(character)))
  const shown = escapedTo(oneLine(title).replaceAll('|', '¦'), 200)
  return shown === '' ? `<${target}>` : `<${target}|${shown}>`
}

/** Calls one person: `id` is a user's. */
export function mention(id: string): string {
  return `<@${id}>`
}

export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim()
}

/** What a person reads where Slack shows `text`. */
export function readable(text: string): string {
  return text
    .replaceAll(/<(https?:[^|>]+)\|([^>]*)>/g, '$2 ($1)')
    .replaceAll(/<(https?:[^|>]+)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

/** Line ends and tabs stay. */
function withoutControls(text: string): string {
  return text.replaceAll(/(?![\n\t])\p{Cc}/gu, '')
}
