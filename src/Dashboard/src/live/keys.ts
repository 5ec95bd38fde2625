import type { IncidentQuery } from '../api/alertTypes';
import type { FleetQuery } from '../api/types';

export const fleetKeys = ['fleet'] as const;
export const fleetKey = (query: FleetQuery) => [...fleetKeys, query] as const;

export const hostKeys = ['host'] as const;
export const hostKey = (id: number) => [...hostKeys, id] as const;

/** All that the hub says has changed with an alert. */
export const alertKeys = ['alerts'] as const;
export const incidentsKeys = [...alertKeys, 'incidents'] as const;
export const incidentsKey = (query: IncidentQuery) => [...incidentsKeys, query] as const;
export const incidentKeys = [...alertKeys, 'incident'] as const;
export const incidentKey = (id: string) => [...incidentKeys, id] as const;
export const notificationsKeys = [...alertKeys, 'notifications'] as const;
