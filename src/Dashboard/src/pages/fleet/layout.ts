/** Where the drawn part of a long list stands in it. */
export interface ListPlace {
  /** How many hosts come before. */
  first: number;
  /** The room of those before and of those after, in pixels. */
  before: number;
  after: number;
  columns: number;
  count: number;
}

export type FleetLayout = 'cards' | 'rows';
