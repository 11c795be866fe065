import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { gunzipSync } from 'node:zlib'
import { OpenApiReader } from '../../src/main/rest/openapi/openapi-reader.ts'
import type { Bench } from '../bench.ts'
import { median } from '../measure.ts'

const DOCUMENTS = ['github-enterprise.json', 'kubernetes-1.10.json', 'openai.yaml']
const builtWorker = new URL('../../out/main/openapi-worker.js', import.meta.url)
/** The least that reads such a text: `JSON.parse`, or `yaml` with the merge keys that real documents have. */
const PLAIN = `
  const { parentPort, workerData: { text, isJson } } = require('node:worker_threads')
  if (isJson) JSON.parse(text)
  else require('yaml').parse(text, { merge: true })
  parentPort.postMessage('done')`

/**
 * From the text of the largest real documents to the preview in the process that asked, as built. Next to it the plain
 * parse of the same text, in a thread of its own as well: there nothing is warm either.
 */
export async function openapi({ table, rounds }: Bench): Promise<void> {
  const reader = new OpenApiReader({ workerUrl: builtWorker })
  for (const name of DOCUMENTS) {
    const text = gunzipSync(readFileSync(new URL(`../../test/data/openapi/${name}.gz`, import.meta.url))).toString()
    const plain: number[] = []
    const imports: number[] = []
    for (let round = 0; round < rounds; round++) {
      plain.push(await timed(() => plainParse(text, name.endsWith('.json'))))
      imports.push(await timed(() => reader.preview(text, undefined, new AbortController().signal)))
    }
    table.add(`import of ${name} (${(text.length / 1e6).toFixed(1)} MB)`, 'ms', { gatehouse: median(imports) })
    table.add(`plain parse of ${name}`, 'ms', { gatehouse: median(plain) })
    table.add(`import of ${name} to its plain parse`, '×', { gatehouse: median(imports) / median(plain) })
  }
  await reader.close()
}

async function plainParse(text: string, isJson: boolean): Promise<void> {
  const thread = new Worker(PLAIN, { eval: true, workerData: { text, isJson } })
  await once(thread, 'message')
  await thread.terminate()
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await run()
  return performance.now() - started
}
