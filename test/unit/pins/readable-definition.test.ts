import { describe, expect, it } from 'vitest'
import { readableDefinition } from '../../../src/main/pins/readable-definition.ts'

const linesOf = (definition: object) => readableDefinition(JSON.stringify(definition)).split('\n')

describe('a definition for a person', () => {
  it('has its pinned members in one order, texts with their lines and schemas indented', () => {
    const definition = {
      name: 'read',
      _meta: { etag: 7 },
      description: 'Reads.\nQuickly, "really".',
      inputSchema: { type: 'object', properties: { b: { enum: ['x,y', 1] }, a: {} }, required: [] },
      annotations: { readOnlyHint: true },
      title: null,
    }
    expect(linesOf(definition)).toEqual([
      'name: read',
      'title: null',
      'description:',
      '  Reads.',
      '  Quickly, "really".',
      'inputSchema:',
      '  {',
      '    "properties": {',
      '      "a": {},',
      '      "b": {',
      '        "enum": [',
      '          "x,y",',
      '          1',
      '        ]',
      '      }',
      '    },',
      '    "required": [],',
      '    "type": "object"',
      '  }',
      'annotations:',
      '  {',
      '    "readOnlyHint": true',
      '  }',
    ])
  })

  it('shows what only some readers see', () => {
    const text =
      '{"name":"a","description":"evil","description":"good","inputSchema":{"type":"object","maximum":1e400}}'
    expect(readableDefinition(text).split('\n')).toEqual([
      'name: a',
      'description: evil',
      'description: good',
      'inputSchema:',
      '  {',
      '    "maximum": 1e400,',
      '    "type": "object"',
      '  }',
    ])
  })

  it('lets no text pass for another member', () => {
    const lines = linesOf({ name: 'a', description: 'x\nname: b\ntitle: harmless' })
    expect(lines.filter((line) => /^(name|title)/.test(line))).toEqual(['name: a'])
  })
})

it('a description of very many lines, and a schema of very many members, can be read all the same', () => {
  const many = { name: 'a', description: '\n'.repeat(500_000), inputSchema: { enum: Array(200_000).fill(1) } }
  expect(linesOf(many)).toHaveLength(1 + 1 + 500_001 + 1 + 200_004)
})
