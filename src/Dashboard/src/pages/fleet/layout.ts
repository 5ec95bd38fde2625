export type FleetLayout = 'cards' | 'rows';
