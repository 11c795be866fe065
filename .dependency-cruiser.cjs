/** Layer rules of docs/architecture.md. Inside main, arrows point down only: doors → api → services → upstream, vault, store → base. */
const rule = (name, from, to, extra = {}) => ({
  name,
  severity: 'error',
  from: { path: from, ...extra.from },
  to: { path: to, ...extra.to },
})

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$', '(^|/)index\\.', '^src/renderer/main'] },
      to: {},
    },
    rule('shared-is-pure', '^src/shared', '.', {
      to: { pathNot: ['^src/shared', 'node_modules/(zod|diff|fflate)/', 'node_modules/@orpc/contract'] },
    }),
    rule('main-never-imports-renderer', '^src/main', '^src/(renderer|preload)'),
    rule('renderer-knows-the-contract-only', '^src/renderer', '^src/(main|preload)'),
    rule('renderer-host-only-in-its-client', '^src/renderer', '^(electron|node:)'),
    rule('preload-is-alone', '^src/preload', '^src/(main|renderer)'),
    rule('core-without-electron', '^src/main', '^(node_modules/)?electron($|/)', {
      from: { pathNot: '^src/main/(electron/|index\\.ts)' },
    }),
    {
      name: 'headless-never-reaches-electron',
      severity: 'error',
      from: { path: '^src/main/(app|headless)\\.ts|^src/main/cli/' },
      to: { path: '^src/main/electron/|node_modules/electron/', reachable: true },
    },
    rule('base-is-the-ground', '^src/main/base', '^src/main/(?!base)'),
    rule('store-knows-base', '^src/main/store', '^src/main/(?!base|store)'),
    rule('vault-knows-store-and-base', '^src/main/vault', '^src/main/(?!base|store|vault)'),
    rule('upstream-knows-base', '^src/main/upstream', '^src/main/(?!base|upstream)'),
    rule('rest-knows-upstream-and-base', '^src/main/rest', '^src/main/(?!base|upstream|rest)'),
    rule('oauth-knows-upstream-and-base', '^src/main/oauth/', '^src/main/(?!base/|upstream/|oauth/)'),
    rule('pins-know-upstream-and-base', '^src/main/pins', '^src/main/(?!base|upstream|pins)'),
    rule('logos-know-base', '^src/main/logos', '^src/main/(?!base|logos)'),
    rule(
      'services-below-doors',
      '^src/main/(integrations|agents|workspaces|records|settings|clients|transfer|incidents|notifications|system)/',
      '^src/main/(gateway|http|api|cli|electron|app)[/.]',
    ),
    rule('incidents-know-nobody-who-is-told', '^src/main/incidents', '^src/main/(notifications|system)'),
    rule('notifications-know-no-service', '^src/main/notifications', '^src/main/system'),
    rule('gateway-below-doors', '^src/main/gateway', '^src/main/(http|api|cli|electron|app|store|vault)'),
    rule('api-below-doors', '^src/main/api', '^src/main/(http|cli|electron)'),
    // Reading all that it exports loads Node's own copy of undici, 12 MiB: see src/main/http/server.ts.
    rule('no-http-of-node-by-import', '^src/main', '^(node:)?https?$', { to: { dependencyTypesNot: ['type-only'] } }),
    rule('one-driver', '^src/', 'node_modules/better-sqlite3', { from: { pathNot: '^src/main/store/database\\.ts' } }),
    rule('one-keyring', '^src/', 'node_modules/@napi-rs/keyring', {
      from: { pathNot: '^src/main/vault/keychain\\.ts' },
    }),
    rule('no-mcp-sdk-at-run-time', '^src/', 'node_modules/@modelcontextprotocol', {
      from: { pathNot: '^src/main/upstream/' },
      to: { dependencyTypesNot: ['type-only'] },
    }),
    rule('no-test-code-in-product', '^src', '^(test|bench)/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
