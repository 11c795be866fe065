import { availableParallelism } from 'node:os'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/longest-first.ts'

/** Vitest's own default is one less: of two, half. */
const cores = availableParallelism()

/** Tests that start processes and talk to them wait for half of their time. */
const waiting = cores + 1

/** What is polled for comes, however busy the machine is; the default of a second is no patience (`test/patience.ts`). */
const expectations = { poll: { timeout: 60_000 } }

const patience = 'test/patience.ts'

/** Tests that need a document, which takes a second to make: one for each worker. */
const inDocument = ['test/unit/**/*.test.tsx', 'test/unit/renderer/{paged-feed,stores,traffic/call-feed}.test.ts']

/** Those of them that replace modules, which others may have loaded by then: by themselves. */
const withMocks = ['test/unit/renderer/{overview-tab,traffic/traffic-page}.test.tsx']

/** Runs commands in its own process: by themselves. */
const commandLine = 'test/integration/cli/**/*.test.ts'

export default defineConfig({
  test: {
    reporters: [['default', { summary: false }], './test/reporters/closing-line.ts'],
    passWithNoTests: false,
    retry: 0,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles: patience,
          expect: expectations,
          include: ['test/unit/**/*.test.ts'],
          exclude: inDocument,
          // Modules are evaluated once for each worker: for each file they take longer than the tests do.
          isolate: false,
          maxWorkers: cores,
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        plugins: [react()],
        test: {
          name: 'unit-document',
          expect: expectations,
          environment: 'jsdom',
          include: inDocument,
          exclude: withMocks,
          setupFiles: [patience, 'test/unit/document.ts'],
          isolate: false,
          maxWorkers: cores,
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        plugins: [react()],
        test: {
          name: 'unit-mocks',
          expect: expectations,
          environment: 'jsdom',
          include: withMocks,
          setupFiles: [patience, 'test/unit/document.ts'],
          maxWorkers: cores,
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'integration',
          setupFiles: patience,
          expect: expectations,
          include: ['test/integration/**/*.test.ts', 'test/matrix/**/*.test.ts'],
          exclude: [commandLine],
          globalSetup: 'test/built.mjs',
          // As for unit tests: what they load is most of the product.
          isolate: false,
          maxWorkers: waiting,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'command-line',
          setupFiles: patience,
          expect: expectations,
          include: [commandLine],
          globalSetup: 'test/built.mjs',
          maxWorkers: waiting,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'browser',
          setupFiles: patience,
          expect: expectations,
          include: ['test/e2e/browser/**/*.test.ts'],
          globalSetup: 'test/built.mjs',
          maxWorkers: waiting,
          testTimeout: 240_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'window',
          setupFiles: patience,
          expect: expectations,
          include: ['test/e2e/window/**/*.test.ts'],
          globalSetup: 'test/built.mjs',
          maxWorkers: waiting,
          testTimeout: 240_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'conformance',
          setupFiles: patience,
          expect: expectations,
          include: ['test/conformance/**/*.test.ts'],
          maxWorkers: waiting,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
