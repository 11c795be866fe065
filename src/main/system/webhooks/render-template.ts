import type { ParseError } from 'jsonc-parser'
import { AppError } from '../../base/app-error.ts'
import { isObject } from '../../base/is-object.ts'
import { escapeFor, isJsonType } from './escapes.ts'
import { templateProblem } from './template-problem.ts'

/** What a template makes is sent, so it ends somewhere, however its sections multiply. */
const MAX_LENGTH = 512 * 1024
const MAX_STEPS = 200_000
export const TEMPLATE_TYPE = 'application/json'
const PATH = 'webhook.template'

/** Throws AppError `invalid_input` that names the line. */
export function checkTemplate(template: string): void {
  const problem = templateProblem(template)
  if (problem !== undefined) throw templateError(problem)
}

/**
 * The body that a Mustache template makes of `view`, which is JSON. Values are escaped for the content type. Nothing of
 * JavaScript can be reached from a template: only what is in `view` itself has a name. Rejects with AppError
 * `invalid_input` for a template that can not be read, that makes too much, or whose JSON is none.
 */
export async function renderTemplate(
  template: string,
  view: Readonly<Record<string, unknown>>,
  contentType: string,
): Promise<string> {
  checkTemplate(template)
  // Loaded with the first template.
  const { default: mustache } = await import('mustache')

  class Names extends mustache.Context {
    override push(inner: unknown): Names {
      return new Names(inner, this)
    }

    /** The innermost value of this name. What is inherited (`constructor`) is no value. */
    override lookup(name: string): unknown {
      if (name === '.') return this.view as unknown
      const found = ownValue(this.view as unknown, name.split('.'))
      return found === undefined ? this.parent?.lookup(name) : found
    }
  }

  let length = 0
  let steps = 0
  const count = (text: string) => {
    length += text.length
    if (length > MAX_LENGTH) throw templateError(`The result is longer than ${MAX_LENGTH / 1024} KiB.`)
    return text
  }
  class Bounded extends mustache.Writer {
    override renderTokens(...args: Parameters<InstanceType<typeof mustache.Writer>['renderTokens']>): string {
      for (const [kind, text = ''] of args[0]) {
        if (++steps > MAX_STEPS) throw templateError('The template repeats too much.')
        if (kind === 'text') count(text)
      }
      return super.renderTokens(...args)
    }
  }

  const escape = escapeFor(contentType)
  const words = (value: unknown) => count(escape(typeof value === 'string' ? value : JSON.stringify(value)))
  const body = new Bounded().render(template, new Names(view), undefined, { escape: words })
  if (isJsonType(contentType)) await checkJson(body)
  return body
}

function ownValue(from: unknown, path: readonly string[]): unknown {
  let value = from
  for (const name of path) {
    const isThere = (isObject(value) || Array.isArray(value)) && Object.hasOwn(value, name)
    if (!isThere) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  // Null is a value: what is there and empty does not come from further out.
  return typeof value === 'function' ? undefined : value
}

async function checkJson(body: string): Promise<void> {
  try {
    JSON.parse(body)
  } catch (cause) {
    const line = body.slice(0, await faultOf(body)).split('\n').length
    const shown = (body.split('\n')[line - 1] ?? '').trim().slice(0, 80)
    throw templateError(
      `The result is not valid JSON, in its line ${line}: ${JSON.stringify(shown)}. Put quotes around texts, and commas between members.`,
      cause,
    )
  }
}

/** Where it ceases to be JSON. What JSON.parse says of that differs from text to text. */
async function faultOf(body: string): Promise<number> {
  const { parse } = await import('jsonc-parser')
  const errors: ParseError[] = []
  parse(body, errors, { disallowComments: true, allowTrailingComma: false })
  return errors[0]?.offset ?? body.length
}

function templateError(message: string, cause?: unknown): AppError {
  return new AppError('invalid_input', { message, details: [{ path: PATH, message }], cause })
}
