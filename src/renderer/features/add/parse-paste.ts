import { parseArgsStringToArgv } from 'string-argv'
import { parseCommand } from './parse-command.ts'
import { parseRelaxedJson } from './relaxed-json.ts'
import { readServers } from './read-config.ts'
import { type Paste, type PastedServer, emptyServer } from './paste.ts'
import { freeName, slugOfCommand, slugOfUrl, titleOf, toSlug } from './slug-proposal.ts'
import { applyUrl } from './apply-url.ts'

/**
 * Reads what a person has at hand: a URL, a command line (as of a README, or `claude mcp add …`), or a JSON configuration
 * of any MCP client. It never runs anything and never looks outside the text. `taken` are the names in use.
 */
export function parsePaste(text: string, taken: ReadonlySet<string>): Paste {
  const trimmed = text.trim()
  if (!trimmed || isBeginningOfUrl(trimmed)) return { kind: 'empty' }
  try {
    const servers = read(trimmed)
    return { kind: 'servers', servers: nameAll(servers, taken) }
  } catch (cause) {
    return { kind: 'unreadable', message: cause instanceof Error ? cause.message : String(cause) }
  }
}

/** While a URL is typed its first letters are no command. */
function isBeginningOfUrl(text: string): boolean {
  return ['http://', 'https://'].some((scheme) => scheme.startsWith(text.toLowerCase()))
}

function read(text: string): PastedServer[] {
  if (/^https?:\/\/\S+$/i.test(text)) return [applyUrl(emptyServer(), text)]
  if (/^(\{|"[^"]+"\s*:)/.test(text)) return readServers(parseRelaxedJson(text))
  if (/^[\w.-]+\.[a-z]{2,}(:\d+)?\/\S*$/i.test(text)) return [applyUrl(emptyServer(), `https://${text}`)]
  if (/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/\S*)?$/i.test(text))
    return [applyUrl(emptyServer(), `http://${text}`)]
  return parseCommand(words(text))
}

/** One command line in words: continued lines are joined, a prompt before it is dropped. Backslashes of Windows stay. */
function words(text: string): string[] {
  const line = text
    .replace(/\s+[\\^`]\r?\n\s*/g, ' ')
    .replace(/^(\$|>|PS [^>]*>)\s+/, '')
    .trim()
  if (/\r?\n/.test(line)) throw new Error('Paste one command at a time, or a JSON configuration with all of them.')
  if (hasOpenQuote(line)) throw new Error('A quote in this command is not closed.')
  return parseArgsStringToArgv(line)
}

function hasOpenQuote(line: string): boolean {
  let open = ''
  for (const char of line) {
    if (open) open = char === open ? '' : open
    else if (char === '"' || char === "'") open = char
  }
  return open !== ''
}

/** Gives every server a free slug: the name it came with, else one from its URL or command. */
function nameAll(servers: readonly PastedServer[], taken: ReadonlySet<string>): PastedServer[] {
  const used = new Set(taken)
  return servers.map((server) => {
    const proposal =
      toSlug(server.name) ||
      (server.transport === 'stdio' ? slugOfCommand(server.command, server.args) : slugOfUrl(server.server_url))
    const name = freeName(proposal, used)
    used.add(name)
    return { ...server, name, display_name: server.display_name || titleOf(server.name || proposal || name) }
  })
}
