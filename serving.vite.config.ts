import { resolve } from 'node:path'
import { defineConfig } from 'electron-vite'
import type { Rolldown } from 'vite'
import { mainBuild } from './electron.vite.config.ts'

const entry = resolve(import.meta.dirname, 'src/main/serving.ts')
let atStart: Set<string> | undefined

/** What is imported from there on, other than late. */
function importedFrom(entry: string, graph: Pick<Rolldown.PluginContext, 'getModuleInfo'>): Set<string> {
  const found = new Set([entry])
  for (const id of found) for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) found.add(imported)
  return found
}

/**
 * The gateway once more, beside the rest: what `serve` starts with is one file, and CommonJS. bin/load-compiled.cjs reads such a file
 * together with all that Node has compiled of it, which spares a fifth of a start. Of ES modules, Node keeps what
 * it compiles before the first line runs.
 */
export default defineConfig({
  main: {
    ...mainBuild,
    build: {
      ...mainBuild.build,
      emptyOutDir: false,
      rolldownOptions: {
        input: { serving: entry },
        output: {
          ...mainBuild.build.rolldownOptions.output,
          format: 'cjs',
          strict: true,
          dynamicImportInCjs: false,
          entryFileNames: '[name].cjs',
          chunkFileNames: 'chunks/[name]-[hash].cjs',
          codeSplitting: {
            groups: [
              ...mainBuild.build.rolldownOptions.output.codeSplitting.groups,
              { name: (id, graph) => ((atStart ??= importedFrom(entry, graph)).has(id) ? 'serving' : null) },
            ],
          },
        },
      },
    },
  },
})
