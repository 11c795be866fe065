import { looksSecret } from '../../../shared/secret-names.ts'
import { applyHeaders } from './apply-headers.ts'
import { applyUrl } from './apply-url.ts'
import { ASSIGNMENT, baseName, optionValues, splitHeader, splitOption } from './command-words.ts'
import { emptyServer, type PastedServer, type PastedValue } from './paste.ts'
import { transportOfWord } from './transport-of-url.ts'

/** The server that a program with its arguments is: a child process, or the address that a known bridge would go to. */
export function serverOfCommand(program: string, args: readonly string[], env: readonly PastedValue[]): PastedServer {
  return bridgedUrl(program, args) ?? stdio(program, args, env)
}

function stdio(command: string, args: readonly string[], env: readonly PastedValue[]): PastedServer {
  const notes: string[] = []
  const secret = args.find((arg, index) => isSecretArgument(arg, args[index - 1] ?? ''))
  if (secret !== undefined) {
    notes.push(
      'An argument looks like a secret. Arguments are stored in the clear; use a variable if the server takes one.',
    )
  }
  if (args.some((arg) => ['|', '&&', ';', '>', '<', '||'].includes(arg))) {
    notes.push('The command is run as it is, without a shell: pipes and redirections do nothing.')
  }
  return { ...emptyServer(), transport: 'stdio', command, args: [...args], env: [...env], notes }
}

/** `npx mcp-remote URL --header …` only carries stdio to an address; Gatehouse goes there itself. */
function bridgedUrl(program: string, args: readonly string[]): PastedServer | undefined {
  const bridge = args.findIndex((arg) => /^(mcp-remote|@[\w-]+\/mcp-remote)(@.*)?$/.test(arg))
  if (bridge < 0 || !/^(npx|bunx|pnpx|pnpm|yarn|cmd)(\.cmd|\.exe)?$/i.test(baseName(program))) return undefined
  const url = args.slice(bridge + 1).find((arg) => /^https?:\/\//i.test(arg))
  if (url === undefined) return undefined
  const headers = optionValues(args, ['--header', '-H']).map((text) => splitHeader(text))
  const said = transportOfWord(optionValues(args, ['--transport'])[0])
  const server = applyHeaders(applyUrl(emptyServer(), url, { said, usual: 'http' }), headers)
  server.notes.push('mcp-remote is not needed: Gatehouse connects to the address itself.')
  return server
}

function isSecretArgument(arg: string, before: string): boolean {
  const [flag, inline] = splitOption(arg)
  if (inline !== undefined) return inline !== '' && looksSecret(flag.replace(/^-+/, ''), inline)
  const pair = ASSIGNMENT.exec(arg)
  if (pair && /^(-e|--env)$/.test(before)) return pair[2] !== '' && looksSecret(pair[1] ?? '', pair[2] ?? '')
  if (arg.startsWith('-')) return false
  return looksSecret(before.startsWith('--') && !before.includes('=') ? before.slice(2) : '', arg)
}
