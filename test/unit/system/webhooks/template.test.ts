import { describe, expect, it } from 'vitest'
import { renderTemplate } from '../../../../src/main/system/webhooks/render-template.ts'
import { templateProblem } from '../../../../src/main/system/webhooks/template-problem.ts'

const json = 'application/json'
const view = {
  title: 'a "quoted" <b>&amp;\n\u0000\u2028',
  number: 12,
  nothing: null,
  incident: { title: 'inner', labels: { team: 'core' } },
  incidents: [{ title: 'one' }, { title: 'two' }],
  rules: ['High', 'All'],
}

describe('a template', () => {
  it.each([
    ['{"a": "{{title}}"}', { a: view.title }],
    ['{"a": {{number}}, "b": "{{nothing}}", "c": "{{unknown}}"}', { a: 12, b: '', c: '' }],
    ['{"a": "{{incident.labels.team}}"}', { a: 'core' }],
    ['{"a": [{{#incidents}}"{{title}}",{{/incidents}}"end"]}', { a: ['one', 'two', 'end'] }],
    ['{"a": [{{#rules}}"{{.}}",{{/rules}}"end"]}', { a: ['High', 'All', 'end'] }],
    ['{"a": "{{^nothing}}none{{/nothing}}{{! a comment }}"}', { a: 'none' }],
    ['{\n  {{#incident}}\n  "a": "{{title}}"\n  {{/incident}}\n}', { a: 'inner' }],
    ['{"a": {"b": {"c": "{{number}}"}}}', { a: { b: { c: '12' } } }],
  ])('of JSON: %s', async (template, value) => {
    expect(JSON.parse(await renderTemplate(template, view, json))).toEqual(value)
  })

  it.each([
    ['application/xml', '<t a="{{title}}"/>', '<t a="a &quot;quoted&quot; &lt;b&gt;&amp;amp;\n\u2028"/>'],
    ['text/html; charset=utf-8', '<p>{{title}}</p>', '<p>a &quot;quoted&quot; &lt;b&gt;&amp;amp;\n\u2028</p>'],
    [
      'application/x-www-form-urlencoded',
      't={{incident.title}}&x={{title}}',
      `t=inner&x=a+%22quoted%22+%3Cb%3E%26amp%3B%0A%00%E2%80%A8`,
    ],
    ['text/plain', '{{title}}', view.title],
    ['application/yaml', 't: "{{title}}"', 't: "a \\"quoted\\" <b>&amp;\\n\\u0000\u2028"'],
  ])('of %s escapes for it', async (type, template, body) => {
    expect(await renderTemplate(template, view, type)).toBe(body)
  })

  it.each([
    '{{constructor}}',
    '{{incident.constructor}}',
    '{{rules.length}}',
    '{{incidents.map}}',
    '{{__proto__}}',
    '{{title.length}}',
    '{{#incidents.reverse}}x{{/incidents.reverse}}',
    '{{toString}}',
  ])('reaches nothing but the data: %s', async (template) => {
    const body = await renderTemplate(template, view, 'text/plain')
    // A list's length is data of its own; everything else is empty.
    expect(['', '2']).toContain(body)
  })

  it('is no template again in its values', async () => {
    expect(await renderTemplate('{{title}}', { title: '{{secret}}{{{secret}}}', secret: 'x' }, 'text/plain')).toBe(
      '{{secret}}{{{secret}}}',
    )
  })

  it.each([
    ['{\n"a": {{title}}\n}', 'in its line 2'],
    ['{"a": "{{number}}"', 'is not valid JSON'],
  ])('that makes no JSON is refused: %j', async (template, message) => {
    await expect(renderTemplate(template, view, json)).rejects.toMatchObject({
      code: 'invalid_input',
      details: [{ path: 'webhook.template', message: expect.stringContaining(message) as string }],
    })
  })

  it('that multiplies ends soon', async () => {
    const incidents = Array.from({ length: 20 }, () => ({ title: 'x'.repeat(100) }))
    const template = `${'{{#incidents}}'.repeat(8)}{{title}}${'{{/incidents}}'.repeat(8)}`
    await expect(renderTemplate(template, { incidents }, 'text/plain')).rejects.toThrow(/repeats too much|longer than/)
    const long = '{{long}}'.repeat(100)
    await expect(renderTemplate(long, { long: 'x'.repeat(100_000) }, 'text/plain')).rejects.toThrow(
      'longer than 512 KiB',
    )
  })
})

describe('what is wrong with a template', () => {
  it.each([
    ['ok {{name}} {{#s}}{{^t}}{{/t}}{{/s}} {{! note }} }} { {', undefined],
    ['a\nb {{{title}}}', 'Line 2: values are always escaped. Write "title" with two braces and without "&".'],
    ['{{& title}}', 'Line 1: values are always escaped. Write "title" with two braces and without "&".'],
    ['{{ {title} }}', 'Line 1: values are always escaped. Write "title}" with two braces and without "&".'],
    ['\n\n{{> part}}', 'Line 3: there are no partials.'],
    ['{{=<% %>=}}', 'Line 1: the delimiters can not be changed.'],
    ['{{#a}}\n{{/b}}', 'Line 2: "b" closes a section, but the open one is "a" of line 1.'],
    ['\n{{#a}}', 'Line 2: the section "a" is not closed. End it with "{{/a}}".'],
    ['{{/a}}', 'Line 1: the section "a" was not opened.'],
    ['x\n{{a', 'Line 2: the tag is not closed. End it with "}}".'],
    ['{{}}', 'Line 1: the tag has no name.'],
    ['{{a b}}', 'Line 1: "a b" is not a name.'],
    [`{{${'a'.repeat(300)}}}`, 'Line 1: the tag is longer than 200 characters.'],
    ['{{#a}}'.repeat(11), 'Line 1: there are more than 10 sections inside each other.'],
    ['{{a}}'.repeat(2_001), 'Line 1: use at most 2,000 tags.'],
  ])('%#: what it says', (template, problem) => {
    expect(templateProblem(template)).toBe(problem)
  })

  it('is found in a moment, however it is written', () => {
    for (const part of ['{{', '{{ ', '}}', '{{#a}}', ' ', '\n', '{{a}}']) {
      templateProblem(part.repeat(Math.floor(50_000 / part.length)))
    }
  })
})
