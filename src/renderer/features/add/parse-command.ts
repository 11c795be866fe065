import { applyHeaders } from './apply-headers.ts'
import { applyUrl } from './apply-url.ts'
import { ASSIGNMENT, baseName, splitHeader, splitOption } from './command-words.ts'
import { envValue } from './env-value.ts'
import { emptyServer, type PastedServer, type PastedValue } from './paste.ts'
import { readServers } from './read-config.ts'
import { parseRelaxedJson } from './relaxed-json.ts'
import { serverOfCommand } from './server-of-command.ts'
import { transportOfWord } from './transport-of-url.ts'

/**
 * Reads a command that was split into words. Commands that only tell another client about a server (`claude mcp add …`)
 * are read as that server.
 */
export function parseCommand(argv: readonly string[]): PastedServer[] {
  const { env, rest } = takeAssignments(argv)
  const [program = '', ...args] = rest
  if (!program) throw new Error('There is no command after the variables.')
  const client = baseName(program)
  if (client === 'code' && args[0] === '--add-mcp') return readServers(parseRelaxedJson(args[1] ?? ''))
  if (args[0] === 'mcp' && (args[1] === 'add' || args[1] === 'add-json')) {
    return readClientAdd(args[1], args.slice(2))
  }
  return [serverOfCommand(program, args, env)]
}

/** `claude mcp add`, `codex mcp add`, `gemini mcp add`: NAME, then a URL or a command, options anywhere before `--`. */
function readClientAdd(verb: 'add' | 'add-json', args: readonly string[]): PastedServer[] {
  const split = args.indexOf('--')
  const head = split < 0 ? args : args.slice(0, split)
  const tail = split < 0 ? [] : args.slice(split + 1)
  const options = readOptions(head, split < 0)
  const [name = '', ...target] = options.operands
  if (verb === 'add-json') {
    return readServers(parseRelaxedJson(target.join(' '))).map((server) => ({ ...server, name }))
  }
  const command = [...target, ...tail]
  const url = options.url ?? (command.length === 1 && /^https?:\/\//i.test(command[0] ?? '') ? command[0] : undefined)
  if (url !== undefined) {
    const said = transportOfWord(options.transport)
    return [applyHeaders(applyUrl({ ...emptyServer(), name }, url, { said, usual: 'http' }), options.headers)]
  }
  const [program, ...rest] = command
  if (program === undefined) throw new Error('This command names no server to add: a URL or a command is missing.')
  return [{ ...serverOfCommand(program, rest, options.env), name }]
}

interface AddOptions {
  operands: string[]
  url: string | undefined
  transport: string | undefined
  headers: (readonly [string, string])[]
  env: PastedValue[]
}

function readOptions(args: readonly string[], commandFollows: boolean): AddOptions {
  const found: AddOptions = { operands: [], url: undefined, transport: undefined, headers: [], env: [] }
  for (let index = 0; index < args.length; index += 1) {
    const [flag, inline] = splitOption(args[index] ?? '')
    const value = (): string => inline ?? args[(index += 1)] ?? ''
    if (flag === '-t' || flag === '--transport') found.transport = value()
    else if (/^(-s|--scope|--bearer-token-env-var|--timeout)$/.test(flag)) value()
    else if (flag === '--url') found.url = value()
    else if (flag === '-H' || flag === '--header') found.headers.push(splitHeader(value()))
    else if (flag === '-e' || flag === '--env') {
      const pair = ASSIGNMENT.exec(value())
      if (pair) found.env.push(envValue(pair[1] ?? '', pair[2] ?? ''))
    } else if (!flag.startsWith('-')) {
      found.operands.push(args[index] ?? '')
      // Without `--` everything after NAME and COMMAND is the command's own.
      if (commandFollows && found.operands.length === 2 && !/^https?:/i.test(found.operands[1] ?? '')) {
        found.operands.push(...args.slice(index + 1))
        break
      }
    }
  }
  return found
}

/** Leading `KEY=value` words, also after `env`, `export`, `set` or `cross-env`. */
function takeAssignments(argv: readonly string[]): { env: PastedValue[]; rest: string[] } {
  const first = /^(env|export|set|cross-env)$/.test(argv[0] ?? '') ? 1 : 0
  let index = first
  const env: PastedValue[] = []
  for (let pair = ASSIGNMENT.exec(argv[index] ?? ''); pair; pair = ASSIGNMENT.exec(argv[index] ?? '')) {
    env.push(envValue(pair[1] ?? '', pair[2] ?? ''))
    index += 1
    if (argv[index] === '&&' || argv[index] === ';') index += 1
  }
  return env.length === 0 ? { env, rest: [...argv] } : { env, rest: argv.slice(index) }
}
