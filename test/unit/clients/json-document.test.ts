import { parse } from 'jsonc-parser'
import { describe, expect, it } from 'vitest'
import { withoutServers, withServer } from '../../../src/main/clients/config-document.ts'
import { readJsonDocument } from '../../../src/main/clients/json-document.ts'

const fields = { url: 'http://127.0.0.1:7420/mcp', headers: { Authorization: 'Bearer t' } }
const key = 'mcpServers'
const connect = (text: string) => withServer(readJsonDocument, readJsonDocument(text, key), key, 'gatehouse', fields)
const disconnect = (text: string, ...names: string[]) =>
  withoutServers(readJsonDocument, readJsonDocument(text, key), key, names.length > 0 ? names : ['gatehouse'])

/** Configurations as people and programs write them. */
const documents: Record<string, string> = {
  'two spaces': '{\n  "a": 1,\n  "mcpServers": {\n    "x": {\n      "command": "y"\n    }\n  },\n  "b": [1, 2]\n}\n',
  tabs: '{\n\t"mcpServers": {\n\t\t"x": { "command": "y" }\n\t}\n}',
  'one line': '{"mcpServers":{"x":{"command":"y"}},"b":2}',
  'one line with spaces': '{ "mcpServers": { "x": { "command": "y" } }, "b": 2 }\n',
  'lines that end as on Windows': '{\r\n  "mcpServers": {\r\n    "x": {}\r\n  }\r\n}\r\n',
  'no servers yet': '{\n  "mcpServers": {},\n  "b": 2\n}\n',
  'comments everywhere':
    '// head\n{\n  // about a\n  "a": 1, // after a\n  "mcpServers": {\n    /* one */ "x": { "command": "y" } // why\n    // tail\n  } /* end */\n}\n// foot\n',
  'trailing commas': '{\n  "mcpServers": {\n    "x": { "command": "y" }, // why\n  },\n}\n',
  'a comment instead of servers': '{\n  "mcpServers": {\n    // nothing yet\n  }\n}\n',
  'compact and empty': '{"mcpServers":{}}',
  'a comma in the next line': '{\n  "mcpServers": {\n    "x": {}\n    ,\n    "y": {}\n  }\n}',
  'names that mean something to JavaScript':
    '{\n  "mcpServers": {\n    "__proto__": {"command": "x"},\n    "constructor": {}\n  }\n}',
}

describe.each(Object.entries(documents))('a JSON configuration with %s', (_title, text) => {
  it('gets the gateway, and nothing else changes', () => {
    const connected = connect(text)
    const value = parse(connected) as Record<string, Record<string, unknown>>
    expect(value[key]?.gatehouse).toEqual(fields)
    const comments = (of: string) =>
      of.match(/\/\/.*|\/\*.*?\*\//g)?.filter((comment) => !comment.startsWith('//127')) ?? []
    expect(comments(connected)).toEqual(comments(text))
    if (text.includes('\r\n')) expect(connected.replaceAll('\r\n', '')).not.toContain('\n')
  })

  it('is the same, byte for byte, when the gateway has been taken out again', () => {
    expect(disconnect(connect(text))).toBe(text)
  })

  it('is left alone when the same is written twice', () => {
    const connected = connect(text)
    expect(connect(connected)).toBe(connected)
  })
})

describe('readJsonDocument', () => {
  it('keeps the indentation of the file', () => {
    expect(connect('{\n\t"a": 1\n}\n')).toBe(
      '{\n\t"a": 1,\n\t"mcpServers": {\n\t\t"gatehouse": {\n\t\t\t"url": "http://127.0.0.1:7420/mcp",\n\t\t\t"headers": {\n\t\t\t\t"Authorization": "Bearer t"\n\t\t\t}\n\t\t}\n\t}\n}\n',
    )
  })

  it.each(['', '\n', '  \n\n'])('begins a document in %j', (text) => {
    expect(JSON.parse(connect(text))).toEqual({ mcpServers: { gatehouse: fields } })
    expect(JSON.parse(disconnect(connect(text)))).toEqual({ mcpServers: {} })
  })

  it('begins a document below comments', () => {
    expect(connect('// mine\n')).toMatch(/^\/\/ mine\n\{\n {2}"mcpServers"/)
  })

  it('replaces how the gateway is reached and keeps what else stands there', () => {
    const text =
      '{\n  "mcpServers": {\n    "gatehouse": {\n      // my limit\n      "timeout": 5,\n      "command": "old",\n      "args": ["x"],\n      "disabled": true,\n      "url": "http://127.0.0.1:1/mcp"\n    }\n  }\n}\n'
    const connected = connect(text)
    expect(parse(connected)).toEqual({ mcpServers: { gatehouse: { timeout: 5, ...fields } } })
    expect(connected).toContain('// my limit')
  })

  it('replaces an entry that is no object', () => {
    expect(parse(connect('{"mcpServers":{"gatehouse":null}}'))).toEqual({ mcpServers: { gatehouse: fields } })
  })

  it('takes out several, first, middle and last', () => {
    const text =
      '{\n  "mcpServers": {\n    "a": {}, // of a\n    "b": {},\n    // of c\n    "c": {},\n    "d": {}\n  }\n}\n'
    expect(disconnect(text, 'a', 'c', 'd')).toBe('{\n  "mcpServers": { // of a\n    "b": {}\n    // of c\n  }\n}\n')
    expect(parse(disconnect(text, 'a', 'b', 'c', 'd'))).toEqual({ mcpServers: {} })
  })

  it('never moves a bracket into a comment', () => {
    const text = '{ "mcpServers": { "a": {}, // why\n "gatehouse": {} } }'
    expect(parse(disconnect(text))).toEqual({ mcpServers: { a: {} } })
  })

  it('takes out what is not there without a change', () => {
    expect(disconnect('{"a":1}')).toBe('{"a":1}')
  })

  it.each([
    ['{\n  "a": tru\n}', 'it is not JSON: invalid symbol (line 2, column 8)'],
    ['{\n  "mcpServers": {\n    "x": {}\n', 'it is not JSON: close brace expected (line 4, column 1)'],
    ['{} {}', 'it is not JSON: end of file expected (line 1, column 4)'],
    ['[]', 'it is not an object (line 1, column 1)'],
    ['{\n  "mcpServers": []\n}', '"mcpServers" is not an object (line 2, column 17)'],
    ['{"mcpServers": null}', '"mcpServers" is not an object (line 1, column 16)'],
    ['{"mcpServers": {},\n"mcpServers": {}}', '"mcpServers" stands in it twice (line 2, column 15)'],
    ['{"mcpServers": {"x": 1,\n"x": 2}}', '"x" stands in it twice (line 2, column 6)'],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => readJsonDocument(text, key)).toThrow(message)
  })

  it('names every value with where it stands', () => {
    const text = '{"mcpServers":{"x":{"args":["--token","abc"],"env":{"A":1}}},"b":true}'
    expect(
      readJsonDocument(text, key).scalars.map(({ path, before, offset, length }) => [
        path.join('.'),
        before,
        text.slice(offset, offset + length),
      ]),
    ).toEqual([
      ['mcpServers.x.args', undefined, '"--token"'],
      ['mcpServers.x.args', '--token', '"abc"'],
      ['mcpServers.x.env.A', undefined, '1'],
      ['b', undefined, 'true'],
    ])
  })
})
