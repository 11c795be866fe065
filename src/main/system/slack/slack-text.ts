import { cut, lines, oneLine } from '../../notifications/messages/text.ts'

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const MAX_TITLE = 200

/**
 * Threat: `<!channel>`, `<@U…>` and `<https://…|text>` are commands in Slack's texts, so text that agents and alerts wrote
 * could call everybody, or show another address than it leads to. Without these three characters there is no command.
 */
export function escaped(text: string): string {
  return lines(text, Infinity).replaceAll(/[&<>]/g, (character) => ENTITIES[character] ?? character)
}

/** The same, of at most `most` characters as they are sent. No entity is cut through. */
export function escapedTo(text: string, most: number): string {
  const whole = escaped(text.slice(0, most + 1))
  if (whole.length <= most) return whole
  // Room for the beginning of an entity that is taken away again.
  return cut(whole, most).replace(/&[a-z]{0,3}…$/, '…')
}

/** A link of Slack's. `url` is one of http or https. */
export function link(url: string, title: string): string {
  // What would end it, or begin the title.
  const target = escaped(url.replaceAll(/[\s|<>]/g, (character) => encodeURIComponent(character)))
  const shown = escaped(oneLine(title, MAX_TITLE).replaceAll('|', '¦'))
  return shown === '' ? `<${target}>` : `<${target}|${shown}>`
}

/** Calls one person: `id` is a user's. */
export function mention(id: string): string {
  return `<@${id}>`
}

/** Parts of at most `most` characters of an escaped text, cut where its lines end if there is such a place. */
export function parts(text: string, most: number): string[] {
  if (text.length <= most) return [text]
  const head = text.slice(0, most)
  const lineEnd = head.lastIndexOf('\n')
  const isEarly = lineEnd < most / 2
  const kept = isEarly ? head.replace(/(&[a-z]{0,3}|[\uD800-\uDBFF])$/, '') : head.slice(0, lineEnd)
  return [kept, ...parts(text.slice(isEarly ? kept.length : lineEnd + 1), most)]
}
