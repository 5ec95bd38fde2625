import type { HostAccess, Role } from '../api/types';

export const roleNames: Record<Role, string> = { user: 'User', administrator: 'Administrator' };

export const accessNames: Record<HostAccess, string> = { read: 'Can view', full: 'Can manage', owner: 'Owner' };
