import type { Notice } from '../channel-adapter.ts'
import { passages, type Passage } from '../messages/body.ts'
import { facts, labelFacts, type Fact } from '../messages/facts.ts'
import { links } from '../messages/links.ts'
import { incidentLine, labelsOf, origin } from '../messages/plain-text.ts'
import { sentence } from '../messages/sentence.ts'
import { incidentCount, subject } from '../messages/subject.ts'
import { colorOf } from '../messages/words.ts'

const FONT = 'font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif'
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A notice as HTML that every mail program shows: one table, styles in place, no images, nothing that is loaded. */
export function mailHtml(notice: Notice): string {
  const isMany = incidentCount(notice) > 1
  const known = isMany || notice.action === 'test' ? [] : [...facts(notice), ...labelFacts(labelsOf(notice))]
  const color = colorOf(notice.severity, notice.action === 'resolve' ? notice.incidents[0] : undefined)
  const inside = [
    `<h1 style="margin:0 0 8px;font-size:18px;line-height:1.3">${escaped(subject(notice))}</h1>`,
    `<p style="margin:0 0 16px">${escaped(sentence(notice))}</p>`,
    isMany ? incidentList(notice) : '',
    factTable(known),
    ...passages(notice).map(passage),
    linkList(notice),
    `<p style="margin:16px 0 0;color:#5f6368;font-size:12px">${escaped(origin(notice))}</p>`,
  ]
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${escaped(subject(notice))}</title></head>`,
    '<body style="margin:0;padding:16px;background:#f6f7f8">',
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">',
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:640px;background:#ffffff">',
    `<tr><td style="padding:16px 20px;border-left:6px solid ${color};color:#202124;font-size:14px;line-height:1.5;${FONT}">`,
    ...inside.filter((part) => part !== ''),
    '</td></tr></table></td></tr></table></body></html>',
  ].join('\n')
}

/** Text of somebody else between tags or in an attribute. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}

function incidentList({ incidents, more }: Notice): string {
  const items = incidents.map((incident) => {
    const color = colorOf(incident.severity, incident)
    return `<li style="margin:0 0 4px"><span style="color:${color}">&#9632;</span> ${escaped(incidentLine(incident))}</li>`
  })
  const rest = more > 0 ? `<li>and ${more} more</li>` : ''
  return `<ul style="margin:0 0 16px;padding-left:16px;list-style:none">${items.join('')}${rest}</ul>`
}

function factTable(known: readonly Fact[]): string {
  if (known.length === 0) return ''
  const rows = known.map(
    ({ name, value }) =>
      `<tr><td style="padding:2px 16px 2px 0;color:#5f6368;vertical-align:top">${escaped(name)}</td>` +
      `<td style="padding:2px 0;word-break:break-word">${escaped(value)}</td></tr>`,
  )
  return `<table cellpadding="0" cellspacing="0" style="margin:0 0 16px;font-size:14px;${FONT}">${rows.join('')}</table>`
}

function passage({ heading, text }: Passage): string {
  const title = heading === '' ? '' : `<p style="margin:0 0 4px"><strong>${escaped(heading)}</strong></p>`
  return `${title}<p style="margin:0 0 16px;word-break:break-word">${escaped(text).replaceAll('\n', '<br>')}</p>`
}

function linkList(notice: Notice): string {
  const items = links(notice).map(
    ({ url, title }) => `<a href="${escaped(url)}" style="color:#1a73e8">${escaped(title)}</a>`,
  )
  return items.length === 0 ? '' : `<p style="margin:0">${items.join(' &nbsp; ')}</p>`
}
