import { RESERVED_SLUGS } from '../../../shared/contract/words.ts'
import { freeSlug, MAX_SLUG_LENGTH } from '../../../shared/slug.ts'

const RESERVED: ReadonlySet<string> = new Set(RESERVED_SLUGS)
/** Words of package and file names that say only that it is an MCP server. */
const NOISE = new Set([
  'mcp',
  'server',
  'servers',
  'modelcontextprotocol',
  'model',
  'context',
  'protocol',
  'stdio',
  'http',
  'sse',
])
/** File and path names that every project has; the folder above says more. */
const PLAIN = new Set([
  'index',
  'main',
  'server',
  'app',
  'cli',
  'run',
  'start',
  'dist',
  'build',
  'src',
  'lib',
  'bin',
  'out',
])
/** Labels of a host name that do not name whose it is. */
const HOST_NOISE = new Set(['api', 'www', 'mcp', 'server', 'gateway', 'app', 'remote', 'sse'])

/** Any text as a slug, or an empty string if nothing of it can be kept. */
export function toSlug(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1-$2')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SLUG_LENGTH)
    .replace(/^-+|-+$/g, '')
}

/** Words of our own URLs. System integrations are in the list of those that are taken. */
export function isReserved(slug: string): boolean {
  return RESERVED.has(slug)
}

/** `brave-search` → `Brave Search`; a name that is already written for people stays as it is. */
export function titleOf(name: string): string {
  if (/[\sA-Z]/.test(name)) return name.trim()
  return name
    .split(/[-_]+/)
    .filter(Boolean)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ')
}

/** `wanted`, or the first of `wanted-2`, `wanted-3` … that is free; a name for what has none. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  return freeSlug(wanted || 'server', (slug) => taken.has(slug) || isReserved(slug))
}

/** `https://api.example.com/mcp` → `example`; `http://localhost:3000/notes/mcp` → `notes`. */
export function slugOfUrl(text: string): string {
  const url = URL.parse(text)
  if (!url) return ''
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isAddress = host === 'localhost' || host.includes(':') || /^[\d.]+$/.test(host)
  const fromPath = url.pathname
    .split('/')
    .map((part) => withoutNoise(toSlug(part)))
    .filter(Boolean)
  if (isAddress) return fromPath[0] ?? (url.port ? `local-${url.port}` : 'local')
  const labels = host.split('.').filter((label) => !HOST_NOISE.has(label))
  const owner = labels.length > 2 ? labels.at(-2) : labels[0]
  return toSlug(owner ?? '') || (fromPath[0] ?? '')
}

/** The name that a command speaks of: its package, image, module or script. */
export function slugOfCommand(command: string, args: readonly string[]): string {
  const program = baseName(command).replace(/\.(exe|cmd|bat|sh)$/i, '')
  switch (program.toLowerCase()) {
    case 'npx':
    case 'bunx':
    case 'pnpx':
    case 'uvx':
    case 'pipx':
    case 'pnpm':
    case 'yarn':
    case 'npm':
    case 'bun':
    case 'uv':
    case 'deno':
      return slugOfPackage(args.find((arg) => isOperand(arg)) ?? '') || toSlug(program)
    case 'docker':
    case 'podman':
      return slugOfPackage(imageOf(args)) || toSlug(program)
    case 'node':
    case 'python':
    case 'python3':
    case 'ruby':
    case 'java':
    case 'tsx':
      return slugOfScript(args) || toSlug(program)
    default:
      return withoutNoise(toSlug(program)) || toSlug(program)
  }
}

function slugOfPackage(spec: string): string {
  const bare = spec.replace(/^(npm:|git\+)/, '').replace(/\.git$/, '')
  const scoped = /^@([^/]+)\/([^@]+)/.exec(bare)
  if (scoped) return withoutNoise(toSlug(scoped[2] ?? '')) || withoutNoise(toSlug(scoped[1] ?? ''))
  const path = bare
    .replace(/[@:][^/\\]*$/, '')
    .split(/[/\\]/)
    .filter(Boolean)
  return path.map((part) => withoutNoise(toSlug(part))).findLast(Boolean) ?? ''
}

function slugOfScript(args: readonly string[]): string {
  const module = args.indexOf('-m')
  if (module >= 0) return withoutNoise(toSlug(args[module + 1] ?? ''))
  const jar = args.indexOf('-jar')
  const script = jar >= 0 ? args[jar + 1] : args.find((arg) => !arg.startsWith('-'))
  const parts = (script ?? '')
    .replace(/\.[a-z]{1,4}$/i, '')
    .split(/[/\\]/)
    .filter(Boolean)
  return (
    parts
      .filter((part) => !PLAIN.has(part.toLowerCase()) && !/^[a-z]:$/i.test(part) && part !== '.' && part !== '..')
      .map((part) => withoutNoise(toSlug(part)))
      .findLast(Boolean) ?? ''
  )
}

/** The image of `docker run`: the first operand after the options, of which some take a value of their own. */
function imageOf(args: readonly string[]): string {
  const takesValue = /^(-e|--env|-v|--volume|--mount|-p|--publish|--name|--network|--env-file|-w|--workdir|-u|--user)$/
  for (let index = args.indexOf('run') + 1; index < args.length; index += 1) {
    const arg = args[index] ?? ''
    if (takesValue.test(arg)) index += 1
    else if (!arg.startsWith('-')) return arg
  }
  return ''
}

function isOperand(arg: string): boolean {
  return !arg.startsWith('-') && !/^(run|exec|dlx|x|tool|create|start)$/.test(arg)
}

function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path
}

function withoutNoise(slug: string): string {
  return slug
    .split('-')
    .filter((word) => !NOISE.has(word))
    .join('-')
}
