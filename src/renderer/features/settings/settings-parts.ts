/** The parts of the settings, for their tabs and for the palette. */
export const settingsParts = [
  { id: 'general', label: 'General', to: '/settings/general' },
  { id: 'gateway', label: 'Gateway', to: '/settings/gateway' },
  { id: 'vault', label: 'Vault', to: '/settings/vault' },
  { id: 'plan', label: 'Plan', to: '/settings/plan' },
  { id: 'about', label: 'About', to: '/settings/about' },
] as const
