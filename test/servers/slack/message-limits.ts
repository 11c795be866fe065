import { Refusal } from './answer.ts'

/** What is longer is cut by `chat.postMessage`, and refused by `chat.update`. */
export const MAX_POSTED = 40_000
const MAX_UPDATED = 4000
const MAX_BLOCKS = 50
const MAX_SECTION = 3000
const MAX_FIELD = 2000
const MAX_FIELDS = 10
const MAX_HEADER = 150
const MAX_CONTEXT_ELEMENTS = 10
const MAX_ATTACHMENTS = 100
/** In no documentation; measured by others. */
const MAX_IN_ALL = 13_200

interface Text {
  type?: unknown
  text?: unknown
}

interface Content {
  text: string | undefined
  blocks: unknown[] | undefined
  attachments: unknown[] | undefined
}

/** What Slack refuses about another text for a message. */
export function checkUpdate(content: Content): void {
  if ((content.text ?? '').length > MAX_UPDATED) throw new Refusal('msg_too_long')
  checkMessage(content)
}

/** What Slack refuses about a message itself. */
export function checkMessage({ text, blocks, attachments }: Content): void {
  const isEmpty = (text ?? '') === '' && (blocks ?? []).length === 0 && (attachments ?? []).length === 0
  if (isEmpty) throw new Refusal('no_text')
  if ((attachments ?? []).length > MAX_ATTACHMENTS) throw new Refusal('too_many_attachments')
  const within = (attachments ?? []).map((attachment) => (attachment as { blocks?: unknown[] }).blocks ?? [])
  const all = [blocks ?? [], ...within]
  for (const each of all) checkBlocks(each)
  const size = all.flat().reduce<number>((sum, block) => sum + JSON.stringify(block).length, 0)
  if (size > MAX_IN_ALL) throw new Refusal('msg_blocks_too_long')
}

function checkBlocks(blocks: readonly unknown[]): void {
  if (blocks.length > MAX_BLOCKS) throw invalid('no more than 50 items allowed [json-pointer:/blocks]')
  for (const [index, block] of blocks.entries()) checkBlock(block as Record<string, unknown>, `/blocks/${index}`)
}

function checkBlock(block: Record<string, unknown>, at: string): void {
  const { type, text, fields, elements } = block as { type?: string; text?: Text; fields?: Text[]; elements?: Text[] }
  switch (type) {
    case 'header':
      if (text?.type !== 'plain_text') throw invalid(`must be plain_text [json-pointer:${at}/text]`)
      checkText(text, MAX_HEADER, `${at}/text`)
      return
    case 'section':
      if (text === undefined && fields === undefined) throw invalid(`text or fields needed [json-pointer:${at}]`)
      if (text !== undefined) checkText(text, MAX_SECTION, `${at}/text`)
      if ((fields ?? []).length > MAX_FIELDS) throw invalid(`no more than 10 items allowed [json-pointer:${at}/fields]`)
      for (const field of fields ?? []) checkText(field, MAX_FIELD, `${at}/fields`)
      return
    case 'context':
      if ((elements ?? []).length > MAX_CONTEXT_ELEMENTS) throw invalid(`too many elements [json-pointer:${at}]`)
      for (const element of elements ?? []) checkText(element, MAX_FIELD, `${at}/elements`)
      return
    case 'divider':
      return
    case undefined:
    default:
      throw invalid(`unsupported type: ${type ?? ''} [json-pointer:${at}]`)
  }
}

function checkText({ type, text }: Text, most: number, at: string): void {
  if (type !== 'mrkdwn' && type !== 'plain_text') throw invalid(`unsupported text type [json-pointer:${at}]`)
  if (typeof text !== 'string' || text.length < 1) throw invalid(`must be more than 0 characters [json-pointer:${at}]`)
  if (text.length > most) throw invalid(`must be less than ${most + 1} characters [json-pointer:${at}]`)
}

function invalid(message: string): Refusal {
  return new Refusal('invalid_blocks', { response_metadata: { messages: [`[ERROR] ${message}`] } })
}
