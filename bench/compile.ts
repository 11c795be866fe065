import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const sources = fileURLToPath(new URL('.', import.meta.url))
/** Inside the repository, so that its packages are found; `out` is not committed. */
const compiled = fileURLToPath(new URL('../out/bench/', import.meta.url))

/** Turns what the targets run into JavaScript: Node's own way with TypeScript takes 17 MiB in each process. */
export function compileTargets(): void {
  rmSync(compiled, { recursive: true, force: true })
  mkdirSync(join(compiled, 'targets'), { recursive: true })
  const targets = readdirSync(join(sources, 'targets')).map((name) => join('targets', name))
  for (const file of ['tools.ts', ...targets]) {
    const text = stripTypeScriptTypes(readFileSync(join(sources, file), 'utf8'))
    // What ends like this in a string is the path of another one of them.
    writeFileSync(compiledFile(file), text.replaceAll(".ts'", ".mjs'"))
  }
}

export function compiledFile(source: string): string {
  return join(compiled, source.replace(/\.ts$/, '.mjs'))
}
