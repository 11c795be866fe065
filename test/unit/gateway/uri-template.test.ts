import { describe, expect, it } from 'vitest'
import { matches, readTemplate } from '../../../src/main/gateway/uri-template.ts'

function fits(template: string, uri: string): boolean {
  const read = readTemplate(template)
  return read !== undefined && matches(read, uri)
}

describe('a URI template', () => {
  it('fits what it expands to', () => {
    expect(fits('file:///{path}', 'file:///a%2Fb')).toBe(true)
    expect(fits('file:///{+path}', 'file:///a/b')).toBe(true)
    expect(fits('db://{table}/rows/{id}', 'db://users/rows/5')).toBe(true)
    expect(fits('x://a{/id*}', 'x://a/1/2')).toBe(true)
    expect(fits('x://a{?q,lang}', 'x://a?q=1&lang=de')).toBe(true)
    expect(fits('x://a{?q}', 'x://a')).toBe(true)
    expect(fits('x://a{#part}', 'x://a#b')).toBe(true)
    expect(fits('x://{a}.{b}', 'x://1.2.3')).toBe(true)
    expect(fits('{+uri}', 'anything:at/all')).toBe(true)
    expect(fits('x://plain', 'x://plain')).toBe(true)
  })

  it('does not fit anything else', () => {
    expect(fits('file:///{path}', 'file:///a/b')).toBe(false)
    expect(fits('db://{table}/rows/{id}', 'db://users/columns/5')).toBe(false)
    expect(fits('db://{table}/rows/{id}', 'db://a/b/rows/5')).toBe(false)
    expect(fits('db://{table}/end', 'db://users/end/more')).toBe(false)
    expect(fits('x://plain', 'x://plain2')).toBe(false)
    expect(fits('x://a', 'x://')).toBe(false)
  })

  it('finds the way that fits where a shorter one does not', () => {
    expect(fits('x://{a}-{b}-end', 'x://1-2-3-end')).toBe(true)
    expect(fits('x://{+a}/{b}/end', 'x://1/2/end/3/end')).toBe(true)
  })

  it('is not taken when it is broken or too large to be one', () => {
    expect(readTemplate('x://{open')).toBeUndefined()
    expect(readTemplate(`x://${'a'.repeat(5000)}`)).toBeUndefined()
    expect(readTemplate('{a}/'.repeat(100))).toBeUndefined()
    expect(fits('{+a}', `x:${'a'.repeat(70_000)}`)).toBe(false)
  })

  it('takes no longer for a template that was made to be slow', () => {
    const long = '/a'.repeat(25_000)
    const started = performance.now()
    expect(fits('{/id*}', long)).toBe(true)
    expect(fits('{/id*}{/more*}!', long)).toBe(false)
    expect(fits(`${'{/a*}a'.repeat(30)}!`, long)).toBe(false)
    // Trying each way would take longer than the universe has been there; this is for a slow machine with load.
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
