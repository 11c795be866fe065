/** The parts of the notifications, for their tabs and for the palette. */
export const notificationParts = [
  { id: 'rules', label: 'Rules', to: '/notifications/rules' },
  { id: 'channels', label: 'Channels', to: '/notifications/channels' },
  { id: 'deliveries', label: 'Deliveries', to: '/notifications/deliveries' },
  { id: 'sources', label: 'Sources', to: '/notifications/sources' },
] as const
