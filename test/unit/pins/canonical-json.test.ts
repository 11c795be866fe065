import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../src/main/pins/canonical-json.ts'

describe('the canonical text', () => {
  it.each([
    ['order of members', '{"b":1,"a":{"d":[2,1],"c":null}}', '{ "a" : {"c":null,"d":[2,1]},\n\t"b":1 }'],
    ['escapes', '"\\u0041\\/\\u00e9\\n"', '"A/é\\n"'],
    ['escapes of names', '{"\\u0061":1,"b":2}', '{"b":2,"a":1}'],
    ['a quote behind backslashes', '{"a":"x\\\\","b":"\\\\\\""}', '{"b":"\\\\\\u0022","a":"x\\u005c"}'],
    ['numbers', '[1,100,0.25,-0,1.50,1e3,0,12300000000000000000000000]', '[1.0,1E2,25e-2,0,15e-1,1000,-0.0,123e23]'],
    ['empty ones', '{"a":{},"b":[],"c":""}', '{"c":"","b":[ ],"a":{ }}'],
    ['words', '[true,false,null]', ' [ true , false , null ] '],
  ])('is the same whatever the %s', (_what, one, other) => {
    expect(canonicalJson(one)).toBe(canonicalJson(other))
  })

  it.each([
    ['order of elements', '[1,2]', '[2,1]'],
    ['a number and its text', '1', '"1"'],
    ['digits that a double loses', '12345678901234567890', '12345678901234567891'],
    ['a number without end and null', '1e400', 'null'],
    ['exponents without end', '1e9999999999', '1e9999999998'],
    ['the first of two members of one name', '{"a":"x","a":"y"}', '{"a":"z","a":"y"}'],
    ['two members of one name and one', '{"a":"y","a":"y"}', '{"a":"y"}'],
    ['names that only look alike', '{"a":1}', '{"\\u0430":1}'],
    ['a character that cannot be seen', '"ab"', '"a\\u200bb"'],
    ['null and nothing', '{"a":null}', '{}'],
  ])('differs with %s', (_what, one, other) => {
    expect(canonicalJson(one)).not.toBe(canonicalJson(other))
  })

  it('is JSON of the same value', () => {
    const value = { z: [1, 2.5, -3, 1e21, 1e-7], a: { 'key "q"': 'text \\ \u2028', é: [null, true, {}] }, '': '' }
    expect(JSON.parse(canonicalJson(JSON.stringify(value, null, 3)))).toEqual(value)
  })

  it('keeps no other members of the outermost object than those that count', () => {
    const only = new Set(['a', 'c'])
    expect(canonicalJson('{"c":{"b":1,"a":2},"b":1,"a":{"b":3}}', only)).toBe('{"a":{"b":3},"c":{"a":2,"b":1}}')
  })
})
