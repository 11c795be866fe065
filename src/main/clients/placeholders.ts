import { posix, win32 } from 'node:path'
import type { Place } from './place.ts'

/**
 * How a client writes "take this from elsewhere" in its configuration. `editor`: `${env:NAME}`, `${input:id}`,
 * `${userHome}` (VS Code, Cursor, Windsurf). `default`: `${NAME}`, `${NAME:-default}` (Claude Code). `shell`: the same and
 * `$NAME` (Gemini CLI). `none`: everything is meant as it stands, for example because the server itself expands it.
 */
export type PlaceholderStyle = 'editor' | 'default' | 'shell' | 'none'

export interface Expansion {
  text: string
  /** Environment variables whose values are in it now. */
  variables: string[]
  /** Placeholders, as they are written, that only the client can fill in. */
  missing: string[]
}

const PATTERNS = {
  editor: /\$\{([^{}]+)\}/g,
  default: /\$\{([A-Za-z_]\w*(?::-[^{}]*)?)\}/g,
  shell: /\$(?:\{([A-Za-z_]\w*(?::-[^{}]*)?)\}|([A-Za-z_]\w*))/g,
} as const

/** Fills in what this machine knows: the environment and the home folder. */
export function expand(text: string, style: PlaceholderStyle, place: Place): Expansion {
  if (style === 'none') return { text, variables: [], missing: [] }
  const variables: string[] = []
  const missing: string[] = []
  const expanded = text.replaceAll(PATTERNS[style], (written: string, ...groups: unknown[]) => {
    const inside = groups.slice(0, style === 'shell' ? 2 : 1).find((group) => typeof group === 'string') ?? ''
    const { value, variable } = style === 'editor' ? editorValue(inside, place) : shellValue(inside, place)
    if (value === undefined) missing.push(written)
    else if (variable !== undefined) variables.push(variable)
    return value ?? written
  })
  return { text: expanded, variables, missing }
}

interface Value {
  value: string | undefined
  variable?: string
}

function editorValue(inside: string, place: Place): Value {
  if (inside.startsWith('env:')) return variableValue(inside.slice(4), place)
  if (inside === 'userHome') return { value: place.home }
  if (inside === 'pathSeparator' || inside === '/') return { value: (place.platform === 'win32' ? win32 : posix).sep }
  return { value: undefined }
}

function shellValue(inside: string, place: Place): Value {
  const [name = '', ...rest] = inside.split(':-')
  const found = variableValue(name, place)
  return found.value === undefined && rest.length > 0 ? { value: rest.join(':-') } : found
}

/**
 * Threat: an entry that another program wrote sends our own secrets (GATEHOUSE_PASSPHRASE, GATEHOUSE_VAULT_KEY, the admin
 * token) to a server. They are as good as not set.
 */
function variableValue(name: string, { env }: Place): Value {
  const isOurs = name.toUpperCase().startsWith('GATEHOUSE_')
  const value = isOurs || !Object.hasOwn(env, name) ? undefined : env[name]
  return { value, variable: name }
}
