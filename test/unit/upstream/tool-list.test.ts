import { describe, expect, it } from 'vitest'
import { ListBuilder } from '../../../src/main/upstream/list-builder.ts'
import { emptyToolList, parseToolList, ToolList, toolRules } from '../../../src/main/upstream/tool-list.ts'

const schema = '"inputSchema":{"type":"object"}'

function build(pages: string[], options = {}) {
  const builder = new ListBuilder(toolRules(options))
  const accepted = pages.map((page) => builder.addPage(Buffer.from(page), JSON.parse(page)))
  return { accepted, list: new ToolList(builder.build()) }
}

describe('tool lists', () => {
  it('keeps the text of each tool byte for byte, unknown fields and big numbers included', () => {
    const tool = `{ "name":"grün" , "x-vendor":{"n":12345678901234567890,"s":"\\u00e9"},${schema} }`
    const { list } = build([`{"tools":[ ${tool} , {"name":"b",${schema}}],"nextCursor":"2"}`])
    expect(list.tools.map((each) => each.name)).toEqual(['grün', 'b'])
    expect(list.tools[0]?.text).toBe(tool)
    expect(list.tools[0]?.definition).toMatchObject({ 'x-vendor': { s: 'é' } })
    expect(list.warnings).toEqual([])
  })

  it('survives the store', () => {
    const { list } = build([`{"tools":[{"name":"a",${schema},"z":1.0},{"name":"b",${schema}}]}`])
    const kept = parseToolList(list.text)
    expect(kept.text).toBe(list.text)
    expect(kept.tools.map(({ name, text }) => [name, text])).toEqual([
      ['a', `{"name":"a",${schema},"z":1.0}`],
      ['b', `{"name":"b",${schema}}`],
    ])
    expect(parseToolList(emptyToolList.text)).toEqual(emptyToolList)
  })

  it('joins pages in order', () => {
    const { list } = build([`{"tools":[{"name":"b",${schema}}]}`, `{"tools":[{"name":"a",${schema}}]}`])
    expect(list.tools.map((each) => each.name)).toEqual(['b', 'a'])
  })

  it.each([
    ['no name', `{${schema}}`],
    ['an empty name', `{"name":"",${schema}}`],
    ['a number as name', `{"name":7,${schema}}`],
    ['no schema', `{"name":"bad"}`],
    ['a schema of another type', `{"name":"bad","inputSchema":{"type":"string"}}`],
    ['a schema without type', `{"name":"bad","inputSchema":{}}`],
    ['a text as schema', `{"name":"bad","inputSchema":"object"}`],
    ['an array as schema', `{"name":"bad","inputSchema":[]}`],
    ['null', 'null'],
    ['a number', '7'],
  ])('leaves out a tool with %s, says so and keeps the others', (_case, bad) => {
    const { list } = build([`{"tools":[${bad},{"name":"good",${schema}}]}`])
    expect(list.tools.map((each) => each.name)).toEqual(['good'])
    expect(list.warnings).toHaveLength(1)
    expect(list.warnings[0]).toMatch(/left out/)
    if (bad.includes('"bad"')) expect(list.warnings[0]).toContain('"bad"')
  })

  it('keeps the first of two tools with one name, across pages', () => {
    const { list } = build([`{"tools":[{"name":"a","n":1,${schema}}]}`, `{"tools":[{"name":"a","n":2,${schema}}]}`])
    expect(list.tools).toHaveLength(1)
    expect(list.tools[0]?.definition.n).toBe(1)
    expect(list.warnings).toEqual(['A second tool with the name "a" was left out.'])
  })

  it('takes names that mean something in JavaScript', () => {
    const { list } = build([`{"tools":[{"name":"__proto__",${schema}},{"name":"constructor",${schema}}]}`])
    expect(list.tools.map((each) => each.name)).toEqual(['__proto__', 'constructor'])
  })

  it('bounds the number of warnings', () => {
    const { list } = build([`{"tools":[${Array.from({ length: 500 }, () => '{}').join(',')}]}`])
    expect(list.warnings).toHaveLength(21)
    expect(list.warnings.at(-1)).toBe('480 more tools were left out.')
  })

  it('says that a page is none', () => {
    expect(build(['{"tools":{}}', '{}', '[]', '{"tools":[]}']).accepted).toEqual([false, false, false, true])
  })

  it('keeps one copy of the text, of which each tool is a slice', () => {
    const { list } = build([`{"tools":[{"name":"a",${schema}}]}`, `{"tools":[ {"name":"b", ${schema}} ]}`])
    expect(list.text).toBe(`[{"name":"a",${schema}},{"name":"b", ${schema}}]`)
    for (const tool of list.tools) expect(tool.bytes.buffer).toBe(list.bytes.buffer)
    // And nothing else with it, however short it is.
    expect(list.bytes.buffer.byteLength).toBe(list.bytes.length)
  })

  it('knows which arguments a tool wants in headers, of the names that it mentions elsewhere none', () => {
    const marked = `"inputSchema":{"type":"object","properties":{"x":{"type":"string","x-mcp-header":"X"}}}`
    const { list } = build([
      `{"tools":[{"name":"a",${marked}},{"name":"b","description":"x-mcp-header",${schema}},{"name":"c",${schema}}]}`,
    ])
    expect(list.tools.map(({ paramHeaders }) => paramHeaders)).toEqual([[{ header: 'X', path: ['x'] }], [], []])
  })

  it('leaves out a broken x-mcp-header only where headers are sent', () => {
    const page = `{"tools":[{"name":"a","inputSchema":{"type":"object","properties":{"x":{"type":"number","x-mcp-header":"X"}}}}]}`
    expect(build([page]).list.tools).toHaveLength(1)
    const { list } = build([page], { paramHeaders: true })
    expect(list.tools).toEqual([])
    expect(list.warnings[0]).toContain('x: x-mcp-header needs the type string, integer or boolean')
  })
})
