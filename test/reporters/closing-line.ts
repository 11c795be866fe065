import type { Reporter, TestModule } from 'vitest/node'

/** Ends the output with one plain line that counts, after the runner's own summary. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]) {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 }
    let brokenFiles = 0
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state] += 1
      // A file that could not even be loaded has no tests to count, but it failed.
      if (module.errors().length > 0) brokenFiles += 1
    }
    const failed = count.failed + brokenFiles + unhandledErrors.length
    const skipped = count.skipped + count.pending
    process.stdout.write(
      `Tests: ${count.passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
    )
  }
}
