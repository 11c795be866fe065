const MAX_TAGS = 2_000
const MAX_NAME = 200
const MAX_COMMENT = 2_000
const MAX_DEPTH = 10

interface Section {
  name: string
  line: number
}

/**
 * What is wrong with a template, with the line where; undefined: it can be used. Only names, sections and comments are
 * allowed: unescaped tags would let the words of an alert become part of a body, partials have nowhere to come from, and
 * other delimiters would hide both. In linear time, so that the engine gets nothing that makes it slow.
 */
export function templateProblem(template: string): string | undefined {
  const open: Section[] = []
  let tags = 0
  let line = 1
  let at = 0
  for (;;) {
    const start = template.indexOf('{{', at)
    if (start === -1) break
    line += newlines(template, at, start)
    if (++tags > MAX_TAGS) return `Line ${line}: use at most ${MAX_TAGS.toLocaleString('en')} tags.`
    const end = template.indexOf('}}', start + 2)
    if (end === -1) return `Line ${line}: the tag is not closed. End it with "}}".`
    const problem = tagProblem(template.slice(start + 2, end), line, open)
    if (problem !== undefined) return `Line ${line}: ${problem}`
    line += newlines(template, start, end)
    at = end + 2
  }
  const last = open.pop()
  return last === undefined
    ? undefined
    : `Line ${last.line}: the section "${last.name}" is not closed. End it with "{{/${last.name}}}".`
}

function tagProblem(inside: string, line: number, open: Section[]): string | undefined {
  const tag = inside.trim()
  const kind = /^[#^/!&{>=]/.exec(tag)?.[0] ?? ''
  if (kind === '!') return inside.length > MAX_COMMENT ? 'the comment is too long.' : undefined
  const name = tag.slice(kind.length).trim()
  const shown = JSON.stringify(name.slice(0, 40))
  if (inside.length > MAX_NAME) return `the tag is longer than ${MAX_NAME} characters.`
  if (kind === '{' || kind === '&') return `values are always escaped. Write ${shown} with two braces and without "&".`
  if (kind === '>') return 'there are no partials.'
  if (kind === '=') return 'the delimiters can not be changed.'
  if (name === '') return 'the tag has no name.'
  if (/[\s{}]/.test(name)) return `${shown} is not a name.`
  if (kind === '#' || kind === '^') {
    open.push({ name, line })
    return open.length > MAX_DEPTH ? `there are more than ${MAX_DEPTH} sections inside each other.` : undefined
  }
  if (kind !== '/') return undefined
  const section = open.pop()
  if (section === undefined) return `the section ${shown} was not opened.`
  return section.name === name
    ? undefined
    : `${shown} closes a section, but the open one is "${section.name}" of line ${section.line}.`
}

function newlines(text: string, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count++
  return count
}
