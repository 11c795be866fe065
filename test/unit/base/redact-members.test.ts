import { expect, it } from 'vitest'
import { redactMembers } from '../../../src/main/base/redact-members.ts'

const redacted = (json: string) => redactMembers(json, (name) => name === 'password', '[x]')

it.each([
  ['a text', '{"password":"a","n": 1.0}', '{"password":"[x]","n": 1.0}'],
  ['a text with quotes in it', '{"password" : "a\\\\\\"b","n":1}', '{"password" : "[x]","n":1}'],
  ['a number', '[{"password":12.5},2]', '[{"password":"[x]"},2]'],
  ['an object', '{"password":{"a":["]}"],"b":{}},"n":1}', '{"password":"[x]","n":1}'],
  ['a list', '{"password":[["a"],"]"],"n":1}', '{"password":"[x]","n":1}'],
  ['one whose name is written with escapes', '{"pass\\u0077ord":"a"}', '{"pass\\u0077ord":"[x]"}'],
  ['each of several', '{"password":1,"in":{"password":true}}', '{"password":"[x]","in":{"password":"[x]"}}'],
])('takes out the value of a telling name: %s', (_what, json, clean) => {
  expect(redacted(json)).toBe(clean)
})

it.each([
  ['nothing', '{"password":null}'],
  ['a value of that text', '["password", "a"]'],
  ['a text that tells of one', '{"text":"{\\"password\\":\\"a\\"}"}'],
  ['no JSON at all', 'password: "a'],
])('leaves the rest as it is: %s', (_what, json) => {
  expect(redacted(json)).toBe(json)
})

it.each(['{"password":"abc', '{"password":["abc', '{"password":123', '{"password":{"a":"b"'])(
  'leaves no part of a value that is cut off: %s',
  (json) => {
    expect(redacted(json)).toBe('{"password":"[x]"')
  },
)
