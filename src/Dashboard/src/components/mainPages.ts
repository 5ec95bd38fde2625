import type { ComponentType } from 'react';
import { DeviceIcon, RowsIcon, ShareIcon } from './icons';

/** A page that the main navigation leads to. */
export interface MainPage {
  href: string;
  name: string;
  isAt: (path: string) => boolean;
}

export const alertsHref = '/alerts';

export const everybodysPages: readonly MainPage[] = [
  { href: '/', name: 'Fleet', isAt: (path) => path === '/' || path === '/compare' || path.startsWith('/hosts/') },
  { href: alertsHref, name: 'Alerts', isAt: (path) => path === alertsHref || path.startsWith('/alerts/') },
];

/** On a phone they are in the account menu, as there is no room beside the others. */
export const administratorsPages: readonly (MainPage & { icon: ComponentType })[] = [
  { href: '/users', name: 'Users', isAt: (path) => path === '/users', icon: ShareIcon },
  { href: '/audit', name: 'Audit', isAt: (path) => path === '/audit', icon: RowsIcon },
  { href: '/system', name: 'System', isAt: (path) => path === '/system', icon: DeviceIcon },
];
