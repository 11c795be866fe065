import { resolve } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type UserConfig } from 'electron-vite'
import type { Plugin } from 'vite'
import { dependencies } from './package.json'

const root = import.meta.dirname
/** The oldest runtime the same build has to run on: Electron 33, which stands in where Electron's own download fails. */
const node = 'node20.18'
const chromium = 'chrome130'
const NATIVE = ['better-sqlite3', '@napi-rs/keyring']

/** One character outside of Latin-1 makes V8 keep the whole text of a file in two bytes for each. */
const asciiOnly: Plugin = {
  name: 'ascii-only',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type === 'chunk') file.code = file.code.replace(/(?<!\\)[^\0-\x7f]/g, escaped)
    }
  },
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** Of all that runs in Node. */
export const mainBuild = {
  build: {
    target: node,
    // Bundled, since a file for each of five hundred modules costs 15 MiB and half of the time to start; all but the
    // two that bring a native library, which is found beside their own files.
    externalizeDeps: { exclude: Object.keys(dependencies).filter((name) => !NATIVE.includes(name)) },
    rolldownOptions: {
      // Two doors to one core: the window, and plain Node. And the process that reads OpenAPI documents, with its thread.
      input: {
        index: resolve(root, 'src/main/index.ts'),
        headless: resolve(root, 'src/main/headless.ts'),
        'openapi-process': resolve(root, 'src/main/rest/openapi/reading-process.ts'),
        'openapi-worker': resolve(root, 'src/main/rest/openapi/worker.ts'),
      },
      output: {
        format: 'es',
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
        // V8 keeps the text of every script that it has read. Names stay, for stack traces.
        minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
        // A file of its own, since few installations need it: with the rest it would be read by all.
        codeSplitting: { groups: [{ name: 'undici', test: /[\\/]node_modules[\\/]undici[\\/]/ }] },
      },
    },
  },
  plugins: [asciiOnly],
} satisfies UserConfig['main']

export default defineConfig({
  main: mainBuild,
  preload: {
    build: {
      target: node,
      // A sandboxed preload is one CommonJS file: there it can require nothing but electron.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: resolve(root, 'src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    build: {
      target: chromium,
      minify: true,
      // The content security policy has no room for data: fonts and scripts.
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: { index: resolve(root, 'src/renderer/index.html') },
        output: {
          // zod tries `eval` with the first schema that is made, wherever the bundler puts that one. In a chunk with zod
          // itself, our word against it is always the earlier.
          codeSplitting: { groups: [{ name: 'zod', test: /[\\/]node_modules[\\/]zod[\\/]|[\\/]zod-jitless\.ts$/ }] },
        },
      },
    },
    plugins: [react(), tailwindcss()],
  },
})
