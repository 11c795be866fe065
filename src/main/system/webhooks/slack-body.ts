import type { Notice } from '../../notifications/channel-adapter.ts'
import { passages } from '../../notifications/messages/body.ts'
import { facts, labelFacts, type Fact } from '../../notifications/messages/facts.ts'
import { links } from '../../notifications/messages/links.ts'
import { incidentLines, labelsOf, origin } from '../../notifications/messages/plain-text.ts'
import { sentence } from '../../notifications/messages/sentence.ts'
import { incidentCount, subject } from '../../notifications/messages/subject.ts'
import { cut } from '../../notifications/messages/text.ts'

/** Limits of Block Kit. */
const MAX_HEADER = 150
const MAX_SECTION = 2_900
const MAX_FIELD = 300
const MAX_FIELDS = 10
/** Of the text that is all that other services show. */
const MAX_TEXT = 3_900

/**
 * Words for what takes Slack's incoming webhooks: Slack shows the blocks, Mattermost and others the text. Data stands in
 * plain text objects, or escaped, so that it is no link, no mention and no call of a channel.
 */
export function slackBody(notice: Notice): Record<string, unknown> {
  const isMany = incidentCount(notice) > 1
  const known = isMany || notice.action === 'test' ? [] : [...facts(notice), ...labelFacts(labelsOf(notice), 5)]
  const paragraphs = [sentence(notice), incidentLines(notice).join('\n')]
  const long = passages(notice).map(({ heading, text }) => (heading === '' ? text : `${heading}:\n${text}`))
  const linked = linkText(notice)
  const text = [subject(notice), ...paragraphs, ...known.map(factLine), ...long].filter((part) => part !== '')
  return {
    text: `${cut(slackEscaped(text.join('\n')), MAX_TEXT)}${linked === '' ? '' : `\n${linked}`}`,
    blocks: [
      { type: 'header', text: plain(subject(notice), MAX_HEADER) },
      ...[...paragraphs, ...long].filter((part) => part !== '').map((part) => section(part)),
      ...(known.length === 0 ? [] : [{ type: 'section', fields: known.slice(0, MAX_FIELDS).map(field) }]),
      ...(linked === '' ? [] : [{ type: 'section', text: { type: 'mrkdwn', text: linked } }]),
      { type: 'context', elements: [plain(origin(notice), MAX_FIELD)] },
    ],
  }
}

/** As many as there is room for: half a link leads nowhere. */
function linkText(notice: Notice): string {
  let text = ''
  for (const { url, title } of links(notice)) {
    const link = `<${url.replaceAll('&', '&amp;')}|${slackEscaped(title.replaceAll('|', '¦'))}>`
    const longer = text === '' ? link : `${text}  ${link}`
    if (longer.length <= MAX_SECTION) text = longer
  }
  return text
}

/**
 * Slack's three characters (`<!channel>` is text then), and what others make of plain text: a mention of everybody, a link
 * or a picture in Markdown.
 */
export function slackEscaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/@(?=(?:here|channel|everyone|all)\b)/gi, '@\u200b')
    .replaceAll('](', ']\u200b(')
}

function section(text: string) {
  return { type: 'section', text: plain(text, MAX_SECTION) }
}

function field({ name, value }: Fact) {
  return plain(`${name}\n${value}`, MAX_FIELD)
}

function factLine({ name, value }: Fact): string {
  return `${name}: ${value}`
}

function plain(text: string, most: number) {
  return { type: 'plain_text', text: cut(text, most), emoji: false }
}
