import { join } from 'node:path'
import { runBuilt } from './run-built.mjs'

/** Measures what is built, on the pinned Node: `npm run bench -- calls --quick`. */
await runBuilt(join('bench', 'run.ts'))
