import type { FleetQuery } from '../api/types';

export const fleetKeys = ['fleet'] as const;
export const fleetKey = (query: FleetQuery) => [...fleetKeys, query] as const;

export const hostKeys = ['host'] as const;
export const hostKey = (id: number) => [...hostKeys, id] as const;
