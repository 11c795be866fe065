/** The tools that every target serves, so that all of them do the same work. */

const MIB = 1024 * 1024

/** `echo`, `large` (answers 1 MiB) and as many others as are missing to `count`, each of the size real tools have. */
export function benchTools(count: number): object[] {
  const tools: object[] = [describe('echo'), describe('large')]
  while (tools.length < count) tools.push(describe(`tool_${tools.length}`))
  return tools
}

export function callResult(name: string, text: string): object {
  return { content: [{ type: 'text', text: name === 'large' ? LARGE : text }] }
}

const LARGE = 'Lorem ipsum dolor sit amet, "consectetur" adipiscing elit.\n'.repeat(MIB / 59)

function describe(name: string): object {
  return {
    name,
    title: `The tool ${name}`,
    description: `Does what ${name} does: takes a text, optionally a number of items and a mode, and gives the text back.`,
    inputSchema: {
      type: 'object',
      properties: {
        text: { type: 'string', description: 'What to give back.' },
        limit: { type: 'integer', minimum: 1, maximum: 100, default: 20, description: 'At most so many items.' },
        mode: { type: 'string', enum: ['fast', 'exact'], description: 'How to look.' },
      },
      required: ['text'],
    },
    annotations: { readOnlyHint: true, openWorldHint: false },
  }
}
