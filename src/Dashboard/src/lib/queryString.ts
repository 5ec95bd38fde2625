/** The query of an address, with its question mark; what is not set is left out. */
export function queryString(values: Record<string, string | number | boolean | null | undefined>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== '') params.set(name, value.toString());
  }

  const text = params.toString();
  return text && `?${text}`;
}
